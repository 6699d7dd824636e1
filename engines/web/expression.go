package web

import (
	"path"
	"strings"
)

// Value is an expression of JavaScript as far as it can be read without running it.
type Value struct {
	Kind   Kind
	Text   string // a string's content; of all else its source
	Items  []Value
	Fields []Field
}

// Field is a property of an object.
type Field struct {
	Key   string
	Value Value
}

// Kind is what an expression is.
type Kind int

// The kinds of expressions.
const (
	Other Kind = iota // whatever has to be run, and numbers and the like, which Text tells
	String
	List
	Object
)

const (
	maxExpression = 256 << 10 // bytes of code that are read
	maxNesting    = 50
	maxObjects    = 200 // places of a file at which an object is looked for
)

// Field is a property of an object, the zero value for none.
func (v Value) Field(key string) Value {
	for _, f := range v.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return Value{}
}

// Path is the path that an expression says: a string, or what functions such as path.resolve put together of strings.
func (v Value) Path() string {
	if v.Kind == String {
		return v.Text
	}
	var parts []string
	for _, text := range Literals([]byte(v.Text)) {
		parts = append(parts, text)
	}
	return path.Join(parts...)
}

// ReadValue reads the expression that code begins with, up to the comma, bracket or semicolon that ends it, and answers where that is.
func ReadValue(code string) (v Value, end int, ok bool) {
	r := expressionReader{code: code[:min(len(code), maxExpression)]}
	v, ok = r.value(0)
	return v, r.at, ok
}

// FindObject is the first object in code that has one of the keys.
func FindObject(code string, keys ...string) (Value, bool) {
	r := expressionReader{code: code[:min(len(code), maxExpression)]}
	for range maxObjects {
		for r.at < len(r.code) && r.code[r.at] != '{' {
			if c := r.code[r.at]; c == '(' || c == '[' {
				r.at++
			} else {
				r.token()
			}
		}
		if r.at >= len(r.code) {
			return Value{}, false
		}
		inner := expressionReader{code: r.code, at: r.at}
		if v, ok := inner.value(0); ok {
			for _, key := range keys {
				for _, f := range v.Fields {
					if f.Key == key {
						return v, true
					}
				}
			}
		}
		r.at++
	}
	return Value{}, false
}

type expressionReader struct {
	code string
	at   int
}

// peek is the next byte that is neither space nor comment, 0 at the end.
func (r *expressionReader) peek() byte {
	for r.at < len(r.code) {
		switch c := r.code[r.at]; {
		case strings.IndexByte(" \t\r\n\f\ufeff", c) >= 0:
			r.at++
		case strings.HasPrefix(r.code[r.at:], "//"):
			r.skipTo("\n")
		case strings.HasPrefix(r.code[r.at:], "/*"):
			r.at += 2
			r.skipTo("*/")
		default:
			return c
		}
	}
	return 0
}

func (r *expressionReader) skipTo(mark string) {
	if i := strings.Index(r.code[r.at:], mark); i >= 0 {
		r.at += i + len(mark)
	} else {
		r.at = len(r.code)
	}
}

// value reads an expression. What follows what could be read, such as "as const", makes no difference; a call or an operator makes it Other.
func (r *expressionReader) value(depth int) (v Value, ok bool) {
	if depth > maxNesting {
		return Value{}, false
	}
	c := r.peek()
	start := r.at
	switch c {
	case 0:
		return Value{}, false
	case '"', '\'', '`':
		text, plain := r.text()
		if v = (Value{Kind: String, Text: text}); !plain {
			v = Value{}
		}
	case '[':
		v.Kind = List
		if v.Items, ok = r.items(depth); !ok {
			return Value{}, false
		}
	case '{':
		v.Kind = Object
		if v.Fields, ok = r.fields(depth); !ok {
			return Value{}, false
		}
	}
	read := r.at
	for c := r.peek(); c != 0 && strings.IndexByte(",])};", c) < 0; c = r.peek() {
		r.token()
	}
	rest := strings.TrimSpace(r.code[read:r.at])
	if v.Kind == Other || rest != "" && !strings.HasPrefix(rest, "as ") && !strings.HasPrefix(rest, "satisfies ") {
		return Value{Text: strings.TrimSpace(r.code[start:r.at])}, true
	}
	if v.Kind != String {
		v.Text = r.code[start:read]
	}
	return v, true
}

