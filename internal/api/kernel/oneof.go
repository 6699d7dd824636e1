package kernel

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/spark-games/spark/models"
)

// oneOf reads an object whose schema depends on one of its members, such as a job's kind, wherever the member is.
func (c *checker) oneOf(schema *openapi3.Schema) error {
	name := schema.Discriminator.PropertyName
	raw, err := c.d.ReadValue()
	if err != nil {
		return err
	}
	if raw.Kind() != jsontext.KindBeginObject {
		return c.mistake(models.CodeInvalidRequest, "", "must be an object")
	}
	value, found, err := member(raw, name)
	if err != nil {
		return err
	}
	if !found {
		return c.mistake(models.CodeInvalidRequest, "/"+name, "is required")
	}
	chosen := variant(schema, value)
	if chosen == nil {
		return c.mistake(unknownCode(name), "/"+name, "must be "+choices(slices.Sorted(maps.Keys(schema.Discriminator.Mapping))))
	}
	inner := &checker{d: reader(raw), base: c.base + string(c.d.StackPointer()), found: c.found}
	err = inner.value(chosen)
	c.found = inner.found
	return err
}

// member finds a member of an object that is a string.
func member(object jsontext.Value, name string) (value string, found bool, err error) {
	d := reader(object)
	if _, err := d.ReadToken(); err != nil {
		return "", false, err
	}
	for d.PeekKind() != jsontext.KindEndObject {
		token, err := d.ReadToken()
		if err != nil {
			return "", false, err
		}
		if token.String() != name {
			if err := d.SkipValue(); err != nil {
				return "", false, err
			}
			continue
		}
		raw, err := d.ReadValue()
		if err != nil {
			return "", false, err
		}
		text, err := jsontext.AppendUnquote(nil, raw)
		if raw.Kind() != jsontext.KindString || err != nil {
			return "", true, nil //nolint:nilerr // a value that is no string chooses nothing
		}
		return string(text), true, nil
	}
	return "", false, nil
}

// variant is the schema that a value of the discriminator stands for, or nil.
func variant(schema *openapi3.Schema, value string) *openapi3.Schema {
	ref, ok := schema.Discriminator.Mapping[value]
	if !ok {
		return nil
	}
	i := slices.IndexFunc(schema.OneOf, func(s *openapi3.SchemaRef) bool { return strings.HasSuffix(ref.Ref, s.Ref) })
	if i < 0 {
		panic(errors.New("kernel: the document maps " + value + " to a schema that is not among the choices"))
	}
	return schema.OneOf[i].Value
}
