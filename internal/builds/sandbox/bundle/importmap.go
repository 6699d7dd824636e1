package bundle

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines/web/page"
)

// maxMappings bounds an import map, all of which is looked through for each import.
const maxMappings = 1000

// mapping is an entry of the page's import map.
type mapping struct {
	key    string // a folder if it ends in a slash
	target string // an address on a network, or a path of the project
}

// parseImportMap reads the import map of a page in a folder, the longest keys first. Of the scopes, the entries hold everywhere.
func parseImportMap(text []byte, dir string) ([]mapping, error) {
	var m struct {
		Imports map[string]string            `json:"imports"`
		Scopes  map[string]map[string]string `json:"scopes"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("the import map is not valid JSON: %w", err)
	}
	var list []mapping
	add := func(entries map[string]string) {
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			list = append(list, mapping{key, targetIn(dir, key, entries[key])})
		}
	}
	add(m.Imports)
	for _, scope := range slices.Sorted(maps.Keys(m.Scopes)) {
		add(m.Scopes[scope])
	}
	if len(list) > maxMappings {
		return nil, fmt.Errorf("the import map has %d entries: at most %d can be", len(list), maxMappings)
	}
	slices.SortStableFunc(list, func(a, b mapping) int { return len(b.key) - len(a.key) })
	return list, nil
}

// targetIn is what an entry of a page in a folder leads to.
func targetIn(dir, key, target string) string {
	switch target {
	case "/":
		return ""
	case ".", "./":
		target = dir
	default:
		ref, local := page.Local(target)
		if !local {
			return target
		}
		target = ref.Path
		if !ref.Rooted {
			target = path.Join(dir, target)
		}
	}
	if target == "." {
		return ""
	}
	if strings.HasSuffix(key, "/") {
		target += "/"
	}
	return target
}

// mapped is what the import map has a specifier lead to. An entry for an installed package that leads to a network is none.
func (p *project) mapped(spec string) (string, bool) {
	for _, m := range p.doc.importMap {
		rest := ""
		if strings.HasSuffix(m.key, "/") {
			var ok bool
			if rest, ok = strings.CutPrefix(spec, m.key); !ok {
				continue
			}
		} else if spec != m.key {
			continue
		}
		network := isNetwork(m.target)
		if network && p.hasPackage(packageOf(spec)) || !network && p.shared[spec] {
			return "", false
		}
		return m.target + rest, true
	}
	return "", false
}