func (r *expressionReader) items(depth int) ([]Value, bool) {
	var list []Value
	r.at++
	for {
		switch r.peek() {
		case ']':
			r.at++
			return list, true
		case ',':
			r.at++
			continue
		}
		v, ok := r.value(depth + 1)
		if !ok || strings.IndexByte(",]", r.peek()) < 0 {
			return nil, false
		}
		list = append(list, v)
	}
}

// fields reads the properties of an object. Those whose names or values are made by running it, and methods, are left out.
func (r *expressionReader) fields(depth int) ([]Field, bool) {
	var list []Field
	r.at++
	for {
		var key string
		switch r.peek() {
		case '}':
			r.at++
			return list, true
		case ',':
			r.at++
			continue
		case '"', '\'':
			key, _ = r.text()
		default:
			start := r.at
			for r.at < len(r.code) && (isWord(r.code[r.at]) || r.code[r.at] == '$') {
				r.at++
			}
			key = r.code[start:r.at]
		}
		if r.peek() == ':' && key != "" {
			r.at++
			v, ok := r.value(depth + 1)
			if !ok {
				return nil, false
			}
			list = append(list, Field{key, v})
		}
		for c := r.peek(); c != ',' && c != '}'; c = r.peek() {
			if c == 0 || c == ';' || c == ')' || c == ']' {
				return nil, false
			}
			r.token()
		}
	}
}

var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", '\n': ""}

// text reads a string. It is not plain if something is computed in it.
func (r *expressionReader) text() (text string, plain bool) {
	var b strings.Builder
	quote := r.code[r.at]
	plain = true
	for r.at++; r.at < len(r.code); r.at++ {
		switch c := r.code[r.at]; {
		case c == quote:
			r.at++
			return b.String(), plain
		case c == '\\' && r.at+1 < len(r.code):
			r.at++
			if e, ok := escapes[r.code[r.at]]; ok {
				b.WriteString(e)
			} else {
				b.WriteByte(r.code[r.at])
			}
		case c == '\n' && quote != '`':
			return "", false
		case quote == '`' && strings.HasPrefix(r.code[r.at:], "${"):
			plain = false
			r.at++
			r.brackets()
			r.at--
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// token passes over one piece of code: a string, a comment, all that is in brackets, a word or a character.
func (r *expressionReader) token() {
	c := r.code[r.at]
	switch {
	case c == '"' || c == '\'' || c == '`':
		r.text()
	case c == '(' || c == '[' || c == '{':
		r.brackets()
	case strings.HasPrefix(r.code[r.at:], "//"), strings.HasPrefix(r.code[r.at:], "/*"):
		r.peek()
	case c == '/' && r.isRegexp():
		r.regexp()
	default:
		r.at++
	}
}

// brackets passes over all that is in a pair of them, however nested.
func (r *expressionReader) brackets() {
	depth := 0
	for r.at < len(r.code) {
		switch c := r.code[r.at]; c {
		case '(', '[', '{':
			depth++
			r.at++
		case ')', ']', '}':
			depth--
			r.at++
			if depth <= 0 {
				return
			}
		default:
			if c == '`' {
				r.template()
			} else {
				r.token()
			}
		}
	}
}

// template passes over a string in backquotes as if nothing in it were code, so that nesting has an end.
func (r *expressionReader) template() {
	for r.at++; r.at < len(r.code) && r.code[r.at] != '`'; r.at++ {
		if r.code[r.at] == '\\' {
			r.at++
		}
	}
	r.at = min(r.at+1, len(r.code))
}

// isRegexp reports whether a slash begins a regular expression, as after an operator, and does not divide.
func (r *expressionReader) isRegexp() bool {
	before := strings.TrimRight(r.code[:r.at], " \t\r\n")
	return before == "" || strings.IndexByte("(,=:[!&|?{};>+", before[len(before)-1]) >= 0
}

func (r *expressionReader) regexp() {
	class := false
	for r.at++; r.at < len(r.code) && r.code[r.at] != '\n'; r.at++ {
		switch c := r.code[r.at]; {
		case c == '\\':
			r.at++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			r.at++
			return
		}
	}
	r.at = min(r.at, len(r.code))
}
