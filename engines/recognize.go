package engines

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Mark is what tells that a project is one of an engine: a file, or a package that its code uses.
type Mark struct {
	// File is the name of a file at the project's root, and Text what is in it; "" is anything.
	File, Text string
	// Package is a package of npm that the project depends on, imports, or loads by a script whose file has its name.
	Package string
}

// Found is an engine that a project is probably one of.
type Found struct {
	Name string
	// Major is the first number of the version that the project asks for; "" if it does not say.
	Major string
}

// maxRecognized limits how much code is read to recognize an engine.
const maxRecognized = 4 << 20

// Recognize tells of which of the registry's engines a project can be one, by its files' paths and by what read returns of them. What a manifest
// of packages says counts more than what the code imports.
func (r *Registry) Recognize(paths []string, read func(path string) ([]byte, error)) ([]Found, error) {
	manifest, err := readManifest(paths, read)
	if err != nil {
		return nil, err
	}
	code, err := readCode(paths, read)
	if err != nil {
		return nil, err
	}
	var declared, used []Found
	for _, name := range r.names {
		for _, m := range r.versions[name][0].Info().Marks {
			version, depends := manifest[m.Package]
			switch {
			case m.Package == "":
				if !slices.Contains(paths, m.File) {
					continue
				}
				text, err := read(m.File)
				if err != nil {
					return nil, err
				}
				if strings.Contains(string(text), m.Text) {
					declared = append(declared, Found{Name: name})
				}
			case depends:
				declared = append(declared, Found{name, major.FindString(version)})
			case uses(code, m.Package):
				used = append(used, Found{Name: name})
			default:
				continue
			}
			break
		}
	}
	if len(declared) > 0 {
		return declared, nil
	}
	return used, nil
}

// major is the first number of a version, or of a range of them.
var major = regexp.MustCompile(`\d+`)

func readManifest(paths []string, read func(string) ([]byte, error)) (map[string]string, error) {
	const file = "package.json"
	if !slices.Contains(paths, file) {
		return nil, nil
	}
	raw, err := read(file)
	if err != nil {
		return nil, err
	}
	var m struct {
		Dependencies    map[string]string `json:"dependencies"`
		DevDependencies map[string]string `json:"devDependencies"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, nil //nolint:nilerr // what cannot be read says nothing
	}
	all := make(map[string]string)
	maps.Copy(all, m.DevDependencies)
	maps.Copy(all, m.Dependencies)
	return all, nil
}

// readCode reads the files that may import packages.
func readCode(paths []string, read func(string) ([]byte, error)) (code []string, err error) {
	room := maxRecognized
	for _, p := range paths {
		if !slices.Contains([]string{".js", ".mjs", ".ts", ".jsx", ".tsx", ".html", ".htm"}, strings.ToLower(path.Ext(p))) {
			continue
		}
		raw, err := read(p)
		if err != nil {
			return nil, err
		}
		code = append(code, string(raw))
		if room -= len(raw); room <= 0 {
			break
		}
	}
	return code, nil
}

// uses reports whether code imports a package, or loads a script of its name.
func uses(code []string, pkg string) bool {
	name := regexp.QuoteMeta(pkg)
	script := regexp.QuoteMeta(strings.TrimSuffix(path.Base(pkg), ".js"))
	if scope, _, ok := strings.Cut(pkg, "/"); ok {
		script = regexp.QuoteMeta(strings.TrimPrefix(scope, "@"))
	}
	imports := regexp.MustCompile(`(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["'` + "`" + `]` + name + `(?:/[^"'` + "`" + `]*)?["'` + "`" + `]`)
	loads := regexp.MustCompile(`(?i)<script[^>]{0,500}\bsrc\s*=\s*["']?[^"'>\s]{0,500}\b` + script + `(?:[.-][\w.-]{0,40})?\.js\b`)
	return slices.ContainsFunc(code, func(text string) bool { return imports.MatchString(text) || loads.MatchString(text) })
}
