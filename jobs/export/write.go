package export

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
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

// later is a piece of the page that is written when its turn comes, since it may be large.
type later func(w io.Writer) error

// write writes the page: index.html with marks for the pieces, and each piece in the place of its mark.
func (p *packer) write(w io.Writer, index []byte) error {
	sum := sha256.Sum256(index)
	mark := "piece-" + hex.EncodeToString(sum[:]) + "-" // which index.html cannot have in it
	var pieces []later
	add := func(l later) string {
		pieces = append(pieces, l)
		return mark + strconv.Itoa(len(pieces)-1) + ";"
	}
	modules := make(map[string]bool)
	out, err := page.Walk(index, func(n *page.Node) (string, bool) {
		switch part := p.part(n); part.kind {
		case gone:
			return "", true
		case script:
			if n.ScriptKind() == page.Module {
				if modules[part.file] {
					return "", true // a module runs once, however often it is named
				}
				modules[part.file] = true
			}
			return p.script(n, part.file, add), true
		case sheet:
			attrs := slices.DeleteFunc(slices.Clone(n.Attrs), func(a html.Attribute) bool { return !slices.Contains(styleAttrs, a.Key) })
			return add(func(w io.Writer) error {
				css, err := p.text(part.file)
				if err != nil {
					return err
				}
				return p.style(w, attrs, path.Dir(part.file), css)
			}), true
		case style:
			attrs, text := n.Attrs, bytes.Clone(n.Text)
			return add(func(w io.Writer) error { return p.style(w, attrs, "", text) }), len(p.inCSS("", text)) > 0
		case other:
		}
		return p.markup(n, add)
	})
	if err != nil {
		return models.WrapError(models.CodeInvalidOutput, "index.html cannot be read: "+err.Error(), err)
	}
	if len(p.table) > 0 {
		if out, err = insertHead(out, add(p.loader)); err != nil {
			return err
		}
	}
	return assemble(w, out, mark, pieces)
}

// assemble writes a page with its pieces.
func assemble(w io.Writer, out []byte, mark string, pieces []later) error {
	for {
		before, after, more := bytes.Cut(out, []byte(mark))
		if _, err := w.Write(before); err != nil || !more {
			return err
		}
		number, rest, _ := bytes.Cut(after, []byte(";"))
		i, err := strconv.Atoi(string(number))
		if err != nil || i >= len(pieces) {
			return fmt.Errorf("no piece %q of the page", number)
		}
		if err := pieces[i](w); err != nil {
			return err
		}
		out = rest
	}
}

// styleAttrs are what a link to a style sheet says that its style says too.
var styleAttrs = []string{"id", "media", "title", "nonce"}

// markup has the references of a tag lead into the page: to the file itself when it stands nowhere else; or to the table, by
// texts and references under the attribute's name behind "data-spark-", which loader.js puts together.
func (p *packer) markup(n *page.Node, add func(later) string) (string, bool) {
	byAttr := p.inMarkup(n)
	for i := range n.Attrs {
		a := &n.Attrs[i]
		refs := byAttr[a.Key]
		if len(refs) == 0 {
			continue
		}
		var parts []string
		text, done := "", 0
		for _, r := range refs {
			text += a.Val[done:r.start]
			if p.inTable(r.file) {
				parts = append(parts, text+r.before, r.escaped())
				text = r.after
			} else {
				text += r.before + add(func(w io.Writer) error { return p.dataURL(w, r.file) }) + r.fragment + r.after
			}
			done = r.end
		}
		text += a.Val[done:]
		if len(parts) == 0 {
			a.Val = text
			continue
		}
		list, err := json.Marshal(append(parts, text))
		if err != nil {
			panic("strings are always JSON: " + err.Error())
		}
		a.Key, a.Val = "data-spark-"+a.Key, string(list)
	}
	if n.Tag == "script" {
		return n.StartTag() + string(n.Text) + "</script>", len(byAttr) > 0
	}
	return n.StartTag(), len(byAttr) > 0
}

