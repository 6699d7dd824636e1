package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"

	"golang.org/x/net/html"

	"github.com/spark-games/spark/engines/web/page"
	"github.com/spark-games/spark/models"
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
	visit := func(n *page.Node) (string, bool) {
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
	}
	head := ""
	if len(p.table) > 0 {
		head = add(p.loader)
	}
	out, err := walkWithHead(index, head, visit)
	if err != nil {
		return err
	}
	return assemble(w, out, mark, pieces)
}

// walk walks index.html.
func walk(index []byte, visit func(n *page.Node) (string, bool)) ([]byte, error) {
	out, err := page.Walk(index, visit)
	switch {
	case errors.Is(err, page.ErrTooLarge):
		return nil, models.WrapError(models.CodeExportTooLarge,
			"index.html is larger than the 1 MiB that it may have in a single page; export the game as a zip", err)
	case err != nil:
		return nil, models.WrapError(models.CodeInvalidOutput, "index.html cannot be read: "+err.Error(), err)
	}
	return out, nil
}

// walkWithHead walks index.html and puts markup before everything else in its head.
func walkWithHead(index []byte, markup string, visit func(n *page.Node) (string, bool)) ([]byte, error) {
	done := markup == ""
	out, err := walk(index, func(n *page.Node) (string, bool) {
		replacement, replaced := visit(n)
		if done || n.Tag == "" || n.End || n.Tag == "html" {
			return replacement, replaced
		}
		done = true
		if !replaced {
			replacement = string(n.Raw)
		}
		if n.Tag == "head" {
			return replacement + "\n" + markup, true
		}
		return markup + replacement, true // a page without a head
	})
	if err == nil && !done {
		out = append([]byte(markup), out...)
	}
	return out, err
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
