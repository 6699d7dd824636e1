package export

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// plan finds out what stands where: what is inlined, how often each file is named, and which files the table has.
func (p *packer) plan(index []byte) error {
	i := &indexPlan{packer: p, sheets: make(map[string]int), pages: make(map[string]bool)}
	p.inlined["index.html"] = true
	if _, err := walk(index, i.visit); err != nil {
		return err
	}
	if i.err != nil {
		return i.err
	}
	for name, times := range i.sheets {
		css, err := p.text(name)
		if err != nil {
			return err
		}
		p.count(p.inCSS(path.Dir(name), css), times)
	}
	for _, name := range slices.Sorted(maps.Keys(i.pages)) {
		if err := p.checkPage(name); err != nil {
			return err
		}
	}
	named, err := p.read(i.code)
	if err != nil {
		return err
	}
	p.choose(named)
	return p.checkCycles(named)
}

// count counts the files that markup or a style names. What a style imports is in the table.
func (p *packer) count(refs []ref, times int) {
	for _, r := range refs {
		p.uses[r.file] += times
		if r.imported {
			p.forced[r.file] = true
		}
	}
}

// indexPlan reads index.html.
type indexPlan struct {
	*packer
	sheets map[string]int  // style sheets of the build, and how often they are linked
	pages  map[string]bool // other pages that it leads to
	code   []byte          // its own scripts
	err    error
}

func (i *indexPlan) visit(n *page.Node) (string, bool) {
	if i.err != nil {
		return "", false
	}
	if n.ScriptKind() == page.ImportMap {
		i.err = i.importMap(n)
	}
	if href, ok := n.Attr("href"); ok && n.Tag == "base" && !n.End {
		if r, local := page.Local(strings.TrimSpace(href) + "index.html"); href != "" && (!local || r.Path != "index.html" || r.Tail != "") {
			i.err = refuse("index.html sets the address %q for all others (<base>, line %d)", href, n.Line)
		}
	}
	switch part := i.part(n); part.kind {
	case script:
		i.inlined[part.file] = true
		i.modules[part.file] = n.ScriptKind() == page.Module
	case sheet:
		i.inlined[part.file] = true
		i.sheets[part.file]++
	case style:
		i.count(i.inCSS("", n.Text), 1)
	case other:
		i.other(n)
	case gone:
	}
	return "", false
}

func (i *indexPlan) other(n *page.Node) {
	if k := n.ScriptKind(); k == page.Module || k == page.Classic {
		i.code = append(append(i.code, n.Text...), '\n')
		return
	}
	for _, refs := range i.inMarkup(n) {
		for _, r := range refs {
			i.uses[r.file]++
			switch ext := path.Ext(r.file); {
			case r.file == "index.html":
				continue
			case ext == ".html" || ext == ".htm":
				i.pages[r.file] = true
			case n.Tag == "use":
				i.err = refuse("index.html draws a part of %s (<use>, line %d), which browsers do not do without a server", r.file, n.Line)
			}
			if n.Tag == "a" || n.Tag == "area" {
				i.forced[r.file] = true // browsers do not open data URLs
			}
		}
	}
}

// importMap takes the page's import map for the one that loader.js makes.
func (i *indexPlan) importMap(n *page.Node) error {
	var m struct {
		Imports map[string]string `json:"imports"`
		Scopes  map[string]any    `json:"scopes"`
	}
	if err := json.Unmarshal(n.Text, &m); err != nil {
		return models.NewError(models.CodeInvalidOutput, "index.html: the import map is not valid JSON")
	}
	if len(m.Scopes) > 0 {
		return refuse("the import map of index.html (line %d) has scopes", n.Line)
	}
	for key, address := range m.Imports {
		r, ok := i.local("", address)
		if strings.HasSuffix(key, "/") && !strings.Contains(address, "://") {
			return refuse("the import map of index.html (line %d) names a folder, %q", n.Line, address)
		}
		if ok {
			i.forced[r.file] = true
		}
	}
	i.imports = m.Imports
	return nil
}

