package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/spark-games/spark/internal/platform/suggest"
	"github.com/spark-games/spark/models"
)

const (
	// FileVariable names the file, which must be there; without it, defaultFile is read if it is there.
	FileVariable = Prefix + "CONFIG"
	defaultFile  = "spark.yaml"

	maxFile  = 1 << 20 // bytes
	maxItems = 1000    // of one list
)

// file reads the settings of a file into a Config. It records mistakes and continues, so that all of them are reported together.
type file struct {
	name     string
	origins  map[string]Origin
	all      []string // the names of all settings, for suggestions
	problems Problems
}

// readFile reads the configured file, or the default one if there is one.
func (c *Config) readFile(getenv func(string) string) error {
	name, named := getenv(FileVariable), true
	if name == "" {
		name, named = defaultFile, false
	}
	data, err := bounded(name)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		problem := Problem{Origin: Origin{File: name}, Text: reason(err).Error()}
		if named {
			problem.Text += " (" + FileVariable + ")"
		}
		return Problems{problem}
	}
	c.file = name
	return c.parse(name, data)
}

// bounded reads a file that is not larger than a configuration is.
func bounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is no regular file")
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errors.New("it is larger than 1 MiB")
	}
	return data, err
}

// reason is an error of the file system without the path, which the message names already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// parse reads the text of a file.
func (c *Config) parse(name string, data []byte) error {
	f := &file{name: name, origins: c.origins}
	for _, s := range c.settings() {
		f.all = append(f.all, s.name)
	}
	if doc := f.document(data); doc != nil {
		f.group(doc, reflect.ValueOf(c).Elem(), path{})
	}
	return f.problems.orNil()
}

// document is the only document of a file; nil if it has none.
func (f *file) document(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		if err = dec.Decode(&more); err == nil {
			f.fail(&more, "", "the file has a second document")
			return nil
		}
	}
	if !errors.Is(err, io.EOF) {
		f.syntax(err)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Tag == "!!null" {
		return nil // comments
	}
	return doc.Content[0]
}

// syntax records a parser's error, "yaml: line 3: …", with its line where it belongs.
func (f *file) syntax(err error) {
	p := Problem{Origin: Origin{File: f.name}, Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	if n, _ := fmt.Sscanf(p.Text, "line %d: ", &p.Line); n == 1 {
		_, p.Text, _ = strings.Cut(p.Text, ": ")
	}
	f.problems = append(f.problems, p)
}

func (f *file) fail(n *yaml.Node, setting, format string, args ...any) {
	f.problems = append(f.problems, Problem{Origin{File: f.name, Line: n.Line}, setting, fmt.Sprintf(format, args...)})
}

// plain refuses what a configuration has no use for, and what a reader could be deceived by: references to other parts, and tags.
func (f *file) plain(n *yaml.Node, setting string) bool {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "" || n.Tag == "!!merge":
		f.fail(n, setting, "anchors and aliases are not used here: write it out")
	case n.Style&yaml.TaggedStyle != 0:
		f.fail(n, setting, "tags are not used here")
	default:
		return true
	}
	return false
}

// group reads a mapping into a struct.
func (f *file) group(n *yaml.Node, v reflect.Value, at path) {
	if !f.plain(n, at.name) {
		return
	}
	if n.Kind != yaml.MappingNode {
		f.fail(n, at.name, "must be a mapping of settings, such as %q", firstOf(v)+": …")
		return
	}
	known := make(map[string]reflect.Value)
	fieldsOf(v, func(sf reflect.StructField, field reflect.Value) { nest(known, sf.Tag.Get("set"), field) })
	f.mapping(n, known, at)
}

// nested stands for a mapping that has no struct of its own, because its settings are fields beside others: "http" of "http.addr".
type nested map[string]reflect.Value

// nest adds a field to those of a mapping, under each part of its name. Where a struct and single fields share a part, as "redis.url" and the struct
// of "redis.ca_file" do, the fields of both are beside one another.
func nest(known map[string]reflect.Value, name string, field reflect.Value) {
	first, rest, more := strings.Cut(name, ".")
	there, taken := known[first]
	if !more && !taken {
		known[first] = field
		return
	}
	inner, ok := nested(nil), false
	if taken {
		inner, ok = reflect.TypeAssert[nested](there)
	}
	if !ok {
		inner = make(nested)
		known[first] = reflect.ValueOf(inner)
		if taken {
			inner.add(there)
		}
	}
	if more {
		nest(inner, rest, field)
		return
	}
	inner.add(field)
}

