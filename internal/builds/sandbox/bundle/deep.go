package bundle

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
)

// deepModule is a shared module that replaces every file of its package, except those listed as apart.
type deepModule struct {
	specifier string
	root      string // of the package, with a separator at its end
	apart     map[string]bool
	folders   []string // that are apart as a whole
	plain     bool     // its files are imported by their paths: no map of exports stands in between
}

// deepModules are those of a preview; packages is the real path of node_modules.
func deepModules(b engines.Bundle, packages string) []deepModule {
	if b.Mode != engines.Preview {
		return nil
	}
	var all []deepModule
	for _, s := range b.Shared {
		if !s.Deep {
			continue
		}
		m := deepModule{specifier: s.Specifier, root: packages + filepath.FromSlash(s.Specifier) + string(filepath.Separator),
			apart: make(map[string]bool, len(s.Apart))}
		manifest, err := os.ReadFile(m.root + "package.json")
		m.plain = err == nil && !bytes.Contains(manifest, []byte(`"exports"`))
		for _, name := range s.Apart {
			if strings.HasSuffix(name, "/") {
				m.folders = append(m.folders, name)
			} else {
				m.apart[name] = true
			}
		}
		all = append(all, m)
	}
	return all
}

// standIn is the specifier of the shared module that replaces a file of its package, if that can be decided without esbuild:
// each bundle has a new resolver, which parses the package's complete manifest first.
func (p *project) standIn(spec string) (specifier string, ok bool) {
	for i := range p.deep {
		m := &p.deep[i]
		rest, below := strings.CutPrefix(spec, m.specifier+"/")
		if !below || !m.plain {
			continue
		}
		for _, end := range []string{"", ".js", "/index.js"} {
			file := m.root + filepath.FromSlash(path.Clean(rest)) + end
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				return m.specifier, m.holds(file)
			}
		}
	}
	return "", false
}

// deepModule is the shared module of the package that a file of the toolchain belongs to, nil for none.
func (p *project) deepModule(file string) *deepModule {
	for i := range p.deep {
		if strings.HasPrefix(file, p.deep[i].root) {
			return &p.deep[i]
		}
	}
	return nil
}

// holds reports whether the shared module stands for a file of its package.
func (m *deepModule) holds(file string) bool {
	name := filepath.ToSlash(strings.TrimPrefix(file, m.root))
	if m.apart[name] {
		return false
	}
	for _, folder := range m.folders {
		if strings.HasPrefix(name, folder) {
			return false
		}
	}
	return true
}

// resolveWithin resolves an import between files of the toolchain's packages; OnLoad checks where it leads. Of a package with a
// deep shared module, only files that are apart are loaded: what they import is the shared module again.
func (p *project) resolveWithin(b api.PluginBuild, a api.OnResolveArgs) api.OnResolveResult {
	if len(p.deep) == 0 {
		return api.OnResolveResult{}
	}
	r := b.Resolve(a.Path, api.ResolveOptions{Importer: a.Importer, Namespace: a.Namespace, ResolveDir: a.ResolveDir,
		Kind: a.Kind, PluginData: ours{}, With: a.With})
	if len(r.Errors) == 0 && !r.External && r.Namespace == "file" {
		if m := p.deepModule(r.Path); m != nil && m.holds(r.Path) {
			return api.OnResolveResult{Path: m.specifier, External: true}
		}
	}
	return api.OnResolveResult{}
}
