package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/engines/web/page"
)

// entry is where the bundle begins: the project's file, or a module that imports all scripts of the page in order.
type entry struct {
	path, namespace string
	imports         []string
	before          map[string]bool   // those of imports that are packages
	inline          map[string]string // scripts within the page, by name
	code            string            // in place of imports
}

func (e *entry) source() string {
	if e.code != "" {
		return e.code
	}
	var b strings.Builder
	for _, name := range e.imports {
		q, _ := json.Marshal(name)
		fmt.Fprintf(&b, "import %s;\n", q)
	}
	return b.String()
}

func (e *entry) name() string {
	if e.namespace == nsProject {
		return e.path
	}
	return "the page's scripts"
}

// slot marks where the bundle's tags go in the page. It cannot be part of a page, because a page has no NUL.
const (
	scriptSlot = "\x00script\x00"
	styleSlot  = "\x00style\x00"
	titleSlot  = "\x00title\x00"
	headSlot   = "\x00head\x00"
	globalSlot = "\x00global "
)

const blankPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title></title>
<style>html, body { margin: 0; height: 100%; overflow: hidden; background: #000; }</style>
</head>
<body>
</body>
</html>
`

// pageReader gathers what a page refers to.
type pageReader struct {
	p         *project
	doc       *document
	name, dir string
	scripts   []string
	styles    []string
	inline    map[string]string

	hasScript, hasStyle, hasTitle, hasHead bool
}

// visit puts what comes before everything else into the page's head.
func (r *pageReader) visit(n *page.Node) (string, bool) {
	text, replaced := r.visitNode(n)
	if r.hasHead || n.Tag == "" || n.End || n.Tag == "html" {
		return text, replaced
	}
	r.hasHead = true
	if !replaced {
		text = string(n.Raw)
	}
	if n.Tag == "head" {
		return text + headSlot, true
	}
	return headSlot + text, true
}

func (r *pageReader) visitNode(n *page.Node) (string, bool) {
	if src, ok := n.Attr("src"); ok && n.Tag == "script" && slices.Contains(r.p.in.Bundle.Made, src) {
		return r.made(n, src)
	}
	switch n.ScriptKind() {
	case page.ImportMap:
		m, err := parseImportMap(n.Text, r.dir)
		if err != nil {
			r.p.failAt(r.name, n.Line, err.Error())
		}
		r.doc.importMap = append(r.doc.importMap, m...)
		return "", true // the bundle resolves the imports
	case page.Classic:
		if text, replaced, done := r.classic(n); done {
			return text, replaced
		}
	case page.Module:
		return r.module(n)
	}
	switch {
	case n.Tag == "title" && !n.End && !r.hasTitle:
		r.hasTitle = true
		if strings.TrimSpace(string(n.Text)) == "" {
			return titleSlot, true
		}
	case n.Tag == "link" && n.HasRel("modulepreload"):
		return "", true
	case n.Tag == "link" && !n.HasRel("stylesheet") && !n.HasRel("preload"):
		if r.lacks(n) {
			return "", true
		}
	case n.Tag == "link" && n.HasRel("stylesheet"):
		href, _ := n.Attr("href")
		if name, ok := r.file(n, href); ok {
			r.styles = append(r.styles, name)
			return r.slot(&r.hasStyle, styleSlot), true
		}
	case n.Tag == "base" && !n.End:
		return r.base(n)
	}
	return r.copyRefs(n)
}

// made puts the project's entry in the place of a script that a bundler would make of it.
func (r *pageReader) made(n *page.Node, src string) (string, bool) {
	if ref, local := page.Local(src); local {
		if old, there := r.find(ref); there {
			r.p.warnAt(r.name, n.Line, fmt.Sprintf("%q was made of the project's sources before: the game is built from %q instead", old, r.p.in.Bundle.Entry))
		}
	}
	if !slices.Contains(r.scripts, r.p.in.Bundle.Entry) {
		r.scripts = append(r.scripts, r.p.in.Bundle.Entry)
	}
	return r.slot(&r.hasScript, scriptSlot), true
}

// base takes a <base> out that says what is true without it: that addresses begin at the page's folder.
func (r *pageReader) base(n *page.Node) (string, bool) {
	href, ok := n.Attr("href")
	switch strings.TrimSpace(href) {
	case "", ".", "./", "/":
		return "", ok
	}
	r.p.failAt(r.name, n.Line, fmt.Sprintf("<base href=%q> would break the game's relative addresses", href))
	return "", false
}

// module takes a module script out of the page and into the bundle.
func (r *pageReader) module(n *page.Node) (string, bool) {
	src, ok := n.Attr("src")
	if !ok {
		if strings.TrimSpace(string(n.Text)) == "" {
			return "", true
		}
		if r.inline == nil {
			r.inline = make(map[string]string)
		}
		key := fmt.Sprintf("%s#%d", r.name, len(r.inline)+1)
		// Empty lines keep the page's line numbers for diagnostics.
		r.inline[key] = strings.Repeat("\n", n.TextLine-1) + string(n.Text)
		r.scripts = append(r.scripts, key)
		return r.slot(&r.hasScript, scriptSlot), true
	}
	if _, local := page.Local(src); !local {
		if _, ok := web.RemoteOf(src); ok {
			r.scripts = append(r.scripts, src)
			return r.slot(&r.hasScript, scriptSlot), true
		}
		r.p.failAt(r.name, n.Line, fmt.Sprintf("the page loads %q from the network: import packages by name instead", src))
		return "", true
	}
	name, ok := r.file(n, src)
	if !ok {
		return "", true
	}
	r.scripts = append(r.scripts, name)
	return r.slot(&r.hasScript, scriptSlot), true
}

// lacks reports whether a link that the game does without, such as an icon, names what is not there.
func (r *pageReader) lacks(n *page.Node) bool {
	href, _ := n.Attr("href")
	if _, local := page.Local(href); !local {
		return false
	}
	_, there := r.file(n, href)
	return !there
}

// copyRefs marks the project files that a tag names for copying. Rooted references become relative, because a game need
// not lie at its host's root.
func (r *pageReader) copyRefs(n *page.Node) (string, bool) {
	changed := n.Rewrite(func(at page.AttrRef) (string, bool) {
		ref, local := page.Local(at.URL)
		if !local {
			if n.Tag == "script" && at.URL != "" {
				r.p.warnAt(r.name, n.Line, fmt.Sprintf("%q is loaded from the network: import the engine by its package name "+
					"instead", at.URL))
			}
			return "", false
		}
		return r.copyFile(n, at.URL, ref)
	})
	if n.Tag == "style" && !n.End {
		refs := page.CSSRefs(n.Text)
		for _, at := range slices.Backward(refs) {
			if ref, local := page.Local(at.URL); local {
				if url, ok := r.copyFile(n, at.URL, ref); ok {
					n.Text = slices.Concat(n.Text[:at.Start], []byte(at.To(url)), n.Text[at.End:])
					changed = true
				}
			}
		}
		return n.StartTag() + string(n.Text) + "</style>", changed
	}
	if !changed {
		return "", false
	}
	if n.Tag == "script" {
		return n.StartTag() + "</script>", true
	}
	return n.StartTag(), true
}

// copyFile marks a file that the page names for copying, and answers its address if that is another than in the project.
func (r *pageReader) copyFile(n *page.Node, url string, ref page.Ref) (address string, other bool) {
	name, ok := r.file(n, url)
	if !ok {
		return "", false
	}
	return r.p.use(name) + ref.Tail, ref.Rooted || r.p.output(name) != path.Join(path.Dir(r.doc.output), ref.Path)
}

// file resolves a reference to a project file; a missing one is an error.
func (r *pageReader) file(n *page.Node, v string) (string, bool) {
	ref, ok := page.Local(v)
	if !ok {
		return "", false
	}
	name := r.pathOf(ref)
	if name == ".." || strings.HasPrefix(name, "../") {
		r.p.failAt(r.name, n.Line, fmt.Sprintf("%q leaves the project", v))
		return "", false
	}
	if found, ok := r.find(ref); ok {
		return found, true
	}
	if n.ScriptKind() == page.Module {
		if found, ok := r.p.find(name); ok {
			return found, true
		}
	}
	text := fmt.Sprintf("there is no file %q in the project%s", name, r.p.hint(name))
	if needed := n.Tag == "script" || n.Tag == "link" && n.HasRel("stylesheet"); needed {
		r.p.failAt(r.name, n.Line, text)
	} else {
		r.p.warnAt(r.name, n.Line, text)
	}
	return "", false
}

// pathOf is the project path that a reference of the page means.
func (r *pageReader) pathOf(ref page.Ref) string {
	if ref.Rooted {
		return ref.Path
	}
	return path.Join(r.dir, ref.Path)
}

// find is the file that a reference of the page means, which may be a public one.
func (r *pageReader) find(ref page.Ref) (string, bool) {
	name, public := r.pathOf(ref), r.p.in.Bundle.PublicDir
	for _, candidate := range []string{name, path.Join(r.dir, ref.Path), path.Join(public, name), path.Join(public, ref.Path)} {
		if _, ok := r.p.files[candidate]; ok {
			return candidate, true
		}
	}
	return "", false
}

func (r *pageReader) slot(done *bool, mark string) string {
	if *done {
		return ""
	}
	*done = true
	return mark
}

// entry chooses where the bundle begins.
func (r *pageReader) entry(planned string) entry {
	if len(r.scripts) == 0 && planned != "" && !r.doc.plain {
		r.scripts = []string{planned}
	}
	if len(r.scripts) == 0 && len(r.styles) == 0 {
		return entry{}
	}
	first := r.p.in.Bundle.Before
	if len(r.scripts) == 1 && len(r.styles) == 0 && len(r.inline) == 0 && len(first) == 0 {
		return entry{path: r.scripts[0], namespace: nsProject}
	}
	before := make(map[string]bool, len(first))
	for _, name := range first {
		before[name] = true
	}
	return entry{path: "page", namespace: nsEntry, imports: slices.Concat(first, r.styles, r.scripts), before: before,
		inline: r.inline}
}

// complete puts the slots that the page had no place for where they belong.
func (r *pageReader) complete(doc []byte) []byte {
	if !r.hasTitle {
		doc = insertBefore(doc, "</head>", titleSlot)
	}
	if !r.hasStyle {
		doc = insertBefore(doc, "</head>", styleSlot)
	}
	if !r.hasHead {
		doc = append([]byte(headSlot), doc...)
	}
	if !r.hasScript && len(r.scripts) > 0 {
		doc = insertBefore(doc, "</body>", scriptSlot)
	}
	return doc
}

// insertBefore inserts text before the last occurrence of a tag, or at the end.
func insertBefore(doc []byte, tag, text string) []byte {
	i := bytes.LastIndex(bytes.ToLower(doc), []byte(tag))
	if i < 0 || len(bytes.ToLower(doc)) != len(doc) {
		i = len(doc)
	}
	return bytes.Join([][]byte{doc[:i], doc[i:]}, []byte(text))
}

// writePage fills the slots of the page.
func (p *project) writePage() []byte {
	d, up := p.doc, p.up()
	var tags strings.Builder
	if p.in.Bundle.Mode == engines.Preview && len(p.in.Bundle.Shared) > 0 {
		m, _ := json.Marshal(map[string]map[string]string{"imports": p.in.ModuleURLs}) // sorts; escapes "<"
		fmt.Fprintf(&tags, "<script type=\"importmap\">%s</script>\n", m)
	}
	if d.script != "" {
		fmt.Fprintf(&tags, `<script type="module" src="%s%s"></script>`, up, d.script)
	}
	link := ""
	if d.style != "" {
		link = fmt.Sprintf(`<link rel="stylesheet" href="%s%s">`, up, d.style)
	}
	title := ""
	if p.in.Bundle.Title != "" || bytes.Contains(d.text, []byte(titleSlot)) {
		title = "<title>" + html.EscapeString(p.in.Bundle.Title) + "</title>"
	}
	head := []string{"<script>" + standInsJS + "</script>\n"}
	for _, global := range d.unplaced {
		head = append(head, fmt.Sprintf("<script src=\"%s%s\"></script>\n", up, d.globalScripts[global]))
	}
	slots := []string{scriptSlot, tags.String(), styleSlot, link, titleSlot, title, headSlot, strings.Join(head, "")}
	for name, file := range d.globalScripts {
		slots = append(slots, globalSlot+name+"\x00", fmt.Sprintf(`<script src="%s%s"></script>`, up, file))
	}
	return []byte(strings.NewReplacer(slots...).Replace(string(d.text)))
}
