package starter

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Syntax is how a language writes a design.
type Syntax int

// The languages of the starters. JavaScript's is TypeScript's, too.
const (
	JavaScript Syntax = iota
	Lua
	Go
	GDScript
)

var (
	errNoDesign   = errors.New("it holds no design")
	errTooMany    = errors.New("it has too many values")
	errUnfinished = errors.New("something is not closed")
)

// Quote writes a text as a literal. Designs have no control characters.
func (y Syntax) Quote(s string) string {
	switch y {
	case JavaScript:
		data, _ := json.Marshal(s) // a string is always JSON; <, >, & and U+2028 are escaped
		return string(data)
	case Go:
		return strconv.Quote(s)
	default:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	}
}

// find reads up to the design, and the design.
func (y Syntax) find(s *scanner, d *designFile) error {
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t.kind == endToken:
			if y == GDScript {
				return nil
			}
			return errNoDesign
		case y == GDScript && t.isWord("const"):
			err = d.constant(s)
		case y == Lua && t.isWord("return"), (y == JavaScript || y == Go) && t.isWord("design"):
			found, err := s.toBrace(y)
			if err != nil {
				return err
			}
			if found {
				return d.table(s, "", 1)
			}
		}
		if err != nil {
			return err
		}
	}
}

// toBrace reads on to the brace that opens the design, over a type and an equals sign, when nothing else stands between.
func (s *scanner) toBrace(y Syntax) (bool, error) {
	equals := y == Lua
	for {
		before := *s
		t, err := s.next()
		switch {
		case err != nil:
			return false, err
		case t.is("{"):
			return equals, nil
		case t.is("="):
			equals = true
		case t.is(":") && !equals, t.kind == wordToken && y != Lua, t.is("&"):
		default:
			*s = before
			return false, nil
		}
	}
}

// constant reads a constant of GDScript's, after its first word.
func (d *designFile) constant(s *scanner) error {
	name, err := s.next()
	if err != nil || name.kind != wordToken {
		return err
	}
	for {
		before := *s
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t.is("="):
			return d.value(s, key(name.text), 1)
		case t.is(":"), t.kind == wordToken && t.line == name.line:
		default:
			*s = before
			return nil
		}
	}
}

// unescape reads a text literal without its quotes; ok is false when it holds what this does not know.
func (y Syntax) unescape(raw string, quote byte) (text string, ok bool) {
	if !strings.Contains(raw, `\`) {
		return raw, quote != '`' || !strings.Contains(raw, "${")
	}
	if y == Go {
		if quote == '`' {
			return raw, true
		}
		text, err := strconv.Unquote(`"` + raw + `"`)
		return text, err == nil
	}
	if quote == '`' {
		return "", false
	}
	var b strings.Builder
	for len(raw) > 0 {
		if raw[0] != '\\' {
			i := strings.IndexByte(raw, '\\')
			if i < 0 {
				i = len(raw)
			}
			b.WriteString(raw[:i])
			raw = raw[i:]
			continue
		}
		r, rest, ok := y.escape(raw[1:])
		if !ok {
			return "", false
		}
		b.WriteRune(r)
		raw = rest
	}
	return b.String(), true
}

var simple = map[byte]rune{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', 'v': '\v', '\\': '\\', '"': '"', '\'': '\'', '/': '/'}

// escape reads what stands after a backslash.
func (y Syntax) escape(s string) (r rune, rest string, ok bool) {
	if s == "" {
		return 0, "", false
	}
	if r, ok := simple[s[0]]; ok {
		return r, s[1:], true
	}
	hex := func(s string, n int) (rune, bool) {
		if len(s) < n {
			return 0, false
		}
		v, err := strconv.ParseUint(s[:n], 16, 32)
		return rune(v), err == nil
	}
	switch {
	case s[0] == 'u' && y != Lua:
		high, ok := hex(s[1:], 4)
		if !ok {
			return 0, "", false
		}
		s = s[5:]
		if utf16.IsSurrogate(high) {
			if !strings.HasPrefix(s, `\u`) {
				return 0, "", false
			}
			low, ok := hex(s[2:], 4)
			if high = utf16.DecodeRune(high, low); !ok || high == utf8.RuneError {
				return 0, "", false
			}
			s = s[6:]
		}
		return high, s, true
	case s[0] == 'x' && y == JavaScript:
		v, ok := hex(s[1:], 2)
		if !ok {
			return 0, "", false
		}
		return v, s[3:], true
	}
	return 0, "", false
}
