package store

import (
	"strings"
	"unicode/utf8"
)

// cleanText makes text from outside storable: Postgres takes neither NUL nor invalid UTF-8.
func cleanText(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}
