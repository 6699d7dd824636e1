package reference

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// field is a member of an object, as the page shows it.
type field struct {
	Name        string
	Required    bool
	Type        template.HTML
	Limits      string
	Description template.HTML
	Fields      []field // of an object that has no name of its own
}

// object is a schema, as the page shows it.
type object struct {
	Name        string
	Description template.HTML
	Type        template.HTML // of what is no object
	Limits      string
	Fields      []field
}

func newObject(name string, ref *openapi3.SchemaRef) object {
	s := ref.Value
	o := object{Name: name, Description: markdown(s.Description), Fields: fields(s)}
	if o.Fields == nil {
		o.Type, o.Limits = typeOf(&openapi3.SchemaRef{Value: s}), limits(s)
	}
	return o
}

// fields are the members of an object, with those of the schemas that it is made of.
func fields(s *openapi3.Schema) []field {
	var all []field
	for _, part := range s.AllOf {
		all = append(all, fields(part.Value)...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		f := field{Name: name, Required: slices.Contains(s.Required, name), Type: typeOf(p), Limits: limits(p.Value), Description: inline(p.Value.Description)}
		if named(p) == "" {
			f.Fields = fields(p.Value)
			if items := p.Value.Items; items != nil && named(items) == "" {
				f.Fields = fields(items.Value)
			}
		}
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b field) int { // what must be there comes first
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return all
}

// named is the name of the component that a schema refers to, "" if it has none.
func named(ref *openapi3.SchemaRef) string {
	if ref.Ref == "" && len(ref.Value.AllOf) == 1 && len(ref.Value.Properties) == 0 {
		ref = ref.Value.AllOf[0] // a reference with more around it
	}
	_, name, _ := strings.Cut(ref.Ref, "#/components/schemas/")
	return name
}

func link(name string) string {
	return fmt.Sprintf(`<a href="#schema-%s">%s</a>`, name, template.HTMLEscapeString(name))
}

// typeOf is the type of a value, with links to what has a name.
func typeOf(ref *openapi3.SchemaRef) template.HTML {
	s := ref.Value
	var text string
	switch name := named(ref); {
	case name != "":
		text = link(name)
	case len(s.OneOf) > 0:
		var names []string
		for _, one := range s.OneOf {
			names = append(names, link(named(one)))
		}
		text = strings.Join(names, " or ")
	case s.Type.Is(openapi3.TypeArray):
		text = "list of " + string(typeOf(s.Items))
	case len(s.Enum) > 0:
		var values []string
		for _, v := range s.Enum {
			values = append(values, "<code>"+template.HTMLEscapeString(strconv.Quote(fmt.Sprint(v)))+"</code>")
		}
		text = strings.Join(values, " or ")
	case s.Format == "date-time":
		text = "time"
	case s.Format == "binary":
		text = "bytes"
	case s.Type.Is(openapi3.TypeObject) && s.AdditionalProperties.Schema != nil:
		text = "object of " + string(typeOf(s.AdditionalProperties.Schema))
	case s.Type != nil && len(*s.Type) > 0:
		text = (*s.Type)[0]
	case len(s.AllOf) > 0:
		text = "object"
	default:
		text = "anything"
	}
	if s.Nullable {
		text += " or <code>null</code>"
	}
	return template.HTML(text) //nolint:gosec // what is not of this function is escaped
}

// limits are what a value must keep to.
func limits(s *openapi3.Schema) string {
	var all []string
	between := func(least, most, what string) {
		switch {
		case least != "" && most != "":
			all = append(all, least+" to "+most+what)
		case least != "":
			all = append(all, "at least "+least+what)
		case most != "":
			all = append(all, "at most "+most+what)
		}
	}
	number := func(f *float64) string {
		if f == nil || *f < -1<<53 || *f > 1<<53 { // what no caller comes near
			return ""
		}
		return strconv.FormatFloat(*f, 'f', -1, 64)
	}
	count := func(n *uint64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatUint(*n, 10)
	}
	least := func(n uint64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatUint(n, 10)
	}
	between(number(s.Min), number(s.Max), "")
	if s.Format != "date-time" && s.Format != "uuid" {
		between(least(s.MinLength), count(s.MaxLength), " characters")
	}
	between(least(s.MinItems), count(s.MaxItems), " items")
	between(least(s.MinProps), count(s.MaxProps), " members")
	if s.Default != nil {
		all = append(all, fmt.Sprintf("default %v", s.Default))
	}
	return strings.Join(all, ", ")
}