// script keeps the script's other attributes. Modules are deferred by themselves. A classic script that waits for the end of
// parsing, which only one with an address does, gets its code as its address, so that it runs in its turn among them.
func (p *packer) script(n *page.Node, file string, add func(later) string) string {
	kept := n.Attrs[:0:0]
	waits := false
	for _, a := range n.Attrs {
		switch a.Key {
		case "async", "defer":
			waits = n.ScriptKind() == page.Classic
		case "src", "integrity", "crossorigin":
		default:
			kept = append(kept, a)
		}
	}
	n.Attrs = kept
	start := strings.TrimSuffix(n.StartTag(), ">")
	isModule := n.ScriptKind() == page.Module
	return add(func(w io.Writer) error {
		code, err := p.text(file)
		if err != nil {
			return err
		}
		if isModule && len(p.table) > 0 {
			code = p.inlineModule(file, code)
		}
		out := &errWriter{w: w}
		if isModule || !waits && !scriptMarks.Match(code) {
			out.write(start + ">\n")
			out.escaped(code)
			out.write("\n</script>")
			return out.err
		}
		if waits {
			start += ` defer=""`
		}
		out.write(start + ` src="`)
		if out.err == nil {
			out.err = p.codeURL(w, code)
		}
		out.write(`"></script>`)
		return out.err
	})
}

// inlineModule has the imports of a module lead to where loader.js's import map finds them, wherever the module was.
func (p *packer) inlineModule(file string, code []byte) []byte {
	var b bytes.Buffer
	done := 0
	for _, r := range p.inScript(path.Dir(file), code) {
		b.Write(code[done:r.start])
		b.WriteString("./" + r.escaped())
		done = r.end
	}
	b.Write(code[done:])
	return placed(file, b.Bytes())
}

// scriptMarks are what must not be in the text of a script element.
var scriptMarks = regexp.MustCompile(`(?i)</script|<!--`)

// escaped keeps a module from ending its element, and from opening a comment in which the element's end would not count: in a
// string or a regular expression "<\/" is "</", and "\x3C" is "<". Elsewhere a module has neither. A classic script may have
// comments that begin with "<!--", so one with such marks is not inlined.
func (e *errWriter) escaped(code []byte) {
	done := 0
	for _, m := range scriptMarks.FindAllIndex(code, -1) {
		e.bytes(code[done:m[0]])
		done = m[0] + 1
		if code[done] == '!' {
			e.write(`\x3C`)
		} else {
			e.write(`<\`)
		}
	}
	e.bytes(code[done:])
}

// style writes a style. One that names files of the table is put together by loader.js, in the same place, from texts and
// references, which take turns.
func (p *packer) style(w io.Writer, attrs []html.Attribute, folder string, css []byte) error {
	out := &errWriter{w: w}
	refs := p.inCSS(folder, css)
	scripted := slices.ContainsFunc(refs, func(r ref) bool { return p.inTable(r.file) })
	text := func(s []byte) { out.write(string(endOfStyle.ReplaceAll(s, []byte(`<\/$1`)))) }
	if scripted {
		out.write(`<script>sparkStyle(["`)
		text = func(s []byte) { out.write(inJSON(string(s))) }
	} else {
		out.write((&page.Node{Tag: "style", Attrs: attrs}).StartTag() + "\n")
	}
	done := 0
	for _, r := range refs {
		text(css[done:r.start])
		done = r.end
		text([]byte(r.before))
		if p.inTable(r.file) {
			out.write(`","` + inJSON(r.escaped()) + `","`)
		} else {
			if out.err == nil {
				out.err = p.dataURL(w, r.file)
			}
			text([]byte(r.fragment))
		}
		text([]byte(r.after))
	}
	text(css[done:])
	if !scripted {
		out.write("\n</style>")
		return out.err
	}
	byName := make(map[string]string, len(attrs))
	for _, a := range attrs {
		byName[a.Key] = a.Val
	}
	list, err := json.Marshal(byName)
	out.write(`"],` + string(list) + ")</script>")
	return errors.Join(out.err, err)
}

var endOfStyle = regexp.MustCompile(`(?i)</(style)`)

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

// inJSON writes a text for the inside of a JSON string in a script. It escapes "<", so that no content ends the element.
func inJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic("a string is always JSON: " + err.Error())
	}
	return string(b[1 : len(b)-1])
}

// errWriter writes until the first error.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) write(s string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.w, s)
	}
}

func (e *errWriter) bytes(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
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
			return string(n.Raw) + "\n" + markup, true
		}
		return markup + string(n.Raw), true // a page without a head
	})
	if err == nil && !done {
		out = append([]byte(markup), out...)
	}
	return out, err
}
