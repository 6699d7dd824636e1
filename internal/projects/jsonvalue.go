package projects

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/models"
)

// Limits on JSON files that are patched, and on their patches.
const (
	maxJSONDepth  = 64
	maxJSONValues = 200_000
)

// jsonValue is a JSON value that can be changed: what is not changed is written as it was read, in its order.
type jsonValue struct {
	kind    jsontext.Kind
	raw     jsontext.Value // of what is neither an object nor an array
	members []jsonMember   // of an object
	items   []*jsonValue   // of an array
}

type jsonMember struct {
	name  string
	raw   jsontext.Value // the name as it is written
	value *jsonValue
}

// jsonReader reads a value within limits.
type jsonReader struct {
	d      *jsontext.Decoder
	values int
}

// readJSON reads a text that is one JSON value, of limited depth and without two members of the same name. The error says what it is instead, as "is …"
// or "has …".
func readJSON(text []byte) (*jsonValue, error) {
	r := &jsonReader{d: jsontext.NewDecoder(bytes.NewReader(text))}
	v, err := r.value()
	if err == nil {
		if _, err = r.d.ReadToken(); err == nil {
			return nil, errors.New("is more than one JSON value")
		} else if errors.Is(err, io.EOF) {
			return v, nil
		}
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return nil, errors.New("has two members of the same name")
	case errors.Is(err, errJSONDepth), errors.Is(err, errJSONValues):
		return nil, err
	}
	return nil, errors.New("is not JSON")
}

var (
	errJSONDepth  = errors.New("is nested more than 64 levels deep")
	errJSONValues = errors.New("has more than 200000 values")
)

func (r *jsonReader) value() (*jsonValue, error) {
	if r.values++; r.values > maxJSONValues {
		return nil, errJSONValues
	}
	v := &jsonValue{kind: r.d.PeekKind()}
	if v.kind != jsontext.KindBeginObject && v.kind != jsontext.KindBeginArray {
		raw, err := r.d.ReadValue()
		v.raw = raw.Clone()
		return v, err
	}
	if _, err := r.d.ReadToken(); err != nil {
		return nil, err
	}
	if r.d.StackDepth() > maxJSONDepth {
		return nil, errJSONDepth
	}
	for {
		switch next := r.d.PeekKind(); {
		case next == jsontext.KindEndObject, next == jsontext.KindEndArray:
			_, err := r.d.ReadToken()
			return v, err
		case v.kind == jsontext.KindBeginObject:
			raw, err := r.d.ReadValue()
			if err != nil {
				return nil, err
			}
			m := jsonMember{raw: raw.Clone()}
			name, err := jsontext.AppendUnquote(nil, m.raw)
			if err != nil {
				return nil, err
			}
			m.name = string(name)
			if m.value, err = r.value(); err != nil {
				return nil, err
			}
			v.members = append(v.members, m)
		default:
			item, err := r.value()
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
	}
}

// appendTo writes the value without spaces.
func (v *jsonValue) appendTo(b []byte) []byte {
	switch v.kind {
	case jsontext.KindBeginObject:
		b = append(b, '{')
		for i, m := range v.members {
			if i > 0 {
				b = append(b, ',')
			}
			b = m.value.appendTo(append(append(b, m.raw...), ':'))
		}
		return append(b, '}')
	case jsontext.KindBeginArray:
		b = append(b, '[')
		for i, item := range v.items {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.appendTo(b)
		}
		return append(b, ']')
	}
	return append(b, v.raw...)
}

// weigh counts the bytes and the values that a copy takes, and how deep it is.
func (v *jsonValue) weigh() (size, values, depth int) {
	size, values = len(v.raw)+1, 1
	add := func(of *jsonValue) {
		s, n, d := of.weigh()
		size, values, depth = size+s, values+n, max(depth, d)
	}
	for _, m := range v.members {
		size += len(m.raw) + 1
		add(m.value)
	}
	for _, item := range v.items {
		add(item)
	}
	if v.kind == jsontext.KindBeginObject || v.kind == jsontext.KindBeginArray {
		depth++
	}
	return size, values, depth
}

func (v *jsonValue) clone() *jsonValue {
	c := &jsonValue{kind: v.kind, raw: v.raw, members: slices.Clone(v.members), items: slices.Clone(v.items)}
	for i := range c.members {
		c.members[i].value = c.members[i].value.clone()
	}
	for i := range c.items {
		c.items[i] = c.items[i].clone()
	}
	return c
}

// member is the index of a member by its name, or -1.
func (v *jsonValue) member(name string) int {
	return slices.IndexFunc(v.members, func(m jsonMember) bool { return m.name == name })
}

// equal compares as RFC 6902, section 4.6, does: numbers by what they are, objects in any order.
func (v *jsonValue) equal(w *jsonValue) bool {
	if v.kind != w.kind || len(v.members) != len(w.members) || len(v.items) != len(w.items) {
		return false
	}
	switch v.kind {
	case jsontext.KindBeginObject:
		others := make(map[string]*jsonValue, len(w.members))
		for _, m := range w.members {
			others[m.name] = m.value
		}
		return !slices.ContainsFunc(v.members, func(m jsonMember) bool { o, ok := others[m.name]; return !ok || !m.value.equal(o) })
	case jsontext.KindBeginArray:
		return slices.EqualFunc(v.items, w.items, (*jsonValue).equal)
	case jsontext.KindNumber:
		return number(string(v.raw)) == number(string(w.raw))
	case jsontext.KindString:
		a, errA := jsontext.AppendUnquote(nil, v.raw)
		b, errB := jsontext.AppendUnquote(nil, w.raw)
		return errA == nil && errB == nil && bytes.Equal(a, b)
	}
	return true // null, true and false
}

// number writes a JSON number in the one way that equal numbers share: 1.50e3 is 15e2. Exponents that are out of range are as they were written.
func number(raw string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(raw), "e")
	e := 0
	if exponent != "" {
		var err error
		if e, err = strconv.Atoi(exponent); err != nil {
			return raw
		}
	}
	sign := ""
	if rest, ok := strings.CutPrefix(mantissa, "-"); ok {
		sign, mantissa = "-", rest
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0"
	}
	short := strings.TrimRight(digits, "0")
	return sign + short + "e" + strconv.Itoa(e-len(fraction)+len(digits)-len(short))
}

// writeLike writes a value in the manner of the text that it was: on one line if that was, else indented as its first indented line is; with its ends
// of lines, and with one at the end if that had one. Numbers and strings that were not changed are as they were.
func (v *jsonValue) writeLike(was []byte) ([]byte, error) {
	was = bytes.TrimLeft(was, " \t\r\n")
	body := bytes.TrimRight(was, " \t\r\n")
	out := jsontext.Value(v.appendTo(nil))
	var err error
	if _, rest, several := bytes.Cut(body, []byte("\n")); several {
		indent := rest[:len(rest)-len(bytes.TrimLeft(rest, " \t"))]
		err = out.Indent(jsontext.PreserveRawStrings(true), jsontext.WithIndent(string(indent)))
	} else if bytes.Contains(body, []byte(`": `)) || bytes.Contains(body, []byte(`, `)) {
		err = out.Format(jsontext.PreserveRawStrings(true), jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true))
	}
	if err != nil {
		return nil, err
	}
	if len(body) < len(was) {
		out = append(out, '\n')
	}
	if i := bytes.IndexByte(was, '\n'); i > 0 && was[i-1] == '\r' {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	if len(out) > models.MaxProjectFileBytes {
		return nil, models.FieldError("", "what the patch makes is larger than a file may be").With(models.CodeConflict)
	}
	return out, nil
}
