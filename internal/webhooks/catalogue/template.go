package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Limits of templates.
const (
	maxTemplate      = 16 << 10
	maxTemplateDepth = 16
	maxReferences    = 200
)

// Template is the body of a webhook as an account wants it: JSON, in whose texts {{data.job_id}} stands for a field of the payload. A text that
// is nothing else becomes the field itself, whatever it is; within a text it becomes text. A field that the payload does not have is null,
// or nothing. \{{ is text. There is nothing to compute, and names of fields in the template are taken as they are.
type Template struct{ root any }

// piece is a part of a text: as it stands, or a path into the payload.
type piece struct {
	literal string
	path    []string
}

// text is a text of a template with references in it.
type text []piece

var (
	placeholder = regexp.MustCompile(`\\\{\{|\{\{([^{}]*)\}\}`)
	pathForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,7}$`)
	roots       = []string{"type", "timestamp", "version", "account_id", "test", "data"}
)

// ParseTemplate reads a template. Its errors say what is wrong with it.
func ParseTemplate(source string) (*Template, error) {
	if len(source) > maxTemplate {
		return nil, models.FieldError("", "a template has at most 16 KiB")
	}
	d := json.NewDecoder(strings.NewReader(source))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		return nil, models.FieldError("", "a template is JSON with {{data.field}} in its texts")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, models.FieldError("", "a template is one JSON value")
	}
	c := compiler{left: maxReferences}
	root, err := c.compile(root, maxTemplateDepth)
	if err != nil {
		return nil, err
	}
	return &Template{root}, nil
}

type compiler struct{ left int }

func (c *compiler) compile(value any, depth int) (any, error) {
	if depth == 0 {
		return nil, models.FieldError("", fmt.Sprintf("a template is at most %d levels deep", maxTemplateDepth))
	}
	var err error
	switch v := value.(type) {
	case string:
		return c.text(v)
	case []any:
		for i := range v {
			if v[i], err = c.compile(v[i], depth-1); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = c.compile(v[name], depth-1); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}

func (c *compiler) text(s string) (any, error) {
	unclosed := models.FieldError("", `a template has {{ without a field and }}; write \{{ for text`)
	var pieces text
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(s, -1) {
		if strings.Contains(s[at:m[0]], "{{") {
			return nil, unclosed
		}
		pieces = append(pieces, piece{literal: s[at:m[0]]})
		at = m[1]
		if m[2] < 0 {
			pieces = append(pieces, piece{literal: "{{"})
			continue
		}
		path := strings.TrimSpace(s[m[2]:m[3]])
		steps := strings.Split(path, ".")
		if !pathForm.MatchString(path) || !slices.Contains(roots, steps[0]) {
			return nil, models.FieldError("", fmt.Sprintf("{{%s}} is no field of a webhook, such as {{type}} or {{data.job_id}}", models.Shorten(path, 60)))
		}
		if c.left--; c.left < 0 {
			return nil, models.FieldError("", fmt.Sprintf("a template has at most %d references", maxReferences))
		}
		pieces = append(pieces, piece{path: steps})
	}
	if at == 0 && !strings.Contains(s, "{{") {
		return s, nil
	}
	if rest := s[at:]; strings.Contains(rest, "{{") {
		return nil, unclosed
	} else if rest != "" {
		pieces = append(pieces, piece{literal: rest})
	}
	return slices.DeleteFunc(pieces, func(p piece) bool { return p.literal == "" && p.path == nil }), nil
}

// Render fills a template.
func (t *Template) Render(p *Payload) ([]byte, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var payload any
	if err := d.Decode(&payload); err != nil {
		return nil, err
	}
	filled, err := fill(t.root, payload, new(int))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(filled); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

var errTooLarge = models.NewError(models.CodePayloadTooLarge, "the body would be larger than 512 KiB")

// fill copies a value with what its references stand for. What is filled in is counted, because a large field can be referred to often.
func fill(value, payload any, used *int) (any, error) {
	switch v := value.(type) {
	case text:
		if len(v) == 1 && v[0].path != nil {
			found := lookup(payload, v[0].path)
			return found, spend(used, found)
		}
		var b strings.Builder
		for _, p := range v {
			if p.path == nil {
				b.WriteString(p.literal)
				continue
			}
			s, err := asText(lookup(payload, p.path))
			if err == nil {
				err = spend(used, s)
			}
			if err != nil {
				return nil, err
			}
			b.WriteString(s)
		}
		return b.String(), nil
	case []any:
		list := make([]any, len(v))
		for i := range v {
			var err error
			if list[i], err = fill(v[i], payload, used); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			var err error
			if object[name], err = fill(v[name], payload, used); err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	return value, nil
}

func spend(used *int, value any) error {
	raw, err := json.Marshal(value)
	if *used += len(raw); err == nil && *used > MaxBody {
		err = errTooLarge
	}
	return err
}

func lookup(value any, path []string) any {
	for _, step := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[step]
	}
	return value
}

func asText(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	raw, err := json.Marshal(value)
	return string(raw), err
}
