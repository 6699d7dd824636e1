package bundle

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// tsconfig is what a project's tsconfig.json says that matters to a bundle. esbuild gets a cleaned copy and never reads
// the file itself, so that "extends", "baseUrl" and "paths" cannot point outside the project.
type tsconfig struct {
	raw     string
	baseURL string // project folder, "" for none
	paths   []pathAlias
}

type pathAlias struct {
	prefix, suffix string // around the star; suffix is empty and exact true without one
	exact          bool
	targets        []string
}

// kept are the compiler options that esbuild understands and that name no file.
var kept = []string{
	"alwaysStrict", "experimentalDecorators", "importsNotUsedAsValues", "jsx", "jsxFactory", "jsxFragmentFactory",
	"jsxImportSource", "preserveValueImports", "strict", "target", "useDefineForClassFields", "verbatimModuleSyntax",
}

const maxConfigs = 16

// tsReader gathers what the configurations of a project say.
type tsReader struct {
	p       *project
	config  tsconfig
	options map[string]json.RawMessage
	read    map[string]bool
	left    int // how many files may still be read
}

func (p *project) readTSConfig() tsconfig {
	r := &tsReader{p: p, options: map[string]json.RawMessage{}, read: map[string]bool{}, left: maxConfigs}
	name := "tsconfig.json"
	if _, ok := p.files[name]; !ok {
		name = "jsconfig.json"
	}
	r.file(name)
	clean := map[string]json.RawMessage{}
	for _, key := range kept {
		if v, ok := r.options[key]; ok {
			clean[key] = v
		}
	}
	r.config.raw = "{}"
	if raw, err := json.Marshal(map[string]any{"compilerOptions": clean}); err == nil {
		r.config.raw = string(raw)
	}
	return r.config
}

// file reads a configuration, those that it builds upon, and those that it refers to. What was read first wins: the file itself, of a
// list to build upon the last, and of references the first that says something of the kind.
func (r *tsReader) file(name string) {
	data, ok := r.p.files[name]
	if !ok || r.read[name] || r.left == 0 {
		return
	}
	r.read[name] = true
	r.left--
	var file struct {
		Extends         json.RawMessage            `json:"extends"`
		CompilerOptions map[string]json.RawMessage `json:"compilerOptions"`
		References      []struct {
			Path string `json:"path"`
		} `json:"references"`
	}
	if err := json.Unmarshal(plainJSON(data), &file); err != nil {
		r.p.fail(name, "not valid JSON: "+err.Error())
		return
	}
	dir := path.Dir(name)
	for key, v := range file.CompilerOptions {
		if _, set := r.options[key]; set {
			continue
		}
		r.options[key] = v
		switch key {
		case "baseUrl":
			r.config.baseURL = r.p.inside(name, key, dir, v)
		case "paths":
			base := dir
			if b, ok := file.CompilerOptions["baseUrl"]; ok {
				base = r.p.inside(name, "baseUrl", dir, b)
			}
			r.config.paths = r.p.readPaths(name, base, v)
		}
	}
	var all []string
	if one := ""; json.Unmarshal(file.Extends, &one) == nil {
		all = []string{one}
	} else if json.Unmarshal(file.Extends, &all) != nil {
		all = nil
	}
	for _, one := range slices.Backward(all) {
		if target := r.p.configFile(name, dir, "extends", one); target != "" {
			r.file(target)
		}
	}
	for _, reference := range file.References {
		target := r.p.configFile(name, dir, "references", "./"+reference.Path)
		if _, ok := r.p.files[target]; !ok {
			target = path.Join(strings.TrimSuffix(target, ".json"), "tsconfig.json")
		}
		r.file(target)
	}
}

// configFile is the project file that a configuration names; packages are skipped, because they are not installed.
func (p *project) configFile(from, dir, key, name string) string {
	if !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "/") {
		return ""
	}
	target := path.Join(dir, name)
	if strings.HasPrefix(name, "/") || target == ".." || strings.HasPrefix(target, "../") {
		p.fail(from, fmt.Sprintf("%q leaves the project: %q", key, name))
		return ""
	}
	if _, ok := p.files[target]; !ok {
		target += ".json"
	}
	return target
}

