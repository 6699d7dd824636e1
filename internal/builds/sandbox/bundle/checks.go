package bundle

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// What only shows when the game is played is looked for in the code of a project while it is bundled.

// maxChecks bounds how many warnings of these kinds a build has.
const maxChecks = 20

// leftOver is what of import.meta means nothing to a browser.
var leftOver = regexp.MustCompile(`\bimport\.meta\.(dirname|filename|resolve|main|require)\b`)

// checkMeta refuses what of import.meta is left over.
func (p *project) checkMeta(name, text string) {
	if !strings.Contains(text, "import.meta.") {
		return
	}
	for _, at := range leftOver.FindAllStringSubmatchIndex(text, -1) {
		if !isRemark(text[:at[0]]) {
			p.failAt(name, lineAt(text, at[0]), fmt.Sprintf("import.meta.%s is not there in a browser", text[at[2]:at[3]]))
			return
		}
	}
}

func lineAt(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }

// served are the endings of what games load by its address.
var served = func() map[string]bool {
	m := map[string]bool{}
	for ext := range strings.FieldsSeq(`.png .jpg .jpeg .gif .webp .avif .svg .mp3 .ogg .wav .m4a .mp4 .webm .ttf .otf .woff .woff2 .fnt .glb .gltf .obj
		.fbx .hdr .atlas .json .tmj .tmx .xml .wasm .csv .ldtk .glsl .frag .vert`) {
		m[ext] = true
	}
	return m
}()

// checkAddresses warns of addresses in code that lead to no file of the game, or out of it.
func (p *project) checkAddresses(name, text string) {
	for at, address := range web.Literals([]byte(text)) {
		address, _, _ = strings.Cut(address, "?")
		ext := strings.ToLower(path.Ext(address))
		if !served[ext] || strings.ContainsAny(address, "${}*<>\\ ,;") || path.Base(address) == ext {
			continue
		}
		if isNetwork(address) {
			if loads(text, at) {
				p.check(name, lineAt(text, at), address+" is on another host, from where a game here loads nothing: put the file into the project")
			}
			continue
		}
		if strings.Contains(address, ":") || !loads(text, at) {
			continue
		}
		if right, ok := p.named(address); !ok {
			p.check(name, lineAt(text, at), fmt.Sprintf("there is no file %q in the project", address))
		} else if right != "" {
			p.check(name, lineAt(text, at), fmt.Sprintf("there is no file %q in the project, but %q: upper and lower case matter", address, right))
		}
	}
}

// loading is code that ends where what is loaded is named: after a call or a property, a key, a bracket, the name of a field.
var loading = regexp.MustCompile(`(?i)\b(?:load\w*|fetch|src|audio|image|texture|url|assets?\.\w+|sound|sprite|json|atlas|tilemap\w*|spritesheet)` +
	`\s*\(?\s*(?:=\s*)?(?:\{?\s*(?:\[\s*)?(?:` + someText + `\s*,\s*)*(?:\[\s*)?(?:src|url)?\s*:?\s*)?$`)

const someText = "[\"'`][^\"'`]*[\"'`]"

// loads reports whether the string of code that begins somewhere is what something loads, as far as its line tells.
func loads(text string, at int) bool {
	line := text[strings.LastIndexByte(text[:at], '\n')+1 : at-1]
	return loading.MatchString(line[max(0, len(line)-160):])
}

// named reports whether an address can lead to a file of the game. Loaders have folders of their own to begin at, so its end decides. If
// only the case differs it answers the right name.
func (p *project) named(address string) (right string, ok bool) {
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain
	}
	address = path.Clean("/" + address)[1:]
	for strings.HasPrefix(address, "../") {
		address = strings.TrimPrefix(address, "../")
	}
	p.basesOnce.Do(func() {
		p.bases = map[string][]string{}
		for _, name := range p.sorted {
			key := models.PathKey(path.Base(name))
			p.bases[key] = append(p.bases[key], name)
		}
	})
	list := p.bases[models.PathKey(path.Base(address))]
	if len(list) == 0 {
		return "", false
	}
	if slices.ContainsFunc(list, func(name string) bool { return path.Base(name) == path.Base(address) }) {
		return "", true
	}
	return list[0], true
}

// check warns, unless there are too many warnings already.
func (p *project) check(name string, line int, text string) {
	if p.checks.Add(1) <= maxChecks {
		p.warnAt(name, line, text)
	}
}
