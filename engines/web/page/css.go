package page

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// CSSRef is a reference of a style sheet to another file: url(…), the string of an @import, or one of an image-set().
type CSSRef struct {
	Start, End int // of the whole token in the style sheet
	URL        string
	Import     bool // of another style sheet
	// Before and After are what an address is written between to take the token's place.
	Before, After string
}

// To writes the reference with another address.
func (r CSSRef) To(url string) string { return r.Before + cssEscapes.Replace(url) + r.After }

var cssEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\a `, "\r", `\d `, "\f", `\c `)

// CSSRefs finds the references of a style sheet, or of a style attribute, in one pass. It follows the tokens of CSS Syntax
// Level 3 as far as it takes to tell references from comments and from strings that are only text.
func CSSRefs(css []byte) []CSSRef {
	s := &cssScanner{css: css}
	for s.at < len(css) {
		s.step()
	}
	return s.refs
}

type cssScanner struct {
	css  []byte
	at   int
	refs []CSSRef

	importing bool     // an @import that has not named its sheet yet
	functions []string // that are open, from the outside; "" is a bare parenthesis
}

func (s *cssScanner) step() {
	start := s.at
	switch c := s.css[s.at]; {
	case bytes.HasPrefix(s.css[s.at:], []byte("/*")):
		s.comment()
	case c == '"' || c == '\'':
		text, ok := s.quoted()
		if ok && (s.importing || s.inImageSet()) {
			s.add(start, text)
		}
	case c == '@':
		s.at++
		s.importing = strings.EqualFold(s.ident(), "import")
	case isIdent(c):
		s.function(start)
	case c == '(':
		s.at++
		s.functions = append(s.functions, "")
	case c == ')':
		s.at++
		s.functions = s.functions[:max(len(s.functions)-1, 0)]
	case c == ';' || c == '{' || c == '}':
		s.at++
		s.importing, s.functions = false, nil
	default:
		s.at++
	}
}

func (s *cssScanner) add(start int, text string) {
	r := CSSRef{Start: start, End: s.at, URL: strings.TrimSpace(text), Import: s.importing, Before: `"`, After: `"`}
	if s.css[start] != '"' && s.css[start] != '\'' {
		r.Before, r.After = `url("`, `")`
	}
	s.refs = append(s.refs, r)
	s.importing = false
}

func (s *cssScanner) inImageSet() bool {
	return len(s.functions) > 0 && strings.HasSuffix(s.functions[len(s.functions)-1], "image-set")
}

// function reads a word, and if it is that of a function its parenthesis; of url the whole.
func (s *cssScanner) function(start int) {
	name := strings.ToLower(s.ident())
	if s.at == len(s.css) || s.css[s.at] != '(' {
		return
	}
	s.at++
	if name != "url" && name != "src" {
		s.functions = append(s.functions, name)
		return
	}
	s.space()
	text, ok := "", true
	if s.at < len(s.css) && (s.css[s.at] == '"' || s.css[s.at] == '\'') {
		text, ok = s.quoted()
		s.space()
		ok = ok && s.at < len(s.css) && s.css[s.at] == ')'
	} else if name == "url" {
		text = s.unquoted()
	}
	for s.at < len(s.css) && s.css[s.at] != ')' { // of a reference that is none
		if ok = false; s.css[s.at] == '\\' {
			s.escape()
		} else {
			s.at++
		}
	}
	s.at = min(s.at+1, len(s.css))
	if ok {
		s.add(start, text)
	}
}

func (s *cssScanner) comment() {
	end := bytes.Index(s.css[s.at+2:], []byte("*/"))
	if end < 0 {
		s.at = len(s.css)
		return
	}
	s.at += 2 + end + 2
}

func (s *cssScanner) space() {
	for s.at < len(s.css) && isSpace(s.css[s.at]) {
		s.at++
	}
}

// quoted reads a string, and reports whether it ends as one does.
func (s *cssScanner) quoted() (string, bool) {
	quote := s.css[s.at]
	s.at++
	var b strings.Builder
	for s.at < len(s.css) {
		switch c := s.css[s.at]; c {
		case quote:
			s.at++
			return b.String(), true
		case '\n', '\r', '\f':
			return "", false
		case '\\':
			b.WriteString(s.escape())
		default:
			b.WriteByte(c)
			s.at++
		}
	}
	return "", false
}

// unquoted reads the inside of url(…) up to what ends it.
func (s *cssScanner) unquoted() string {
	var b strings.Builder
	for s.at < len(s.css) {
		switch c := s.css[s.at]; {
		case c == '\\':
			b.WriteString(s.escape())
		case isSpace(c):
			s.space()
			return b.String()
		case c == ')' || c == '"' || c == '\'' || c == '(':
			return b.String()
		default:
			b.WriteByte(c)
			s.at++
		}
	}
	return b.String()
}

// ident reads a word with its escapes.
func (s *cssScanner) ident() string {
	var b strings.Builder
	for s.at < len(s.css) && isIdent(s.css[s.at]) {
		if s.css[s.at] == '\\' {
			b.WriteString(s.escape())
			continue
		}
		b.WriteByte(s.css[s.at])
		s.at++
	}
	return b.String()
}

// escape reads a backslash and what it stands for: a character, one by its number, or a line's end, which is nothing.
func (s *cssScanner) escape() string {
	s.at++
	if s.at == len(s.css) {
		return ""
	}
	if c := s.css[s.at]; c == '\n' || c == '\f' || c == '\r' {
		s.lineEnd()
		return ""
	}
	number, digits := rune(0), 0
	for ; digits < 6 && s.at < len(s.css); digits++ {
		v := strings.IndexByte("0123456789abcdef", lower(s.css[s.at]))
		if v < 0 {
			break
		}
		number = number<<4 | rune(v)
		s.at++
	}
	if digits == 0 {
		_, size := utf8.DecodeRune(s.css[s.at:])
		s.at += size
		return string(s.css[s.at-size : s.at])
	}
	if s.at < len(s.css) && isSpace(s.css[s.at]) {
		s.lineEnd()
	}
	if number == 0 || !utf8.ValidRune(number) {
		number = utf8.RuneError
	}
	return string(number)
}

// lineEnd passes one white space, of which a carriage return takes its line feed along.
func (s *cssScanner) lineEnd() {
	if bytes.HasPrefix(s.css[s.at:], []byte("\r\n")) {
		s.at++
	}
	s.at++
}

func isSpace(c byte) bool { return strings.IndexByte(" \t\r\n\f", c) >= 0 }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func isIdent(c byte) bool {
	l := lower(c)
	return l >= 'a' && l <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '\\' || c >= utf8.RuneSelf
}
