package export

import (
	"bytes"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
)

// ref is a place in a text where a file of the build is named.
type ref struct {
	start, end int
	file       string
	fragment   string // with its mark
	imported   bool   // as a style sheet or a module, whose text is looked into

	before, after string // around the address, in a style
}

// escaped is the file as loader.js takes it in a reference.
func (r ref) escaped() string {
	return strings.ReplaceAll(url.PathEscape(r.file), "%2F", "/") + r.fragment
}

// local finds the file that a reference of a file in folder means.
func (p *packer) local(folder, address string) (ref, bool) {
	r, ok := page.Local(address)
	if !ok {
		return ref{}, false
	}
	name := r.Path
	if !r.Rooted {
		name = path.Join(folder, r.Path)
	}
	return ref{file: name, fragment: plainFragment.FindString(r.Tail)}, p.exists[name]
}

// plainFragment is one that needs no quotes anywhere.
var plainFragment = regexp.MustCompile(`#[\w.,:;=/-]+$`)

// inMarkup are the references of a tag, by attribute.
func (p *packer) inMarkup(n *page.Node) map[string][]ref {
	all := n.Refs()
	if n.Tag == "a" || n.Tag == "area" {
		if href, ok := n.Attr("href"); ok && !n.End {
			all = append(all, page.AttrRef{Attr: "href", End: len(href), URL: href})
		}
	}
	var refs map[string][]ref
	for _, a := range all {
		if r, ok := p.local("", a.URL); ok {
			if refs == nil {
				refs = make(map[string][]ref, 1)
			}
			r.start, r.end = a.Start, a.End
			if a.CSS != nil {
				r.before, r.after = a.CSS.Before, a.CSS.After
			}
			refs[a.Attr] = append(refs[a.Attr], r)
		}
	}
	return refs
}

// inCSS are the references of a style sheet in folder.
func (p *packer) inCSS(folder string, css []byte) []ref {
	var refs []ref
	for _, c := range page.CSSRefs(css) {
		if r, ok := p.local(folder, c.URL); ok {
			r.start, r.end, r.imported, r.before, r.after = c.Start, c.End, c.Import, c.Before, c.After
			refs = append(refs, r)
		}
	}
	return refs
}

var (
	// specifier is what may be one of an import; it is only if there is such a module in the build.
	specifier = regexp.MustCompile(`\b(?:from|import)\s*\(?\s*("[^"\\\n]*"|'[^'\\\n]*')`)
	metaURL   = regexp.MustCompile(`\bimport\.meta\.url\b`)
)

func isScript(name string) bool {
	ext := path.Ext(name)
	return ext == ".js" || ext == ".mjs"
}

// inScript are the modules of the build that a script in folder imports; the quotes around them are not in the places.
func (p *packer) inScript(folder string, code []byte) []ref {
	var refs []ref
	for _, m := range specifier.FindAllSubmatchIndex(code, -1) {
		text := string(code[m[2]+1 : m[3]-1])
		if !strings.HasPrefix(text, "./") && !strings.HasPrefix(text, "../") && !strings.HasPrefix(text, "/") {
			continue
		}
		if r, ok := p.local(folder, text); ok && isScript(r.file) {
			r.start, r.end, r.imported = m[2]+1, m[3]-1, true
			refs = append(refs, r)
		}
	}
	return refs
}

// placed has a script know its own address, which in the page is another than in the build.
func placed(name string, code []byte) []byte {
	if path.Ext(name) == ".css" || !bytes.Contains(code, []byte("import.meta")) {
		return code
	}
	return metaURL.ReplaceAllLiteral(code, []byte(`(sparkBase+"`+inJSON(ref{file: name}.escaped())+`")`))
}

func files(refs []ref) []string {
	var names []string
	for _, r := range refs {
		names = append(names, r.file)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
