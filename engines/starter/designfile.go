package starter

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Bounds of a design file that is read back. It is the project's: anybody may have written it.
const (
	maxDesignBytes  = 64 << 10
	maxDesignFields = 500
	maxDesignDepth  = 3
)

// designFile is a design's file with the places of the values in it.
type designFile struct {
	path   string
	syntax Syntax
	texts  []string
	src    []byte
	fields map[string]*field
}

// field is a value of the file: where it stands, and what it is. A value that is neither a plain text nor a plain number is
// not in the map of fields.
type field struct {
	from, to int
	isText   bool
	text     string
	number   float64
	changed  []byte // what it is to be replaced with
}

// OpenDesign reads the design of a project back: the first of some files that the project has. texts are the files of the starter
// that only repeat words of the design.
func OpenDesign(files []models.File, syntax Syntax, texts []string, paths ...string) (engines.DesignFile, error) {
	for _, path := range paths {
		for _, f := range files {
			if f.Path != path {
				continue
			}
			d := &designFile{path: path, syntax: syntax, texts: texts, src: f.Data, fields: map[string]*field{}}
			if err := d.read(); err != nil {
				return nil, models.WrapError(models.CodeNotEditable, fmt.Sprintf("%s cannot be read: %v", path, err), err)
			}
			return d, nil
		}
	}
	return nil, models.NewError(models.CodeNotEditable, fmt.Sprintf("the project has no %s, which Spark's own starters have", paths[0]))
}

func (d *designFile) Path() string { return d.path }

func (d *designFile) Repeats(path string) bool { return slices.Contains(d.texts, path) }

// key is a field's name as all languages write it, whatever their case: "palette.skylow" for SkyLow and sky_low.
func key(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func (d *designFile) Text(name string) (string, bool) {
	f := d.fields[key(name)]
	if f == nil || !f.isText {
		return "", false
	}
	return f.text, true
}

func (d *designFile) Number(name string) (float64, bool) {
	f := d.fields[key(name)]
	if f == nil || f.isText {
		return 0, false
	}
	return f.number, true
}

func (d *designFile) SetText(name, value string) bool {
	f := d.fields[key(name)]
	if f == nil || !f.isText {
		return false
	}
	f.text, f.changed = value, []byte(d.syntax.Quote(value))
	return true
}

func (d *designFile) SetNumber(name string, value float64) bool {
	f := d.fields[key(name)]
	if f == nil || f.isText {
		return false
	}
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if d.syntax == GDScript && bytes.ContainsRune(d.src[f.from:f.to], '.') && !strings.Contains(text, ".") {
		text += ".0" // a number without is another type
	}
	f.number, f.changed = value, []byte(text)
	return true
}

func (d *designFile) Data() []byte {
	var changed []*field
	for _, f := range d.fields {
		if f.changed != nil {
			changed = append(changed, f)
		}
	}
	slices.SortFunc(changed, func(a, b *field) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, f := range changed {
		out = append(append(out, d.src[at:f.from]...), f.changed...)
		at = f.to
	}
	return append(out, d.src[at:]...)
}

// read finds the values of the file.
func (d *designFile) read() error {
	if len(d.src) > maxDesignBytes {
		return fmt.Errorf("it is larger than %d KiB", maxDesignBytes>>10)
	}
	s := &scanner{src: d.src, syntax: d.syntax, line: 1}
	if err := d.syntax.find(s, d); err != nil {
		return fmt.Errorf("line %d: %w", s.line, err)
	}
	if _, ok := d.Text("genre"); !ok {
		return errNoDesign
	}
	return nil
}

// table reads what stands between braces; the first one has been read.
func (d *designFile) table(s *scanner, prefix string, depth int) error {
	for {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t.kind == endToken:
			return errUnfinished
		case t.is("}"):
			return nil
		case t.is(","), t.is(";"):
			continue
		}
		if t.is("[") { // Lua's way to have any text for a key
			if inner, err := s.peek(); err == nil && inner.kind == textToken {
				t, _ = s.next()
				_, _ = s.next()
			}
		}
		name := t.text
		sep, err := s.peek()
		if err != nil {
			return err
		}
		if t.kind != wordToken && t.kind != textToken || !sep.is(":") && !sep.is("=") {
			s.pos, s.line = t.from, t.line
			if err := s.skip(); err != nil { // a value without a name
				return err
			}
			continue
		}
		if _, err := s.next(); err != nil {
			return err
		}
		if err := d.value(s, prefix+key(name), depth); err != nil {
			return err
		}
	}
}

// value reads the value of a field, and what follows it up to the next one.
func (d *designFile) value(s *scanner, name string, depth int) error {
	first, err := s.peek()
	if err != nil {
		return err
	}
	from := first.from
	if first.kind == wordToken && d.syntax == Go { // a type, before the braces of its value
		before := *s
		_, _ = s.next()
		if t, err := s.peek(); err != nil || !t.is("{") {
			*s = before
		} else {
			first = t
		}
	}
	if first.is("{") && depth < maxDesignDepth {
		_, _ = s.next()
		return d.table(s, name+".", depth+1)
	}
	minus := first.is("-")
	if minus {
		_, _ = s.next()
		if first, err = s.peek(); err != nil {
			return err
		}
	}
	plain := first.kind == textToken && first.plain && !minus || first.kind == numberToken && first.plain
	if plain {
		_, _ = s.next()
		follows, err := s.peek()
		if err != nil {
			return err
		}
		plain = follows.is(",") || follows.is(";") || follows.is("}") || follows.kind == endToken || s.syntax == GDScript && follows.line > first.line
	}
	if !plain {
		delete(d.fields, name)
		return s.skip()
	}
	f := &field{from: from, to: first.to, isText: first.kind == textToken, text: first.text, number: first.number}
	if minus {
		f.number = -f.number
	}
	if len(d.fields) >= maxDesignFields {
		return errTooMany
	}
	d.fields[name] = f
	return nil
}
