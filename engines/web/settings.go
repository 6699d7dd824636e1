package web

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
)

// settings are what a project tells the tools that it is usually built with. They are read, never run: what cannot be known so is left out.
type settings struct {
	folder    string // where the page is and rooted addresses begin
	publicDir string
	entries   []string // what a bundler begins with
	outputs   []string // scripts that it makes
	exports   []string // what the package says it is, which may be the game or something else
	aliases   []engines.Alias
	define    map[string]string
}

// maxSettings is the size of the largest file of settings that is read, in bytes.
const maxSettings = 256 << 10

// bundlers are the files at the top of a project by which bundlers are configured.
var bundlers = regexp.MustCompile(`^(?:(vite)|webpack|rollup|rspack|esbuild|build)(?:[.-][\w.-]*)?\.[cm]?[jt]s$`)

var bundlerFolders = map[string]bool{"": true, "config/": true, "webpack/": true, "scripts/": true, "vite/": true}

func readSettings(files map[string][]byte) settings {
	var s settings
	var names []string
	for name, data := range files {
		dir, base := path.Split(name)
		if bundlerFolders[dir] && len(data) <= maxSettings && bundlers.MatchString(base) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if code := string(files[name]); strings.Contains(path.Base(name), "vite") {
			s.readVite(code, packageVersion(files["package.json"]))
		} else {
			s.readBundler(code)
		}
	}
	s.readPackage(files["package.json"])
	missing := func(name string) bool { return files[name] == nil || !IsCode(name) }
	s.entries, s.exports = slices.DeleteFunc(s.entries, missing), slices.DeleteFunc(s.exports, missing)
	return s
}

// readVite reads what a configuration of Vite says that changes where files are and what code means.
func (s *settings) readVite(code, version string) {
	if v, ok := pathOf(code, "root"); ok && s.folder == "" {
		s.folder = inProject("", v)
	}
	if v, ok := pathOf(code, "publicDir"); ok && s.publicDir == "" {
		s.publicDir = inProject(s.folder, v)
	}
	if o, ok := FindObject(code, "alias"); ok {
		s.readAliases(o.Field("alias"))
	}
	if o, ok := FindObject(code, "define"); ok {
		for _, f := range o.Field("define").Fields {
			if v, ok := definition(f.Value, version); ok && identifier.MatchString(f.Key) {
				if s.define == nil {
					s.define = map[string]string{}
				}
				s.define[f.Key] = v
			}
		}
	}
}

// pathOf is a path of a configuration.
func pathOf(code, key string) (string, bool) {
	o, ok := FindObject(code, key)
	if !ok {
		return "", false
	}
	p := o.Field(key).Path()
	return p, p != ""
}

// readBundler reads what webpack, Rollup or esbuild begin with, and what they make of it.
func (s *settings) readBundler(code string) {
	for _, key := range []string{"entry", "entryPoints", "input"} {
		if o, ok := FindObject(code, key); ok {
			s.addEntries(o.Field(key))
		}
	}
	if o, ok := FindObject(code, "outfile"); ok {
		s.outputs = append(s.outputs, inProject("", o.Field("outfile").Path()))
	}
	for _, key := range []string{"filename", "file"} {
		if o, ok := FindObject(code, key); ok {
			dir := ""
			if key == "filename" {
				dir = o.Field("path").Path()
			}
			s.outputs = append(s.outputs, inProject(dir, o.Field(key).Path()))
		}
	}
	if o, ok := FindObject(code, "alias"); ok {
		s.readAliases(o.Field("alias"))
	}
}

func (s *settings) addEntries(v Value) {
	switch v.Kind {
	case List:
		for _, item := range v.Items {
			s.addEntries(item)
		}
	case Object:
		if from := v.Field("import"); from.Kind != Other {
			s.addEntries(from)
			return
		}
		for _, f := range v.Fields {
			s.addEntries(f.Value)
		}
	default:
		if name := inProject("", v.Path()); name != "" {
			s.entries = append(s.entries, name)
		}
	}
}

