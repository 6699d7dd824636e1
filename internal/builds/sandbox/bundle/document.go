package bundle

import (
	"bytes"
	"path"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
)

// document is a page of the game.
type document struct {
	name    string // the project's file, "" for one that is made
	output  string // its path in the game
	outName string // of its script and style sheet, without their endings
	text    []byte // with slots in place of what is bundled

	entry     entry
	plain     bool // it has scripts that are not modules, which stay as they are
	importMap []mapping
	globals   map[string][]string // what its scripts have of packages, by the name of their global

	wanted   map[string]string // packages whose global its code uses, and a file that does
	unplaced []string          // globals for which it has no script

	script, style string            // paths of the bundled script and style sheet, "" for none
	globalScripts map[string]string // scripts that make globals, by the global's name
}

// findPages notes the pages of the game. One that lies in the folder of the first is beside it in the game too.
func (p *project) findPages() {
	first := p.in.Bundle.HTML
	for i, name := range append([]string{first}, p.in.Bundle.Pages...) {
		d := &document{name: name, output: p.place(name), globals: make(map[string][]string)}
		stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
		if i == 0 {
			d.output, stem = "index.html", "game"
		}
		d.outName = p.freeName(stem)
		p.pages = append(p.pages, d)
	}
	p.turnTo(p.pages[0])
}

// turnTo has everything be about a page.
func (p *project) turnTo(d *document) { p.doc, p.entry, p.outName = d, d.entry, d.outName }

// up leads from the folder of the page to that of the game.
func (p *project) up() string {
	if n := strings.Count(p.doc.output, "/"); n > 0 {
		return strings.Repeat("../", n)
	}
	return "./"
}

// isPage reports whether a file of the project becomes a page of the game.
func (p *project) isPage(name string) bool {
	for _, d := range p.pages {
		if d.name == name {
			return true
		}
	}
	return false
}

// readPages takes the pages apart. One at least has to have a script.
func (p *project) readPages() {
	starts := false
	for _, d := range p.pages {
		p.turnTo(d)
		p.readPage(d)
		starts = starts || d.entry.path != "" || d.plain || len(d.globals) > 0
	}
	if !starts && !p.failed() {
		p.fail(p.pages[0].name, "the page has no script, and the project no src/main.js or the like")
	}
}

// readPage takes a page apart: it learns what to bundle and what to copy, and keeps the page with slots in place of what the bundle replaces.
func (p *project) readPage(d *document) {
	src := []byte(blankPage)
	if d.name != "" {
		src = p.files[d.name]
	}
	src = p.withEnv(src)
	if bytes.IndexByte(src, 0) >= 0 {
		p.fail(d.name, "the page has a NUL")
		return
	}
	r := &pageReader{p: p, doc: d, name: d.name, dir: path.Dir(d.name)}
	text, err := page.Walk(src, r.visit)
	if err != nil {
		p.fail(d.name, err.Error())
		return
	}
	planned := ""
	if d == p.pages[0] {
		planned = p.in.Bundle.Entry
	}
	d.entry = r.entry(planned)
	d.text = r.complete(text)
}
