package export

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
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

// tableMark is where loader.js takes the table.
const tableMark = "__FILES__"

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
			return add(func(w io.Writer) error {
				css, err := p.text(part.file)
				if err != nil {
					return err
				}
				return p.style(w, "<style>", path.Dir(part.file), css)
			}), true
		case style:
			start, text := n.StartTag(), bytes.Clone(n.Text)
			return add(func(w io.Writer) error { return p.style(w, start, "", text) }), cssURL.Match(text)
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

// markup has the references of a tag lead into the page: to the table, under the attribute's name behind "data-spark-",
// from where loader.js sets them; or to the file itself when it stands nowhere else.
func (p *packer) markup(n *page.Node, add func(later) string) (string, bool) {
	changed := false
	for attr, ref := range n.Refs() {
		name, ok := p.local("", ref)
		if !ok {
			continue
		}
		changed = true
		if !p.inTable(name) {
			n.Set(attr, add(func(w io.Writer) error { return p.dataURL(w, name) }))
			continue
		}
		for i := range n.Attrs {
			if n.Attrs[i].Key == attr {
				n.Attrs[i].Key, n.Attrs[i].Val = "data-spark-"+attr, name
			}
		}
	}
	return n.StartTag(), changed
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
	if waits {
		address := add(func(w io.Writer) error { return p.dataURL(w, file) })
		n.Attrs = append(n.Attrs, html.Attribute{Key: "defer"}, html.Attribute{Key: "src", Val: address})
		return n.StartTag() + "</script>"
	}
	return n.StartTag() + "\n" + add(func(w io.Writer) error {
		code, err := p.text(file)
		if err != nil {
			return err
		}
		return escapeScript(w, code)
	}) + "\n</script>"
}

var (
	scriptMarks = regexp.MustCompile(`(?i)</script|<!--`)
	oldComment  = regexp.MustCompile(`^\s*<!--`)
)

// escapeScript keeps code from ending its element, and from opening a comment in which the element's end would not count: in a
// string or a regular expression "<\/" is "</", and "\x3C" is "<". Where "<!--" begins the code, it is a comment of old.
func escapeScript(w io.Writer, code []byte) error {
	out := &errWriter{w: w}
	if m := oldComment.Find(code); m != nil {
		out.write(string(m[:len(m)-len("<!--")]) + "//--")
		code = code[len(m):]
	}
	done := 0
	for _, m := range scriptMarks.FindAllIndex(code, -1) {
		out.bytes(code[done:m[0]])
		done = m[0] + 1
		if code[done] == '!' {
			out.write(`\x3C`)
		} else {
			out.write(`<\`)
		}
	}
	out.bytes(code[done:])
	return out.err
}

// style writes a style. One that names files of the table is put together by loader.js, in the same place, from texts and
// the names of files, which take turns.
func (p *packer) style(w io.Writer, start, folder string, css []byte) error {
	out := &errWriter{w: w}
	scripted := p.namesTable(folder, css)
	text := func(s []byte) { out.write(string(endOfStyle.ReplaceAll(s, []byte(`<\/$1`)))) }
	quote, end := `"`, "\n</style>"
	if scripted {
		start, quote, end = `<script>sparkStyle(["`, `\"`, `"])</script>`
		text = func(s []byte) { out.write(inJSON(string(s))) }
	} else {
		start += "\n"
	}
	out.write(start)
	done := 0
	for _, m := range cssURL.FindAllSubmatchIndex(css, -1) {
		name, ok := p.local(folder, reference(css, m))
		if !ok {
			continue
		}
		text(css[done:m[0]])
		done = m[1]
		out.write("url(" + quote)
		if p.inTable(name) {
			out.write(`","` + inJSON(name) + `","`)
		} else if out.err == nil {
			out.err = p.dataURL(w, name)
		}
		out.write(quote + ")")
	}
	text(css[done:])
	out.write(end)
	return out.err
}

var endOfStyle = regexp.MustCompile(`(?i)</(style)`)

// reference is what a match of cssURL refers to.
func reference(css []byte, m []int) string {
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			return string(css[m[i]:m[i+1]])
		}
	}
	return ""
}

func (p *packer) namesTable(folder string, css []byte) bool {
	for _, m := range cssURL.FindAllSubmatchIndex(css, -1) {
		if name, ok := p.local(folder, reference(css, m)); ok && p.inTable(name) {
			return true
		}
	}
	return false
}

// loader writes loader.js with the table: a file's path → its data URL.
func (p *packer) loader(w io.Writer) error {
	before, after, _ := strings.Cut(loaderJS, tableMark)
	out := &errWriter{w: w}
	out.write("<script>\n" + before + "{")
	for i, name := range p.table {
		if i > 0 {
			out.write(",")
		}
		out.write(`"` + inJSON(name) + `":"`)
		if out.err == nil {
			out.err = p.dataURL(w, name)
		}
		out.write(`"`)
	}
	out.write("}" + after + "</script>\n")
	return out.err
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
