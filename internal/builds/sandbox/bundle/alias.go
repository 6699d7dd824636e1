package bundle

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
)

// readImports reads "imports" of the project's package.json, the names that begin with "#".
func (p *project) readImports() []pathAlias {
	var manifest struct {
		Imports map[string]json.RawMessage `json:"imports"`
	}
	if json.Unmarshal(p.files["package.json"], &manifest) != nil {
		return nil // which a bundle needs nothing of
	}
	var list []pathAlias
	for _, key := range slices.Sorted(maps.Keys(manifest.Imports)) {
		target := browserTarget(manifest.Imports[key], 0)
		if !strings.HasPrefix(key, "#") || !strings.HasPrefix(target, "./") {
			continue
		}
		a := pathAlias{targets: []string{path.Clean(target)}}
		var star bool
		a.prefix, a.suffix, star = strings.Cut(key, "*")
		a.exact = !star
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(a, b pathAlias) int { return len(b.prefix) - len(a.prefix) })
	return list
}

// maxConditions bounds how deep the conditions of an entry are nested.
const maxConditions = 8

// browserTarget is what an entry leads to in a browser: a path, or the first that its conditions have.
func browserTarget(raw json.RawMessage, depth int) string {
	var target string
	if json.Unmarshal(raw, &target) == nil {
		return target
	}
	var conditions map[string]json.RawMessage
	if depth == maxConditions || json.Unmarshal(raw, &conditions) != nil {
		return ""
	}
	for _, name := range []string{"browser", "import", "module", "default"} {
		if inner, ok := conditions[name]; ok {
			return browserTarget(inner, depth+1)
		}
	}
	return ""
}

// configured is what a bundler's configuration has an import mean: a file of the project, or a package.
func (p *project) configured(spec string) (to string, file, ok bool) {
	for _, a := range p.in.Bundle.Aliases {
		rest, below := strings.CutPrefix(spec, strings.TrimSuffix(a.Find, "/")+"/")
		switch {
		case spec == a.Find:
			return a.To, a.File, true
		case below:
			return path.Join(a.To, rest), a.File, true
		}
	}
	return "", false, false
}
