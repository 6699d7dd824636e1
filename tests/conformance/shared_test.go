package conformance

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/internal/builds/toolchain"
)

// A deep shared module replaces every file of its package that is not listed as apart: it must export what the file exports, and
// behave the same. The lists belong to one version of a package; this test detects when they do not match.
func TestSharedModulesStandForTheirFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("bundles whole packages")
	}
	t.Parallel()
	for _, e := range adapters {
		for _, m := range e.Toolchain().Modules {
			if !m.Deep {
				continue
			}
			t.Run(e.Info().Name, func(t *testing.T) {
				t.Parallel()
				dir, err := toolchain.New(enginetest.ToolchainDir(t), nil).Ensure(t.Context(), e)
				if err != nil {
					t.Fatal(err)
				}
				if dir, err = filepath.EvalSymlinks(dir); err != nil {
					t.Fatal(err)
				}
				checkDeep(t, filepath.Join(dir, "node_modules", filepath.FromSlash(m.Specifier)), m)
			})
		}
	}
}

// packageMeta is esbuild's metadata of a package's files.
type packageMeta struct {
	Inputs map[string]struct {
		Imports []struct {
			Path, Kind string
			External   bool
		}
	}
	Outputs map[string]struct {
		EntryPoint string
		Exports    []string
	}
}

func checkDeep(t *testing.T, root string, m engines.SharedModule) {
	main, files := moduleFiles(t, root)
	meta := inspect(t, root, files)
	exports := make(map[string][]string)
	for _, out := range meta.Outputs {
		exports[out.EntryPoint] = out.Exports
	}
	reached := make(map[string]bool)
	var reach func(name string)
	reach = func(name string) {
		if reached[name] {
			return
		}
		reached[name] = true
		for _, i := range meta.Inputs[name].Imports {
			if i.Kind == "import-statement" && !i.External {
				reach(i.Path)
			}
		}
	}
	reach(main)
	apart := func(name string) bool {
		return slices.ContainsFunc(m.Apart, func(a string) bool { return a == name || strings.HasSuffix(a, "/") && strings.HasPrefix(name, a) })
	}
	for _, name := range files {
		if apart(name) {
			continue
		}
		if !reached[name] {
			t.Errorf("%s is not part of the shared module, but not listed as apart", name)
		}
		for _, x := range exports[name] {
			if !slices.Contains(exports[main], x) {
				t.Errorf("%s exports %s, which the shared module does not", name, x)
			}
		}
	}
	for _, name := range m.Apart {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
			t.Errorf("listed as apart, but not there: %v", err)
		}
	}
}

// moduleFiles are the files that can be imported from a package, and the one that its name alone stands for.
func moduleFiles(t *testing.T, root string) (main string, files []string) {
	t.Helper()
	var manifest struct {
		Module string
	}
	raw, err := os.ReadFile(filepath.Join(root, "package.json"))
	if err == nil {
		err = json.Unmarshal(raw, &manifest)
	}
	if err != nil {
		t.Fatal(err)
	}
	main = path.Clean(manifest.Module)
	err = fs.WalkDir(os.DirFS(root), path.Dir(main), func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "assets" && path.Dir(name) == path.Dir(main) && path.Dir(main) == "." {
			return fs.SkipDir // separate programs, which are fetched and not imported
		}
		if err == nil && !d.IsDir() && path.Ext(name) == path.Ext(main) {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return main, files
}

func inspect(t *testing.T, root string, files []string) packageMeta {
	t.Helper()
	entries := make([]string, len(files))
	for i, name := range files {
		entries[i] = filepath.Join(root, filepath.FromSlash(name))
	}
	r := api.Build(api.BuildOptions{AbsWorkingDir: root, EntryPoints: entries, Bundle: true, Splitting: true, Format: api.FormatESModule,
		Outdir: filepath.Join(t.TempDir(), "out"), Metafile: true, LogLevel: api.LogLevelSilent})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors[0].Text)
	}
	var meta packageMeta
	if err := json.Unmarshal([]byte(r.Metafile), &meta); err != nil {
		t.Fatal(err)
	}
	return meta
}
