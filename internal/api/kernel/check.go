package kernel

import (
	"bytes"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/models"
)

// maxFieldErrors limits a response, and its cost: a body can have as many mistakes as fields.
const maxFieldErrors = 20

// checkJSON validates a body. The error is FieldErrors if it is a JSON value that the schema refuses. Time and memory are linear
// in the size of the body: it is read token by token, and stops after the first mistakes.
func checkJSON(schema *openapi3.Schema, raw []byte) error {
	if err := scanJSON(raw); err != nil {
		return err
	}
	c := &checker{d: reader(raw)}
	if err := c.value(schema); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if len(c.found) == 0 {
		return nil
	}
	return c.found
}

// errEnough ends a check that has found enough.
var errEnough = errors.New("enough mistakes")

// checker reads a body that scanJSON has accepted, and checks each value against its schema. It supports the parts of JSON
// Schema that the document uses for bodies, which TestDocumentIsChecked verifies.
type checker struct {
	d     *jsontext.Decoder
	base  string // pointer of the value that d reads
	found FieldErrors
}

// reader reads what scanJSON has passed: names are not compared again.
func reader(raw []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true))
}

// mistake records a mistake at a pointer below the value that was read last.
func (c *checker) mistake(code models.Code, below, message string) error {
	c.found = append(c.found, &models.Error{Code: code, Pointer: c.base + string(c.d.StackPointer()) + below, Message: message})
	if len(c.found) >= maxFieldErrors {
		return errEnough
	}
	return nil
}

// value reads one value.
func (c *checker) value(schema *openapi3.Schema) error {
	if len(schema.AllOf) == 1 { // a reference with more around it
		nullable := schema.Nullable
		schema = schema.AllOf[0].Value
		if nullable && c.d.PeekKind() == jsontext.KindNull {
			return c.d.SkipValue()
		}
	}
	if schema.Discriminator != nil {
		return c.oneOf(schema)
	}
	kind := c.d.PeekKind()
	if kind == jsontext.KindNull && schema.Nullable {
		return c.d.SkipValue()
	}
	if want, ok := wrongType(schema, kind); !ok {
		if err := c.d.SkipValue(); err != nil {
			return err
		}
		return c.mistake(models.CodeInvalidRequest, "", "must be "+want)
	}
	switch kind {
	case jsontext.KindBeginObject:
		return c.object(schema)
	case jsontext.KindBeginArray:
		return c.array(schema)
	}
	token, err := c.d.ReadToken()
	if err != nil {
		return err
	}
	switch kind {
	case jsontext.KindString:
		return c.text(schema, token.String())
	case jsontext.KindNumber:
		return c.number(schema, token.String())
	}
	return nil
}

// wrongType says what a value must be, unless it is.
func wrongType(schema *openapi3.Schema, kind jsontext.Kind) (want string, ok bool) {
	is := func(kinds ...jsontext.Kind) bool { return slices.Contains(kinds, kind) }
	switch {
	case schema.Type == nil:
		return "", true
	case schema.Type.Is(openapi3.TypeObject):
		return "an object", is(jsontext.KindBeginObject)
	case schema.Type.Is(openapi3.TypeArray):
		return "a list", is(jsontext.KindBeginArray)
	case schema.Type.Is(openapi3.TypeString):
		return "a string", is(jsontext.KindString)
	case schema.Type.Is(openapi3.TypeBoolean):
		return "true or false", is(jsontext.KindTrue, jsontext.KindFalse)
	case schema.Type.Is(openapi3.TypeInteger):
		return "a whole number", is(jsontext.KindNumber)
	}
	return "a number", is(jsontext.KindNumber)
}

