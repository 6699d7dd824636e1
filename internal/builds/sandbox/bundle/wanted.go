package bundle

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web"
)

// Code that people copy often has an engine's global and nothing that makes it. The installed engine is what it means.

// uses and declares are code that has an engine's global, and that which has a name of its own for it.
var uses, declares = func() (uses, declares map[string]*regexp.Regexp) {
	uses, declares = map[string]*regexp.Regexp{}, map[string]*regexp.Regexp{}
	for _, global := range web.Globals {
		uses[global] = regexp.MustCompile(`(?:^|[^.\w$"'/` + "`" + `])` + global + `(?:\.[A-Za-z]|\()`)
		declares[global] = regexp.MustCompile(strings.ReplaceAll(
			`\bimport\b[^;"']*\b@\b|`+
				`\b(?:const|let|var|class|function|namespace)\s+@\b|[{,][^;{}]*\b@\b[^;{}]*\}\s*=[^=]|[.\[]["']?@["']?\]?\s*=[^=]`, "@", global))
	}
	return uses, declares
}()

// noteGlobals notes which engines' globals the code of the page uses without making them.
func (p *project) noteGlobals(name, text string) {
	for pkg, global := range web.Globals {
		if !strings.Contains(text, global) || !uses[global].MatchString(text) || declares[global].MatchString(text) || !p.hasPackage(pkg) {
			continue
		}
		p.mu.Lock()
		if p.doc.wanted == nil {
			p.doc.wanted = map[string]string{}
		}
		if first, ok := p.doc.wanted[pkg]; !ok || name < first {
			p.doc.wanted[pkg] = name
		}
		p.mu.Unlock()
	}
}

// addWanted has the page make the globals that its code uses and nothing makes.
func (p *project) addWanted() {
	d := p.doc
	for _, pkg := range slices.Sorted(maps.Keys(d.wanted)) {
		global := web.Globals[pkg]
		if d.globals[global] != nil || p.makesGlobal(pkg, global) {
			continue
		}
		d.unplaced = append(d.unplaced, global)
		d.globals[global] = []string{pkg}
		p.warnAt(d.wanted[pkg], 0, fmt.Sprintf("%s is used and nothing loads it: the page has the installed %s", global, pkg))
	}
}

// makesGlobal reports whether a script of the project makes an engine's global, perhaps a copy of the engine.
func (p *project) makesGlobal(pkg, global string) bool {
	for name, data := range p.files {
		if copied, ok := web.LocalCopyOf(name); ok && copied.Package == pkg {
			return true
		}
		if (web.IsCode(name) || path.Ext(name) == ".html") && assigns(string(data), global) {
			return true
		}
	}
	return false
}

// assigns reports whether code puts something into a global.
func assigns(code, global string) bool {
	for _, form := range []string{"window.", "globalThis.", "self.", "global."} {
		if _, after, ok := strings.Cut(code, form+global); ok && strings.HasPrefix(strings.TrimLeft(after, " \t"), "=") {
			return true
		}
	}
	return false
}
