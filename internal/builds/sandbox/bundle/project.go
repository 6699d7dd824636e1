package bundle

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// project is one bundle being made.
type project struct {
	in       Input
	files    map[string][]byte // by path
	keys     map[string]string // folded path to path, for "did you mean"
	tsconfig tsconfig
	imports  []pathAlias // of package.json
	shared   map[string]bool
	deep     []deepModule
	workDir  string   // where esbuild believes to be: the toolchain, or a folder that need not exist
	packages string   // real path of node_modules with a separator at its end; "" for none
	folders  sync.Map // of packages: whether the path, a string, leads to one without a link out of them

	sorted []string // paths of files
	places map[string]bool
	env    map[string]any
	pages  []*document // index.html first

	doc     *document // the page that is being bundled
	entry   entry     // where that begins, or a worker
	outName string    // of its script and style sheet
	working bool      // a worker is being bundled, not the page's script

	mu        sync.Mutex // esbuild calls the resolver from many goroutines
	diags     []engines.Diagnostic
	imported  map[string]bool   // files that code, styles and pages name and that are copied
	workers   map[string]string // scripts that workers are made of, and their outputs
	connected map[string]bool   // those of workers that pages may share
	digest    []byte            // of all files, when a worker has needed it
	toBundle  []string          // those of workers that are not bundled yet
	loads     atomic.Int64
	checks    atomic.Int64 // warnings of what is checked

	basesOnce sync.Once
	bases     map[string][]string // files by the last part of their path, folded
}

func newProject(in Input) (*project, error) {
	p := &project{
		in:        in,
		files:     make(map[string][]byte, len(in.Files)),
		keys:      make(map[string]string, len(in.Files)),
		shared:    make(map[string]bool),
		imported:  make(map[string]bool),
		workers:   make(map[string]string),
		connected: make(map[string]bool),
		workDir:   string(filepath.Separator) + "spark",
	}
	for _, f := range in.Files {
		name := f.Path
		if root := in.Bundle.Root; root != "" {
			rest, ok := strings.CutPrefix(name, root+"/")
			if !ok {
				continue
			}
			name = rest
		}
		p.files[name] = f.Data
		p.keys[models.PathKey(name)] = name
		p.sorted = append(p.sorted, name)
	}
	slices.Sort(p.sorted)
	p.findPlaces()
	p.findPages()
	if in.Bundle.Mode == engines.Preview {
		for _, m := range in.Bundle.Shared {
			if in.ModuleURLs[m.Specifier] == "" {
				return nil, fmt.Errorf("no address for the shared module %q", m.Specifier)
			}
			p.shared[m.Specifier] = true
		}
	}
	if in.Toolchain != "" {
		real, err := filepath.EvalSymlinks(in.Toolchain)
		if err != nil {
			return nil, fmt.Errorf("open the toolchain: %w", err)
		}
		p.workDir = real
		p.packages = filepath.Join(real, "node_modules") + string(filepath.Separator)
		p.deep = deepModules(in.Bundle, p.packages)
	}
	p.tsconfig = p.readTSConfig()
	p.imports = p.readImports()
	p.env = p.readEnv()
	return p, nil
}

// freeName is a name for the script and the style sheet of a page that no file of the game has, nor another page's.
func (p *project) freeName(stem string) string {
	for n := 1; ; n++ {
		name := stem
		if n > 1 {
			name += strconv.Itoa(n)
		}
		taken := p.places[name+".js"] || p.places[name+".css"] || p.files[name+".js"] != nil || p.files[name+".css"] != nil
		if !taken && !slices.ContainsFunc(p.pages, func(d *document) bool { return strings.EqualFold(d.outName, name) }) {
			return name
		}
	}
}

func (p *project) logf(format string, args ...any) {
	if p.in.Log != nil {
		p.in.Log(fmt.Sprintf(format, args...))
	}
}

func (p *project) result(files []models.File) *Result {
	if root := p.in.Bundle.Root; root != "" {
		for i := range p.diags {
			if p.diags[i].File != "" {
				p.diags[i].File = path.Join(root, p.diags[i].File)
			}
		}
	}
	sortDiagnostics(p.diags)
	if p.failed() {
		files = nil
	}
	for _, d := range p.diags {
		p.logf("%s", d)
	}
	sortFiles(files)
	return &Result{Outputs: files, Diagnostics: p.diags}
}

// inPublic is the name of a public file in the output.
func (p *project) inPublic(name string) (string, bool) {
	dir := p.in.Bundle.PublicDir
	if dir == "" {
		return "", false
	}
	return strings.CutPrefix(name, dir+"/")
}

// probes are the endings that an import may leave out, in order.
var probes = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".mts", ".cjs", ".css", ".json"}

// find resolves a project path as bundlers do: as it is, with an ending, as TypeScript's source of a ".js", as a
// folder's index.
func (p *project) find(name string) (string, bool) {
	if _, ok := p.files[name]; ok {
		return name, true
	}
	for _, ext := range probes {
		if _, ok := p.files[name+ext]; ok {
			return name + ext, true
		}
	}
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs", ".jsx":
		stem := strings.TrimSuffix(name, ext)
		for _, ts := range [...]string{".ts", ".tsx", ".mts"} {
			if _, ok := p.files[stem+ts]; ok {
				return stem + ts, true
			}
		}
	}
	for _, ext := range probes {
		index := path.Join(name, "index"+ext)
		if _, ok := p.files[index]; ok {
			return index, true
		}
	}
	return "", false
}

// hint is a sentence for a path that is wrong only in its case.
func (p *project) hint(name string) string {
	for _, ext := range append([]string{""}, probes...) {
		if other, ok := p.keys[models.PathKey(name+ext)]; ok {
			return fmt.Sprintf(" (there is %q: upper and lower case matter)", other)
		}
	}
	return ""
}