func (c *checker) object(schema *openapi3.Schema) error {
	if _, err := c.d.ReadToken(); err != nil {
		return err
	}
	missing := slices.Clone(schema.Required)
	n := uint64(0)
	for c.d.PeekKind() != jsontext.KindEndObject {
		token, err := c.d.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		n++
		missing = slices.DeleteFunc(missing, func(m string) bool { return m == name })
		switch member := schema.Properties[name]; {
		case member != nil:
			err = c.value(member.Value)
		case schema.AdditionalProperties.Schema != nil:
			err = c.value(schema.AdditionalProperties.Schema.Value)
		case closed(schema):
			if err = c.d.SkipValue(); err == nil {
				err = c.mistake(models.CodeInvalidRequest, "", "unknown field")
			}
		default:
			err = c.d.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	if _, err := c.d.ReadToken(); err != nil {
		return err
	}
	if n < schema.MinProps {
		if err := c.mistake(models.CodeInvalidRequest, "", "is empty"); err != nil {
			return err
		}
	}
	if schema.MaxProps != nil && n > *schema.MaxProps {
		if err := c.mistake(models.CodeInvalidRequest, "", "has more than "+strconv.FormatUint(*schema.MaxProps, 10)+" members"); err != nil {
			return err
		}
	}
	for _, name := range missing {
		if err := c.mistake(models.CodeInvalidRequest, "/"+name, "is required"); err != nil {
			return err
		}
	}
	return nil
}

// closed reports whether an object has no members but those of its schema.
func closed(schema *openapi3.Schema) bool {
	allowed := schema.AdditionalProperties.Has
	return allowed != nil && !*allowed
}

func (c *checker) array(schema *openapi3.Schema) error {
	if _, err := c.d.ReadToken(); err != nil {
		return err
	}
	n := uint64(0)
	for ; c.d.PeekKind() != jsontext.KindEndArray; n++ {
		if schema.MaxItems != nil && n >= *schema.MaxItems {
			c.found = append(c.found, models.FieldError(c.base+parent(c.d), "has more than "+strconv.FormatUint(*schema.MaxItems, 10)+" items"))
			return errEnough // the rest is not worth reading
		}
		var err error
		if schema.Items == nil {
			err = c.d.SkipValue()
		} else {
			err = c.value(schema.Items.Value)
		}
		if err != nil {
			return err
		}
	}
	if _, err := c.d.ReadToken(); err != nil {
		return err
	}
	if n < schema.MinItems {
		return c.mistake(models.CodeInvalidRequest, "", "has fewer than "+strconv.FormatUint(schema.MinItems, 10)+" items")
	}
	return nil
}

// parent is the pointer of the list whose item was read last.
func parent(d *jsontext.Decoder) string {
	p := string(d.StackPointer())
	return p[:strings.LastIndexByte(p, '/')]
}

func (c *checker) text(schema *openapi3.Schema, s string) error {
	switch n := uint64(utf8.RuneCountInString(s)); {
	case len(schema.Enum) > 0 && !slices.Contains(schema.Enum, any(s)):
		return c.mistake(unknownCode(c.d.StackPointer().LastToken()), "", "must be "+choices(schema.Enum))
	case schema.MaxLength != nil && n > *schema.MaxLength:
		return c.mistake(models.CodeInvalidRequest, "", "at most "+strconv.FormatUint(*schema.MaxLength, 10)+" characters")
	case n < schema.MinLength:
		return c.mistake(models.CodeInvalidRequest, "", "at least "+strconv.FormatUint(schema.MinLength, 10)+" characters")
	case schema.Format == "date-time" && !isTime(s):
		return c.mistake(models.CodeInvalidRequest, "", "must be a time such as 2026-01-31T12:00:00Z (RFC 3339)")
	}
	return nil
}

func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

func (c *checker) number(schema *openapi3.Schema, s string) error {
	if schema.Type == nil || !schema.Type.Is(openapi3.TypeInteger) {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return c.mistake(models.CodeInvalidRequest, "", "must be a whole number of 64 bits")
	case schema.Min != nil && float64(n) < *schema.Min:
		return c.mistake(models.CodeInvalidRequest, "", "at least "+strconv.FormatFloat(*schema.Min, 'f', -1, 64))
	case schema.Max != nil && float64(n) > *schema.Max:
		return c.mistake(models.CodeInvalidRequest, "", "at most "+strconv.FormatFloat(*schema.Max, 'f', -1, 64))
	}
	return nil
}

// unknownCode is the code of a value that a member does not know: an unknown kind of job has one of its own.
func unknownCode(member string) models.Code {
	if member == "kind" {
		return models.CodeUnknownKind
	}
	return models.CodeInvalidRequest
}

// choices writes "a, b or c".
func choices[T any](values []T) string {
	var names []string
	for _, v := range values {
		if s, _ := any(v).(string); s != "" { // "" is the default
			names = append(names, s)
		}
	}
	var b strings.Builder
	for i, name := range names {
		switch {
		case i > 0 && i == len(names)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}
