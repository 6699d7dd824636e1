package reference

import (
	"bytes"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// dialect is that of OpenAPI's descriptions: CommonMark, and tables. HTML in a text is left out.
var dialect = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify))

// markdown renders a description of the document.
func markdown(text string) template.HTML {
	var b bytes.Buffer
	if err := dialect.Convert([]byte(text), &b); err != nil {
		panic("reference: " + err.Error()) // the buffer takes everything
	}
	return template.HTML(b.String()) //nolint:gosec // the document is part of the program
}

// inline renders a description without a paragraph around it.
func inline(text string) template.HTML {
	html := bytes.TrimSpace([]byte(markdown(text)))
	if first, ok := bytes.CutPrefix(html, []byte("<p>")); ok {
		if one, ok := bytes.CutSuffix(first, []byte("</p>")); ok && !bytes.Contains(one, []byte("<p>")) {
			html = one
		}
	}
	return template.HTML(html) //nolint:gosec // the document is part of the program
}
