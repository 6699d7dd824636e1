package kernel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/openapi"
)

const fieldsParameter = "fields"

// fields is what is wanted of an object: for each name, what is wanted of its value; nil is all of it.
type fields map[string]fields

// selectFields leaves out of a page what the parameter "fields" does not name.
func (k *Kernel) selectFields(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.Request.URL.RawQuery == "" {
			return
		}
		list := c.Request.URL.Query().Get(fieldsParameter)
		if list == "" {
			return
		}
		wanted, err := parseFields(list, op.Item)
		if err != nil {
			k.Fail(c, err)
			return
		}
		out := c.Writer
		held := &heldAnswer{ResponseWriter: out}
		c.Writer = held
		func() {
			defer func() { c.Writer = out }() // also of a panic, whose answer is another
			c.Next()
		}()
		body := held.body.Bytes()
		if out.Status() == http.StatusOK {
			if body, err = pageOf(body, wanted); err != nil {
				k.Fail(c, err)
				return
			}
		}
		_, _ = out.Write(body) // an error means that the client has gone
	}
}

// parseFields reads names with commas between, whose dots lead into objects. Where the document describes an object, it has to have the name.
func parseFields(list string, described *openapi3.Schema) (fields, error) {
	wanted := make(fields)
	for path := range strings.SplitSeq(list, ",") {
		path = strings.TrimSpace(path)
		names := strings.Split(path, ".")
		at, schema, whole := wanted, described, false
		for i, name := range names {
			var err error
			if schema, err = field(schema, name); err != nil {
				return nil, ParameterError(fieldsParameter, fmt.Sprintf("has %q: %s", path, err))
			}
			inner, seen := at[name]
			switch {
			case whole: // of what an earlier path wants all of
			case i == len(names)-1:
				at[name] = nil
			case seen && inner == nil:
				whole = true
			default:
				if inner == nil {
					inner = make(fields)
					at[name] = inner
				}
				at = inner
			}
		}
	}
	return wanted, nil
}

// field is the schema of what an object has under a name; nil if the document leaves open what is there.
func field(of *openapi3.Schema, name string) (*openapi3.Schema, error) {
	if name == "" {
		return nil, errNoName
	}
	for of != nil && of.Items != nil {
		of = of.Items.Value
	}
	if of == nil {
		return nil, nil //nolint:nilnil // anything may be there
	}
	known := properties(of)
	switch found, ok := known[name]; {
	case ok:
		return found, nil
	case len(known) == 0 && !scalar(of):
		return nil, nil //nolint:nilnil // the same
	case len(known) == 0:
		return nil, fmt.Errorf("there are no fields where %q should be", name)
	}
	names := make([]string, 0, len(known))
	for n := range known {
		names = append(names, n)
	}
	slices.Sort(names)
	return nil, fmt.Errorf("there is no field %q; there are %s", name, strings.Join(names, ", "))
}

var errNoName = fmt.Errorf("a name is empty")

func scalar(s *openapi3.Schema) bool {
	return s.Type != nil && !s.Type.Includes(openapi3.TypeObject) && !s.Type.Includes(openapi3.TypeArray)
}

// properties are those of a schema and of everything that it is composed of.
func properties(s *openapi3.Schema) map[string]*openapi3.Schema {
	all := make(map[string]*openapi3.Schema)
	for name, p := range s.Properties {
		all[name] = p.Value
	}
	for _, parts := range []openapi3.SchemaRefs{s.AllOf, s.OneOf, s.AnyOf} {
		for _, part := range parts {
			for name, p := range properties(part.Value) {
				if before, ok := all[name]; ok && before != p {
					p = nil // described in several ways
				}
				all[name] = p
			}
		}
	}
	return all
}

// pageOf is a page whose objects have only what is wanted.
func pageOf(page []byte, wanted fields) ([]byte, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(page, &whole); err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	data, err := wanted.of(whole["data"])
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	whole["data"] = data
	out, err := json.Marshal(whole)
	return append(out, '\n'), err
}

// of is what is wanted of a value: of an object those of its fields, of a list that of each, of everything else all.
func (f fields) of(value json.RawMessage) (json.RawMessage, error) {
	value = bytes.TrimSpace(value)
	if f == nil || len(value) == 0 {
		return value, nil
	}
	switch value[0] {
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(value, &list); err != nil {
			return nil, err
		}
		for i := range list {
			var err error
			if list[i], err = f.of(list[i]); err != nil {
				return nil, err
			}
		}
		return json.Marshal(list)
	case '{':
		var object map[string]json.RawMessage
		if err := json.Unmarshal(value, &object); err != nil {
			return nil, err
		}
		for name, v := range object {
			inner, ok := f[name]
			if !ok {
				delete(object, name)
				continue
			}
			var err error
			if object[name], err = inner.of(v); err != nil {
				return nil, err
			}
		}
		return json.Marshal(object)
	}
	return value, nil
}
