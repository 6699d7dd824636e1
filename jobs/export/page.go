package export

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
)

// loaderJS is put into a page whose game loads files while it runs: it serves them from the page itself.
//
//go:embed loader.js
var loaderJS string

// SinglePage packs a web game into one HTML page that works from any place, a disk included: scripts and styles are
// inlined, files that the page or its styles name become data URLs, and files that the game asks for by name while it
// runs are answered from the page.
func SinglePage(files []models.File) ([]byte, error) {
	p := &packer{files: make(map[string][]byte, len(files)), inlined: make(map[string]bool), named: make(map[string]bool)}
	for _, f := range files {
		p.files[f.Path] = f.Data
	}
	index, ok := p.files["index.html"]
	if !ok {
		return nil, models.NewError(models.CodeInvalidOutput, "the build has no index.html at its root")
	}
	p.inlined["index.html"] = true
	out, err := page.Walk(index, p.visit)
	if err != nil {
		return nil, models.WrapError(models.CodeInvalidOutput, "index.html cannot be read: "+err.Error(), err)
	}
	loader, err := p.loader()
	if err != nil || loader == "" {
		return out, err
	}
	return insertHead(out, loader)
}

type packer struct {
	files   map[string][]byte
	inlined map[string]bool // files that the page itself now holds
	named   map[string]bool // files that markup or a style names: data URLs there
}

// local finds the file that a reference of a file in folder means.
func (p *packer) local(folder, ref string) (string, []byte, bool) {
	r, ok := page.Local(ref)
	if !ok {
		return "", nil, false
	}
	name := r.Path
	if !r.Rooted {
		name = path.Join(folder, r.Path)
	}
	data, ok := p.files[name]
	return name, data, ok
}

// visit rewrites one node of index.html.
func (p *packer) visit(n *page.Node) (string, bool) {
	if n.End {
		return "", false
	}
	switch src, _ := n.Attr("src"); {
	case n.ScriptKind() == page.Module || n.ScriptKind() == page.Classic:
		name, data, ok := p.local("", src)
		if !ok {
			return "", false
		}
		p.inlined[name] = true
		return inlineScript(n, data), true
	case n.Tag == "link" && n.HasRel("stylesheet"):
		href, _ := n.Attr("href")
		name, data, ok := p.local("", href)
		if !ok {
			return "", false
		}
		p.inlined[name] = true
		css := p.inlineURLs(path.Dir(name), string(data))
		return "<style>\n" + strings.ReplaceAll(css, "</style", `<\/style`) + "\n</style>", true
	case n.Tag == "link" && n.HasRel("modulepreload"):
		return "", true // what it would load is in the page
	case n.Tag == "style":
		css := p.inlineURLs("", string(n.Text))
		return n.StartTag() + css + "</style>", css != string(n.Text)
	}
	changed := false
	for attr, ref := range n.Refs() {
		if name, data, ok := p.local("", ref); ok {
			p.named[name] = true
			n.Set(attr, dataURL(name, data))
			changed = true
		}
	}
	return n.StartTag(), changed
}

// inlineScript keeps the script's other attributes. A classic script that was deferred becomes a module's equal in time
// by running at the end of parsing; modules are deferred by themselves.
func inlineScript(n *page.Node, code []byte) string {
	kept := n.Attrs[:0:0]
	for _, a := range n.Attrs {
		switch a.Key {
		case "src", "integrity", "crossorigin", "async", "defer":
		default:
			kept = append(kept, a)
		}
	}
	n.Attrs = kept
	return n.StartTag() + "\n" + escapeScript(string(code)) + "\n</script>"
}

var endOfScript = regexp.MustCompile(`(?i)</(script)`)

// escapeScript keeps code from ending its element: in a string or a regular expression "<\/" is "</".
func escapeScript(code string) string {
	return endOfScript.ReplaceAllString(code, `<\/$1`)
}

var cssURL = regexp.MustCompile(`url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)`)

// inlineURLs turns the references of a style sheet into data URLs.
func (p *packer) inlineURLs(folder, css string) string {
	return cssURL.ReplaceAllStringFunc(css, func(m string) string {
		sub := cssURL.FindStringSubmatch(m)
		name, data, ok := p.local(folder, sub[1]+sub[2]+sub[3])
		if !ok {
			return m
		}
		p.named[name] = true
		return `url("` + dataURL(name, data) + `")`
	})
}

func dataURL(name string, data []byte) string {
	media := strings.ReplaceAll(models.MediaType(name), " ", "")
	return "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// loader is the script that answers requests for the files that are left, or "" when none are.
func (p *packer) loader() (string, error) {
	var names []string
	for name := range p.files {
		if p.inlined[name] || strings.HasSuffix(name, ".map") || p.named[name] && !p.mentioned(name) {
			continue
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "", nil
	}
	slices.Sort(names)
	table := make(map[string]string, len(names)) // encoded with sorted keys
	for _, name := range names {
		table[name] = dataURL(name, p.files[name])
	}
	b, err := json.Marshal(table) // escapes "<", so that no content ends the element
	if err != nil {
		return "", fmt.Errorf("encode the page's files: %w", err)
	}
	return "<script>\n" + strings.Replace(loaderJS, "__FILES__", string(b), 1) + "</script>\n", nil
}

// mentioned tells whether some code or data has the file's name in it, and so may load it while the game runs.
func (p *packer) mentioned(name string) bool {
	base := []byte(path.Base(name))
	for other, data := range p.files {
		switch path.Ext(other) {
		case ".js", ".mjs", ".json", ".xml", ".atlas", ".txt":
			if other != name && bytes.Contains(data, base) {
				return true
			}
		}
	}
	return false
}

// insertHead puts markup before everything else in the page's head.
func insertHead(src []byte, markup string) ([]byte, error) {
	done := false
	out, err := page.Walk(src, func(n *page.Node) (string, bool) {
		if done || n.Tag == "" || n.End || n.Tag == "html" {
			return "", false
		}
		done = true
		if n.Tag == "head" {
			return n.StartTag() + "\n" + markup, true
		}
		// A page without a head: a script may stand first.
		return markup + n.StartTag(), len(n.Text) == 0
	})
	if err == nil && !done {
		out = append([]byte(markup), out...)
	}
	return out, err
}
