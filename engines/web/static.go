package web

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// static are the files that a game may load by URL, sorted: media, data among assets, and what the code names.
func static(files []models.File) []string {
	named := namesIn(files)
	var list []string
	for _, f := range files {
		if isServed(f.Path) && (isStatic(f.Path) || named.match(f.Path)) {
			list = append(list, f.Path)
		}
	}
	slices.Sort(list)
	return list
}

// media are the endings of files that games load by URL wherever they lie; data only where assets lie.
var media, data = endings(`png jpg jpeg gif webp avif svg ico bmp mp3 ogg oga wav m4a flac aac opus weba mp4 webm ogv ttf
	otf woff woff2 glb gltf bin fbx obj mtl hdr exr ktx2 dds tga basis drc wasm fnt atlas`),
	endings(`json xml txt csv tmx tsj tmj glsl vert frag ink skel webmanifest`)

var assetFolders = map[string]bool{"assets": true, "asset": true, "static": true, "res": true, "resources": true,
	"media": true, "data": true, "levels": true, "maps": true, "sounds": true, "audio": true, "images": true, "img": true,
	"sprites": true, "fonts": true, "models": true, "textures": true, "tilemaps": true}

func endings(list string) map[string]bool {
	m := map[string]bool{}
	for e := range strings.FieldsSeq(list) {
		m["."+e] = true
	}
	return m
}

// isStatic reports whether a game may load a file by its URL, as far as its name tells.
func isStatic(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	ext := strings.ToLower(path.Ext(name))
	return media[ext] || nested && assetFolders[strings.ToLower(first)] && data[ext]
}

// isServed reports whether a file may be part of the game as it is. What is in src is imported instead, what is in public is
// copied anyway, and the rest belongs to the making of the game.
func isServed(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	switch first {
	case "src", "public", "node_modules", "dist", "build", "test", "tests", "docs":
		if nested {
			return false
		}
	case "index.html", "package.json", "package-lock.json", "tsconfig.json", "jsconfig.json":
		return false
	}
	return !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.")
}

// names are the addresses that code has in it.
type names struct {
	whole    map[string]bool
	patterns map[pattern]bool
}

// pattern is an address that the game puts together: `levels/${n}.json`, "levels/" + n.
type pattern struct{ before, after string }

// maxPatterns bounds how often a file's name is compared.
const maxPatterns = 1000

// namesIn reads the strings of a project's code, and of data that lists files.
func namesIn(files []models.File) names {
	n := names{make(map[string]bool), make(map[pattern]bool)}
	for _, f := range files {
		switch ext := strings.ToLower(path.Ext(f.Path)); ext {
		case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx":
			n.read(f.Data)
		case ".json":
			if isServed(f.Path) {
				n.read(f.Data)
			}
		case ".html":
			_, _ = page.Walk(f.Data, func(node *page.Node) (string, bool) { // a page that cannot be read is refused elsewhere
				if node.Tag == "script" {
					n.read(node.Text)
				}
				return "", false
			})
		}
	}
	return n
}

// literal is a string of code, without escapes.
var literal = regexp.MustCompile("\"([^\"\\\\\n]{1,300})\"|'([^'\\\\\n]{1,300})'|`([^`\\\\\n]{1,300})`")

func (n names) read(code []byte) {
	for _, m := range literal.FindAllSubmatchIndex(code, -1) {
		if isImport(code[:m[0]]) {
			continue
		}
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				n.add(string(code[m[i]:m[i+1]]))
			}
		}
	}
}

var importing = regexp.MustCompile(`\b(?:from|import|require)\s*\(?\s*$`)

// isImport reports whether code ends where the specifier of an import begins: the bundle has what it names.
func isImport(code []byte) bool { return importing.Match(code[max(len(code)-20, 0):]) }

func (n names) add(text string) {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "./"), "/")
	before, after, computed := strings.Cut(text, "${")
	switch {
	case computed:
		after = after[strings.LastIndexByte(after, '}')+1:]
	case strings.HasSuffix(text, "/"):
		before, computed = text, true
	default:
		if i := strings.IndexAny(text, "?#"); i >= 0 {
			text = text[:i]
		}
		n.whole[text] = true
	}
	if computed && strings.Contains(before, "/") && len(n.patterns) < maxPatterns {
		n.patterns[pattern{before, after}] = true
	}
}

// match reports whether a file is named.
func (n names) match(name string) bool {
	if n.whole[name] {
		return true
	}
	for p := range n.patterns {
		if len(name) >= len(p.before)+len(p.after) && strings.HasPrefix(name, p.before) && strings.HasSuffix(name, p.after) {
			return true
		}
	}
	return false
}