// add adds the fields of a struct.
func (n nested) add(group reflect.Value) {
	fieldsOf(group, func(sf reflect.StructField, field reflect.Value) { nest(n, sf.Tag.Get("set"), field) })
}

// mapping reads each value of a mapping into the field of its key.
func (f *file) mapping(n *yaml.Node, known map[string]reflect.Value, at path) {
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !f.plain(key, at.name) {
			continue
		}
		field, ok := known[key.Value]
		if name, isFile := strings.CutSuffix(key.Value, fileSetting); !ok && isFile && isSecret(known[name]) {
			f.secretFile(value, known[name], at.field(name).name)
			continue
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			f.fail(key, at.name, "a setting's name is a word")
		case !ok:
			f.unknown(key, known, at)
		case seen[key.Value]:
			f.fail(key, at.field(key.Value).name, "is there twice")
		case f.has(at.field(key.Value).name) && shapeOf(field.Type()) == scalar:
			f.fail(key, at.field(key.Value).name, "sets the same as %s%s", key.Value, fileSetting)
		default:
			seen[key.Value] = true
			f.value(value, field, at.field(key.Value))
		}
	}
}

func (f *file) unknown(key *yaml.Node, known map[string]reflect.Value, at path) {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	name := at.field(short(key.Value)).name
	switch near := suggest.Nearest(key.Value, names); {
	case slices.Contains(f.all, key.Value) && strings.Contains(key.Value, "."):
		first, rest, _ := strings.Cut(key.Value, ".")
		f.fail(key, name, "write the parts of a name below one another: %s: {%s: …}", first, rest)
	case near != "":
		f.fail(key, name, "no such setting; did you mean %s?", at.field(near).name)
	default:
		if i := slices.IndexFunc(f.all, func(s string) bool { return strings.HasSuffix(s, "."+key.Value) }); i >= 0 {
			f.fail(key, name, "no such setting; did you mean %s?", f.all[i])
			return
		}
		f.fail(key, name, "no such setting; there are: %s", strings.Join(names, ", "))
	}
}

// value reads what belongs to one name.
func (f *file) value(n *yaml.Node, field reflect.Value, at path) {
	if !f.plain(n, at.name) {
		return
	}
	nothing := n.Kind == yaml.ScalarNode && n.Tag == "!!null"
	inner, isNested := reflect.TypeAssert[nested](field)
	switch kind := shapeOf(field.Type()); {
	case nothing && (isNested || kind != scalar): // everything in it is commented out
	case isNested && n.Kind != yaml.MappingNode:
		f.fail(n, at.name, "must be a mapping of settings")
	case isNested:
		f.mapping(n, inner, at)
	case kind == group:
		f.group(n, field, at)
	case kind == list:
		f.list(n, field, at)
	case nothing:
		f.fail(n, at.name, `has no value: leave it out for the default, or write ""`)
	default:
		f.scalar(n, field, at.name)
	}
}

// itemName is what an item of a list may be called: it is part of the names of its variables, and others refer to it.
var itemName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

const maxItemName = 40

// list reads a sequence of mappings into a slice of structs. If these have names, each has one of its own.
func (f *file) list(n *yaml.Node, field reflect.Value, at path) {
	if n.Kind != yaml.SequenceNode || len(n.Content) > maxItems {
		f.fail(n, at.name, `must be a list of at most %d, each beginning with "- "`, maxItems)
		return
	}
	field.Set(reflect.MakeSlice(field.Type(), len(n.Content), len(n.Content)))
	seen := make(map[string]bool)
	for i, item := range n.Content {
		v := field.Index(i)
		setDefaults(v)
		name := v.FieldByName("Name")
		if name.IsValid() && item.Kind == yaml.MappingNode { // first, because the other settings are named by it
			for j := 0; j+1 < len(item.Content); j += 2 {
				if item.Content[j].Value == "name" {
					name.SetString(item.Content[j+1].Value)
				}
			}
			switch id := name.String(); {
			case !itemName.MatchString(id) || len(id) > maxItemName:
				f.fail(item, fmt.Sprintf("%s[%d].name", at.name, i), `must be there, as lower-case letters, digits and "-" between them, at most %d`,
					maxItemName)
				name.SetString("")
			case seen[id]:
				f.fail(item, fmt.Sprintf("%s[%d].name", at.name, i), "%q is there twice", id)
			}
			seen[name.String()] = true
		}
		to := at.item(i, v)
		f.group(item, v, to)
		if !f.has(to.name) {
			f.origins[to.name] = Origin{File: f.name, Line: item.Line}
		}
	}
}

