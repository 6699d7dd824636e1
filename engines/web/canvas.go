package web

import (
	_ "embed"
	"html"
	"strings"
)

// tools is what the page of a game does that draws everything, its texts too, on one canvas.
//
//go:embed tools.js
var tools string

// CanvasPage fills a page for a game of WebAssembly: {{title}}, and {{tools}} in a script of its own.
func CanvasPage(page, title string) string {
	return strings.NewReplacer("{{title}}", html.EscapeString(title), "{{tools}}", tools).Replace(page)
}