// inside reads an option that names a folder of the project.
func (p *project) inside(from, key, dir string, raw json.RawMessage) string {
	var v string
	if json.Unmarshal(raw, &v) != nil {
		return dir
	}
	target := path.Join(dir, v)
	if strings.HasPrefix(v, "/") || target == ".." || strings.HasPrefix(target, "../") {
		p.fail(from, fmt.Sprintf("%q leaves the project: %q", key, v))
		return dir
	}
	return target
}

func (p *project) readPaths(from, base string, raw json.RawMessage) []pathAlias {
	var m map[string][]string
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	var list []pathAlias
	for pattern, targets := range m {
		a := pathAlias{}
		var star bool
		a.prefix, a.suffix, star = strings.Cut(pattern, "*")
		a.exact = !star
		for _, t := range targets {
			full := path.Join(base, t)
			if strings.HasPrefix(t, "/") || full == ".." || strings.HasPrefix(full, "../") {
				p.fail(from, fmt.Sprintf("\"paths\" leaves the project: %q", t))
				continue
			}
			a.targets = append(a.targets, full)
		}
		list = append(list, a)
	}
	// The longest prefix wins, as in TypeScript.
	slices.SortFunc(list, func(a, b pathAlias) int {
		if d := len(b.prefix) - len(a.prefix); d != 0 {
			return d
		}
		return strings.Compare(a.prefix+a.suffix, b.prefix+b.suffix)
	})
	return list
}

// alias resolves an import that the tsconfig gives another meaning, or that begins with "@/" or "~/" as bundlers'
// templates have it.
func (p *project) alias(spec string) (string, bool) {
	for _, a := range slices.Concat(p.imports, p.tsconfig.paths) {
		mid := ""
		if a.exact {
			if spec != a.prefix {
				continue
			}
		} else {
			rest, ok := strings.CutPrefix(spec, a.prefix)
			if !ok || !strings.HasSuffix(rest, a.suffix) {
				continue
			}
			mid = strings.TrimSuffix(rest, a.suffix)
		}
		for _, t := range a.targets {
			name := path.Clean(strings.Replace(t, "*", mid, 1))
			if found, ok := p.find(name); ok {
				return found, true
			}
		}
	}
	for _, prefix := range [...]string{"@/", "~/"} {
		if rest, ok := strings.CutPrefix(spec, prefix); ok {
			return path.Join("src", rest), true
		}
	}
	return "", false
}

// baseFile resolves a bare import from the tsconfig's baseUrl.
func (c *tsconfig) baseFile(p *project, spec string) (string, bool) {
	if c.baseURL == "" {
		return "", false
	}
	name := path.Join(c.baseURL, spec)
	if name == ".." || strings.HasPrefix(name, "../") {
		return "", false
	}
	return p.find(name)
}

// plainJSON removes what tsconfig files may have beyond JSON: comments, trailing commas and a byte order mark.
func plainJSON(src []byte) []byte {
	src = []byte(strings.TrimPrefix(string(src), "\ufeff"))
	out := make([]byte, 0, len(src))
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '"':
			end := i + 1
			for end < len(src) && src[end] != '"' {
				if src[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(src)-1)
			out = append(out, src[i:end+1]...)
			i = end
		case c == '/' && i+1 < len(src) && src[i+1] == '/':
			for i+1 < len(src) && src[i+1] != '\n' {
				i++
			}
		case c == '/' && i+1 < len(src) && src[i+1] == '*':
			if end := strings.Index(string(src[i+2:]), "*/"); end >= 0 {
				i += end + 3
			} else {
				i = len(src)
			}
		case c == '}' || c == ']':
			for n := len(out) - 1; n >= 0; n-- {
				if strings.IndexByte(" \t\r\n", out[n]) >= 0 {
					continue
				}
				if out[n] == ',' {
					out[n] = ' '
				}
				break
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}
