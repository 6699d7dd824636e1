package bundle

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// metaURL is a file that a module names beside itself: new URL("./x.png", import.meta.url), perhaps to make a worker of it. esbuild
// leaves such an address as it is, which is wrong wherever the bundle is.
var metaURL = regexp.MustCompile(`(new\s+(?:Shared)?Worker\s*\(\s*)?new\s+URL\s*\(\s*` + quoted + `\s*,\s*import\.meta\.url\s*,?\s*\)`)

const quoted = `("[^"\\\n]*"|'[^'\\\n]*'|` + "`[^`\\\\\n]*`)"

// The folder of the page, from where files are named: in the page, and in a worker, which is in assets.
const (
	pageBase   = "document.baseURI"
	workerBase = `(globalThis.sparkBase||new URL("../",location.href))`
)

// withFiles has the addresses of what a module of the project names by metaURL be those in the game, and imports workers, so that
// they are bundled. The lines stay what they are.
func (p *project) withFiles(name, text string) string {
	if !strings.Contains(text, "import.meta") {
		return text
	}
	base := p.base()
	var imports strings.Builder
	n := 0
	text = metaURL.ReplaceAllStringFunc(text, func(whole string) string {
		m := metaURL.FindStringSubmatch(whole)
		quote, spec := m[2][:1], m[2][1:len(m[2])-1]
		lines := strings.Repeat("\n", strings.Count(whole, "\n"))
		fixed, rest := spec, ""
		if before, _, computed := strings.Cut(spec, "${"); computed {
			folder := strings.LastIndexByte(before, '/') + 1
			fixed, rest = spec[:folder], spec[folder:]
		}
		file := path.Join(path.Dir(name), fixed)
		if strings.HasPrefix(fixed, "/") {
			file = strings.TrimPrefix(path.Clean(fixed), "/")
		}
		if rest != "" || strings.HasSuffix(fixed, "/") {
			if !p.places[file+"/"] {
				return whole
			}
			return m[1] + "new URL(" + quote + p.address(file) + "/" + rest + quote + ", " + base + lines + ")"
		}
		query := queryWorker
		if strings.Contains(m[1], "Shared") {
			query = querySharedWorker
		}
		found, ok := p.find(file)
		switch {
		case !ok || m[1] == "" && found != file:
			return whole // nothing that is known
		case m[1] != "":
			n++
			own := "__spark" + strconv.Itoa(n)
			fmt.Fprintf(&imports, ";import %s from %q", own, "/"+found+query)
			return "new " + own + "(0" + lines
		}
		return m[1] + fmt.Sprintf("new URL(%q, ", p.use(found)) + base + lines + ")"
	})
	own := "new URL(" + strconv.Quote(p.address(name)) + ", " + base + ").href"
	text = bareMetaURL.ReplaceAllLiteralString(text, own)
	if n > 0 {
		text += "\n" + imports.String()
	}
	return text
}

// bareMetaURL is a module's own address, which the bundle's is not.
var bareMetaURL = regexp.MustCompile(`\bimport\.meta\.url\b`)
