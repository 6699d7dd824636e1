package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/models"
)

// setting is one thing that can be set: a field of Config, or of an item of one of its lists, with the tag `set`. The other tags are
// `old`, an older name of its variable, `default` and `help`.
type setting struct {
	name  string   // "http.max_connections", "providers[fast].model"
	vars  []string // the variables that set it; the first is derived from the name
	field reflect.Value
	def   string
	help  string
	list  bool // of structs, whose settings follow; it has no variable itself
}

// readable are the variables that set it: a secret may be in a file that the variable with this ending names.
func (s *setting) readable() []string {
	if s.field.Type() != reflect.TypeFor[models.Secret]() {
		return s.vars
	}
	all := slices.Clone(s.vars)
	for _, name := range s.vars {
		all = append(all, name+fileVariable)
	}
	return all
}

// The endings of what names the file of a secret: a variable, and a setting of spark.yaml.
const (
	fileVariable = "_FILE"
	fileSetting  = "_file"
)

// path is where a field is among the settings.
type path struct{ name, variable string }

// root is the path of the Config itself.
var root = path{variable: strings.TrimSuffix(Prefix, "_")}

// field is the path of a field with a name.
func (p path) field(name string) path {
	variable := p.variable + "_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
	if p.name != "" {
		name = p.name + "." + name
	}
	return path{name, variable}
}

// item is the path of an item of a list: by its name if it has one, which is what other settings and variables refer to it by.
func (p path) item(i int, v reflect.Value) path {
	var id string
	if name := v.FieldByName("Name"); name.IsValid() && name.Kind() == reflect.String {
		id = name.String()
	}
	if id == "" {
		id = strconv.Itoa(i)
	}
	return path{p.name + "[" + id + "]", p.variable + "_" + strings.ToUpper(strings.ReplaceAll(id, "-", "_"))}
}

// shape is how a field is read.
type shape int

const (
	scalar shape = iota
	group        // a struct with settings of its own
	list         // of structs
)

func shapeOf(t reflect.Type) shape {
	switch {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return scalar
	case t.Kind() == reflect.Struct:
		return group
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct && shapeOf(t.Elem()) == group:
		return list
	}
	return scalar
}

// fieldsOf calls f for each field of a struct that has a name, including those of embedded structs.
func fieldsOf(v reflect.Value, f func(sf reflect.StructField, field reflect.Value)) {
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		switch {
		case sf.Anonymous:
			fieldsOf(v.Field(i), f)
		case sf.Tag.Get("set") != "":
			f(sf, v.Field(i))
		}
	}
}

// settings are those of a struct, and of the items that its lists have now.
func settings(v reflect.Value, at path) (all []*setting) {
	fieldsOf(v, func(sf reflect.StructField, field reflect.Value) {
		to := at.field(sf.Tag.Get("set"))
		switch shapeOf(sf.Type) {
		case group:
			all = append(all, settings(field, to)...)
		case list:
			all = append(all, &setting{name: to.name, field: field, help: sf.Tag.Get("help"), list: true})
			for i := range field.Len() {
				all = append(all, settings(field.Index(i), to.item(i, field.Index(i)))...)
			}
		default:
			s := &setting{name: to.name, vars: []string{to.variable}, field: field, def: sf.Tag.Get("default"), help: sf.Tag.Get("help")}
			if old := sf.Tag.Get("old"); old != "" {
				s.vars = append(s.vars, Prefix+old)
			}
			all = append(all, s)
		}
	})
	return all
}

// setDefaults gives the settings of a struct their defaults.
func setDefaults(v reflect.Value) {
	for _, s := range settings(v, path{}) {
		if s.def != "" {
			if err := setText(s.field, s.def); err != nil {
				panic(fmt.Sprintf("config: the default of %s: %v", s.name, err)) // a mistake in a tag, which every test finds
			}
		}
	}
}