// checkPage refuses a page beside index.html that needs other files: only index.html is put together.
func (p *packer) checkPage(name string) error {
	text, err := p.text(name)
	if err != nil {
		return err
	}
	needs := ""
	if _, err := page.Walk(text, func(n *page.Node) (string, bool) {
		for _, r := range n.Refs() {
			if r, ok := p.local(path.Dir(name), r.URL); ok && needs == "" {
				needs = r.file
			}
		}
		return "", false
	}); err != nil {
		return refuse("index.html leads to %s: %v", name, err)
	}
	if needs != "" {
		return refuse("index.html leads to another page, %s, which needs %s", name, needs)
	}
	return nil
}

// read reads the texts of the build, one at a time: which files each style sheet and script names, and, of those that markup,
// styles and scripts of the page name, which stand in some other code or data too, since the game may load them while it runs.
func (p *packer) read(code []byte) (map[string][]string, error) {
	named := make(map[string][]string)
	candidates := slices.Collect(maps.Keys(p.uses))
	for name := range p.inlined {
		if isScript(name) {
			candidates = append(candidates, name)
		}
	}
	mentions := func(in string, text []byte) error {
		for _, name := range candidates {
			if p.ctx.Err() != nil {
				return context.Cause(p.ctx)
			}
			if name != in && !p.forced[name] && bytes.Contains(text, []byte(path.Base(name))) {
				p.forced[name] = true
			}
		}
		return nil
	}
	if err := mentions("", code); err != nil {
		return nil, err
	}
	for _, r := range p.inScript("", code) {
		p.forced[r.file] = true
	}
	for _, e := range p.artifact.Manifest {
		ext := path.Ext(e.Path)
		looked := ext == ".css" || isScript(e.Path)
		if e.Path == "index.html" || !looked && (e.Size > maxText || len(candidates) == 0 || !isText(e.Path)) {
			continue
		}
		text, err := p.text(e.Path)
		if err != nil {
			return nil, err
		}
		switch {
		case ext == ".css":
			named[e.Path] = files(p.inCSS(path.Dir(e.Path), text))
			continue
		case isScript(e.Path):
			named[e.Path] = files(p.inScript(path.Dir(e.Path), text))
		}
		if err := mentions(e.Path, text); err != nil {
			return nil, err
		}
	}
	return named, nil
}

// isText reports whether a file may name others.
func isText(name string) bool {
	switch path.Ext(name) {
	case ".json", ".xml", ".atlas", ".txt", ".fnt", ".tmx", ".tmj", ".tsx", ".tsj", ".ldtk", ".gltf", ".obj", ".mtl", ".html", ".csv", ".yarn", ".ink":
		return true
	}
	return false
}

// choose fills the table.
func (p *packer) choose(named map[string][]string) {
	inTable := make(map[string]bool)
	var add func(name string)
	add = func(name string) {
		if inTable[name] || name == "index.html" {
			return
		}
		inTable[name] = true
		for _, other := range named[name] {
			add(other)
		}
	}
	for _, e := range p.artifact.Manifest {
		loose := !p.inlined[e.Path] && p.uses[e.Path] == 0 && !strings.HasSuffix(e.Path, ".map")
		if loose || p.forced[e.Path] || p.uses[e.Path] > 1 {
			add(e.Path)
		}
		if p.modules[e.Path] {
			for _, other := range named[e.Path] {
				add(other)
			}
		}
	}
	p.table = slices.Sorted(maps.Keys(inTable))
}

// checkCycles refuses modules that import one another: each is given the addresses of those that it imports.
func (p *packer) checkCycles(named map[string][]string) error {
	const reading, done = 1, 2
	state := make(map[string]int)
	var follow func(name string) error
	follow = func(name string) error {
		state[name] = reading
		for _, other := range named[name] {
			if state[other] == reading || p.modules[other] {
				return refuse("%s imports %s, which is loaded before it", name, other)
			}
			if state[other] == done {
				continue
			}
			if err := follow(other); err != nil {
				return err
			}
		}
		state[name] = done
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if isScript(name) && state[name] == 0 {
			if err := follow(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// inTable reports whether the table has a file.
func (p *packer) inTable(name string) bool {
	_, ok := slices.BinarySearch(p.table, name)
	return ok
}
