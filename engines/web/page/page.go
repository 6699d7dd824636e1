// Package page reads and edits the HTML page of a web game without building a tree: it walks the page's tags in one
// pass, hands each to the caller, and keeps every byte that the caller does not replace.
package page

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// MaxBytes bounds a page. Pages are small; a large one is an attack or a mistake.
const MaxBytes = 1 << 20

// ErrTooLarge is answered for pages over MaxBytes.
var ErrTooLarge = errors.New("the page is larger than 1 MiB")

// Node is one piece of a page: a start tag, an end tag, or, for script, style and title, the whole element.
type Node struct {
	Tag   string // lower case; "" for text, comments and doctypes
	End   bool   // an end tag
	Attrs []html.Attribute
	Text  []byte // content of script, style and title
	Line  int    // of the node's first byte, from 1
	// TextLine is the line on which Text begins.
	TextLine int
	Raw      []byte // the node as it stands in the page
}

// Attr is the value of an attribute, and whether it is there.
func (n *Node) Attr(name string) (string, bool) {
	for _, a := range n.Attrs {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// Set changes an attribute's value.
func (n *Node) Set(name, value string) {
	for i := range n.Attrs {
		if n.Attrs[i].Key == name {
			n.Attrs[i].Val = value
		}
	}
}

// StartTag writes the node's start tag.
func (n *Node) StartTag() string {
	return html.Token{Type: html.StartTagToken, Data: n.Tag, Attr: n.Attrs}.String()
}

// Walk hands every node of the page to visit, in order, and returns the page with the nodes replaced for which visit
// answers true. The replacement of a start tag is only the tag; that of a whole element is the element.
func Walk(src []byte, visit func(n *Node) (replacement string, replace bool)) ([]byte, error) {
	if len(src) > MaxBytes {
		return nil, ErrTooLarge
	}
	z := html.NewTokenizer(bytes.NewReader(src))
	out := bytes.NewBuffer(make([]byte, 0, len(src)+1024))
	line, ended := 1, false
	for {
		if z.Next() == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			if !ended {
				out.Write(z.Raw()) // an unfinished tag
			}
			return out.Bytes(), nil
		}
		raw := append([]byte(nil), z.Raw()...)
		n := &Node{Line: line}
		line += bytes.Count(raw, []byte("\n"))
		tok := z.Token()
		switch tok.Type {
		case html.StartTagToken, html.SelfClosingTagToken:
			n.Tag, n.Attrs = tok.Data, tok.Attr
			if whole(n.Tag) && tok.Type == html.StartTagToken {
				n.TextLine = line
				var rest []byte
				rest, ended = element(z, n)
				raw = append(raw, rest...)
				line += bytes.Count(rest, []byte("\n"))
			}
		case html.EndTagToken:
			n.Tag, n.End = tok.Data, true
		}
		n.Raw = raw
		if r, ok := visit(n); ok {
			out.WriteString(r)
		} else {
			out.Write(raw)
		}
	}
}

func whole(tag string) bool { return tag == "script" || tag == "style" || tag == "title" }

// element reads the text and the end tag of an element whose content is text, and returns their bytes
// and whether the page ended there.
func element(z *html.Tokenizer, n *Node) (raw []byte, ended bool) {
	for {
		switch z.Next() {
		case html.TextToken:
			raw = append(raw, z.Raw()...)
			if n.Tag == "title" {
				n.Text = append(n.Text, html.UnescapeString(string(z.Raw()))...)
			} else {
				n.Text = append(n.Text, z.Raw()...)
			}
		case html.EndTagToken:
			return append(raw, z.Raw()...), false
		case html.ErrorToken:
			return append(raw, z.Raw()...), true
		default:
			raw = append(raw, z.Raw()...)
		}
	}
}

// Script is the kind of script that a node is.
type Script int

// The kinds of script.
const (
	NotScript Script = iota
	Classic
	Module
	ImportMap
	Data // anything a browser does not run
)

// ScriptKind is the kind of a node that may be a script.
func (n *Node) ScriptKind() Script {
	if n.Tag != "script" || n.End {
		return NotScript
	}
	t, _ := n.Attr("type")
	switch strings.ToLower(strings.TrimSpace(t)) {
	case "", "text/javascript", "application/javascript":
		return Classic
	case "module":
		return Module
	case "importmap":
		return ImportMap
	}
	return Data
}

// HasRel reports whether a link has a relation.
func (n *Node) HasRel(rel string) bool {
	v, _ := n.Attr("rel")
	return slices.Contains(strings.Fields(strings.ToLower(v)), rel)
}