// readAliases reads the two ways in which aliases are written: an object, and a list of objects.
func (s *settings) readAliases(v Value) {
	add := func(find string, to Value) {
		target := to.Path()
		if find == "" || target == "" {
			return
		}
		a := engines.Alias{Find: find, To: target}
		if to.Kind != String || strings.HasPrefix(target, ".") || strings.HasPrefix(target, "/") {
			a.To, a.File = inProject("", target), true
		}
		s.aliases = append(s.aliases, a)
	}
	for _, f := range v.Fields {
		add(f.Key, f.Value)
	}
	for _, item := range v.Items {
		if find := item.Field("find"); find.Kind == String {
			add(find.Text, item.Field("replacement"))
		}
	}
}

var (
	stringified = regexp.MustCompile(`^JSON\.stringify\s*\(`)
	versionOf   = regexp.MustCompile(`^(?:\w+\.version|process\.env\.npm_package_version)$`)
)

// definition is what code means by a name that a configuration defines: an expression as JSON.
func definition(v Value, version string) (string, bool) {
	text := v.Text
	if v.Kind == String { // is an expression
		inner, _, ok := ReadValue(text)
		if !ok {
			return "", false
		}
		v, text = inner, inner.Text
		if v.Kind == String {
			b, err := json.Marshal(text)
			return string(b), err == nil
		}
		if identifier.MatchString(text) {
			return text, true
		}
	}
	if at := stringified.FindStringIndex(text); at != nil {
		inner, _, ok := ReadValue(text[at[1]:])
		if !ok {
			return "", false
		}
		text = inner.Text
		if inner.Kind == String {
			b, err := json.Marshal(text)
			return string(b), err == nil
		}
	}
	if versionOf.MatchString(text) && version != "" {
		b, err := json.Marshal(version)
		return string(b), err == nil
	}
	return text, json.Valid([]byte(text))
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$`)

// commandEntry and commandOutput are what a command line of a bundler begins with, and makes.
var (
	commandEntry  = regexp.MustCompile(`\b(?:esbuild|parcel(?: build| serve)?|rollup|webpack|browserify)\s+(?:-\S+\s+)*([\w./-]+\.[cm]?[jt]sx?)\b`)
	commandOutput = regexp.MustCompile(`(?:--outfile[= ]|--file[= ]|\s-o )([\w./-]+\.js)\b`)
)

func (s *settings) readPackage(data []byte) {
	var m struct {
		Source  json.RawMessage   `json:"source"`
		Main    string            `json:"main"`
		Module  string            `json:"module"`
		Scripts map[string]string `json:"scripts"`
	}
	if len(data) > maxSettings || json.Unmarshal(data, &m) != nil {
		return
	}
	for _, key := range []string{"build", "dev", "start", "watch", "bundle"} {
		for _, found := range commandEntry.FindAllStringSubmatch(m.Scripts[key], -1) {
			s.entries = append(s.entries, inProject("", found[1]))
		}
		for _, found := range commandOutput.FindAllStringSubmatch(m.Scripts[key], -1) {
			s.outputs = append(s.outputs, inProject("", found[1]))
		}
	}
	var list []string
	if one := ""; json.Unmarshal(m.Source, &one) == nil {
		list = []string{one}
	} else if json.Unmarshal(m.Source, &list) != nil {
		list = nil
	}
	for _, name := range list {
		s.entries = append(s.entries, inProject("", name))
	}
	s.exports = []string{inProject("", m.Module), inProject("", m.Main)}
}

func packageVersion(data []byte) string {
	var m struct {
		Version string `json:"version"`
	}
	if len(data) > maxSettings || json.Unmarshal(data, &m) != nil {
		return ""
	}
	return m.Version
}

// inProject is a path of the project from one of its folders, "" for the project itself and for what is outside of it.
func inProject(dir, name string) string {
	if strings.HasPrefix(name, "/") {
		dir = ""
	}
	name = path.Join(dir, strings.TrimPrefix(name, "/"))
	if name == "." || name == ".." || strings.HasPrefix(name, "../") {
		return ""
	}
	return name
}

// makes reports whether a script is what a bundler makes, as far as the settings tell. The page may name it from another folder.
func (s *settings) makes(name string) bool {
	return slices.ContainsFunc(s.outputs, func(output string) bool {
		return output != "" && (output == name || strings.HasSuffix(output, "/"+name))
	})
}