func (f *file) has(name string) bool { _, ok := f.origins[name]; return ok }

// scalar reads one value. Lists and tables of texts may be written as YAML has them, or with commas between, as in a variable.
func (f *file) scalar(n *yaml.Node, field reflect.Value, name string) {
	entries, ok := f.entries(n, field, name)
	if !ok {
		return
	}
	if err := setEntries(field, n.Kind, entries); err != nil {
		f.fail(n, name, "%v", err)
		return
	}
	f.origins[name] = Origin{File: f.name, Line: n.Line}
}

func isSecret(field reflect.Value) bool {
	return field.IsValid() && field.Type() == reflect.TypeFor[models.Secret]()
}

// secretFile reads the name of a file that has a secret.
func (f *file) secretFile(n *yaml.Node, field reflect.Value, name string) {
	if _, set := f.origins[name]; set {
		f.fail(n, name+fileSetting, "sets the same as %s", name)
		return
	}
	if !f.plain(n, name) || n.Kind != yaml.ScalarNode || n.Value == "" || strings.ContainsRune(n.Value, 0) {
		f.fail(n, name+fileSetting, "must be the name of a file")
		return
	}
	field.Set(reflect.ValueOf(models.NewSecret(FileScheme + n.Value)))
	f.origins[name] = Origin{File: f.name, Line: n.Line}
}

// setEntries gives a field the value of a node's texts. Where a list's entries are any texts, they may have commas in them.
func setEntries(field reflect.Value, kind yaml.Kind, entries []string) error {
	if _, ok := reflect.TypeAssert[[]string](field); ok && kind == yaml.SequenceNode {
		field.Set(reflect.ValueOf(entries))
		return nil
	}
	if kind != yaml.MappingNode {
		return setText(field, strings.Join(entries, ","))
	}
	table, pairs := make(map[string]string), make([]string, 0, len(entries)/2)
	for i := 0; i+1 < len(entries); i += 2 {
		table[entries[i]] = entries[i+1]
		pairs = append(pairs, entries[i]+"="+entries[i+1])
	}
	if _, ok := reflect.TypeAssert[map[string]string](field); ok {
		field.Set(reflect.ValueOf(table))
		return nil
	}
	return setText(field, strings.Join(pairs, ","))
}

// entries are the texts of a value: one, or those of a list, or the keys and values of a table.
func (f *file) entries(n *yaml.Node, field reflect.Value, name string) (all []string, ok bool) {
	parts := n.Content
	switch {
	case n.Kind == yaml.ScalarNode:
		parts = []*yaml.Node{n}
	case n.Kind == yaml.SequenceNode && field.Kind() != reflect.Slice, n.Kind == yaml.MappingNode && field.Kind() != reflect.Map:
		f.fail(n, name, "must be one value")
		return nil, false
	}
	seen := make(map[string]bool)
	for i, one := range parts {
		switch {
		case !f.plain(one, name):
			return nil, false
		case one.Kind != yaml.ScalarNode || one != n && one.Value == "":
			f.fail(one, name, "has an entry that is empty, or is more than one value")
			return nil, false
		case strings.ContainsRune(one.Value, 0):
			f.fail(one, name, "has a NUL")
			return nil, false
		case n.Kind == yaml.MappingNode && i%2 == 0 && seen[one.Value]:
			f.fail(one, name, "%q is there twice", short(one.Value))
			return nil, false
		}
		seen[one.Value] = true
		all = append(all, one.Value)
	}
	return all, true
}

// firstOf is the name of the first setting of a struct, as an example.
func firstOf(v reflect.Value) (name string) {
	fieldsOf(v, func(sf reflect.StructField, _ reflect.Value) {
		if name == "" {
			name = sf.Tag.Get("set")
		}
	})
	return name
}
