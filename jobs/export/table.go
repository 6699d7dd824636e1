package export

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"path"
	"strings"
)

// loaderJS is put into a page that has a table of files: it serves them from the page itself.
//
//go:embed loader.js
var loaderJS string

// tableMark and importsMark are where loader.js takes the table, and the page's import map.
const (
	tableMark   = "__FILES__"
	importsMark = "__IMPORTS__"
)

// loader writes loader.js with the table and the page's import map.
func (p *packer) loader(w io.Writer) error {
	imports, err := json.Marshal(p.imports)
	if err != nil {
		return err
	}
	before, after, _ := strings.Cut(strings.Replace(loaderJS, importsMark, string(imports), 1), tableMark)
	out := &errWriter{w: w}
	out.write("<script>\n" + before + "[")
	for i, name := range p.table {
		if i > 0 {
			out.write(",")
		}
		out.write("[" + `"` + inJSON(name) + `",`)
		if out.err == nil {
			out.err = p.entry(out, name)
		}
		out.write("]")
	}
	out.write("]" + after + "</script>\n")
	return out.err
}

// entry writes a file for the table: a data URL, or what its style sheet or script is put together from.
func (p *packer) entry(out *errWriter, name string) error {
	if path.Ext(name) != ".css" && !isScript(name) {
		out.write(`"`)
		err := p.dataURL(out.w, name)
		out.write(`"`)
		return err
	}
	text, err := p.text(name)
	if err != nil {
		return err
	}
	refs := p.inScript(path.Dir(name), text)
	if path.Ext(name) == ".css" {
		refs = p.inCSS(path.Dir(name), text)
	}
	if len(refs) == 0 && !metaURL.Match(text) {
		out.write(`"`)
		err := p.writeDataURL(out.w, name, bytes.NewReader(text))
		out.write(`"`)
		return err
	}
	done := 0
	out.write(`["`)
	for _, r := range refs {
		out.write(inJSON(string(placed(name, text[done:r.start]))+r.before) + `","` + inJSON(r.escaped()) + `","` + inJSON(r.after))
		done = r.end
	}
	out.write(inJSON(string(placed(name, text[done:]))) + `"]`)
	return nil
}
