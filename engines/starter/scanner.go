package starter

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	textToken
	numberToken
	markToken // punctuation, one character
)

// token is one word of a program. A literal is plain when its value is known.
type token struct {
	kind     tokenKind
	text     string
	number   float64
	plain    bool
	from, to int
	line     int
}

func (t token) is(mark string) bool     { return t.kind == markToken && t.text == mark }
func (t token) isWord(word string) bool { return t.kind == wordToken && t.text == word }

// scanner takes a program apart as far as literals and braces need it. Every step moves on, so that it is linear in the
// file's size.
type scanner struct {
	src    []byte
	syntax Syntax
	pos    int
	line   int
}

func (s *scanner) peek() (token, error) {
	before := *s
	t, err := s.next()
	*s = before
	return t, err
}

var decimal = regexp.MustCompile(`\A(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\z`)

func (s *scanner) next() (token, error) {
	if err := s.space(); err != nil {
		return token{}, err
	}
	t := token{from: s.pos, line: s.line}
	if s.pos >= len(s.src) {
		return t, nil
	}
	rest := s.src[s.pos:]
	r, size := utf8.DecodeRune(rest)
	digits := unicode.IsDigit(r) || r == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9'
	switch {
	case r == '"', r == '\'', r == '`' && (s.syntax == JavaScript || s.syntax == Go):
		return s.literal(t, byte(r))
	case unicode.IsLetter(r), r == '_', r == '$', digits:
		t.kind = wordToken
		if digits {
			t.kind = numberToken
		}
		for s.pos += size; s.pos < len(s.src); s.pos += size {
			r, size = utf8.DecodeRune(s.src[s.pos:])
			exponent := digits && (r == '+' || r == '-') && strings.ContainsRune("eE", rune(s.src[s.pos-1]))
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' && (!digits || r != '.') && !exponent {
				break
			}
		}
	default:
		t.kind = markToken
		s.pos += size
	}
	t.to = s.pos
	t.text = string(s.src[t.from:t.to])
	if t.kind == numberToken && decimal.MatchString(t.text) {
		var err error
		t.number, err = strconv.ParseFloat(t.text, 64)
		t.plain = err == nil
	}
	return t, nil
}

// literal reads a text; its first quote is at the scanner's place.
func (s *scanner) literal(t token, quote byte) (token, error) {
	t.kind = textToken
	raw := quote == '`' && s.syntax == Go
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch c := s.src[s.pos]; {
		case c == '\\' && !raw:
			s.pos++
			if s.pos < len(s.src) && s.src[s.pos] == '\n' {
				s.line++
			}
		case c == '\n' && quote != '`' && s.syntax != GDScript:
			return t, errUnfinished
		case c == '\n':
			s.line++
		case c == quote:
			s.pos++
			t.to = s.pos
			t.text, t.plain = s.syntax.unescape(string(s.src[t.from+1:t.to-1]), quote)
			return t, nil
		}
	}
	s.pos = min(s.pos, len(s.src))
	return t, errUnfinished
}

// space reads over blanks and comments.
func (s *scanner) space() error {
	for s.pos < len(s.src) {
		rest := s.src[s.pos:]
		r, size := utf8.DecodeRune(rest)
		has := func(begin string) bool { return bytes.HasPrefix(rest, []byte(begin)) }
		c := s.syntax == JavaScript || s.syntax == Go
		switch {
		case r == '\n':
			s.line++
			s.pos++
		case unicode.IsSpace(r), r == '\ufeff':
			s.pos += size
		case s.syntax == Lua && has("--[["):
			if !s.over("]]") {
				return errUnfinished
			}
		case c && has("/*"):
			if !s.over("*/") {
				return errUnfinished
			}
		case c && has("//"), s.syntax == Lua && has("--"), s.syntax == GDScript && has("#"):
			for s.pos < len(s.src) && s.src[s.pos] != '\n' {
				s.pos++
			}
		default:
			return nil
		}
	}
	return nil
}

// over moves behind the next mark that ends a comment.
func (s *scanner) over(end string) bool {
	i := bytes.Index(s.src[s.pos+2:], []byte(end))
	if i < 0 {
		return false
	}
	i += s.pos + 2 + len(end)
	s.line += bytes.Count(s.src[s.pos:i], []byte("\n"))
	s.pos = i
	return true
}

// skip reads over a value that is not understood: to the comma or brace after it, which stays.
func (s *scanner) skip() error {
	depth, began := 0, 0
	for {
		before := *s
		t, err := s.next()
		if began == 0 {
			began = t.line
		}
		switch {
		case err != nil:
			return err
		case t.kind == endToken:
			if depth > 0 || s.syntax != GDScript {
				return errUnfinished
			}
			return nil
		case depth == 0 && (t.is(",") || t.is(";") || t.is("}")), depth == 0 && s.syntax == GDScript && t.isWord("const") && t.line > began:
			*s = before
			return nil
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
			if depth < 0 {
				return errUnfinished
			}
		}
	}
}
