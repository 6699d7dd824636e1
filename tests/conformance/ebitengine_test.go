package conformance

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/models"
)

// The examples that come with Ebitengine build unchanged: other people's programs, of one file and of several packages, with
// sound, shaders, fonts, embedded pictures, and modules beside the engine's own.
func TestEbitengineExamples(t *testing.T) {
	t.Parallel()
	e, runner := ebitengine.Engine{}, newRunner(t)
	dir, err := toolchain.New(enginetest.ToolchainDir(t), nil).Ensure(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "mod/github.com/hajimehoshi/ebiten/v2@v"+ebitengine.Version, "examples")
	names := []string{"2048", "audio", "blocks", "chipmunk", "flappy", "platformer", "shader", "text", "video", "wav"}
	if os.Getenv("SPARK_TEST_ALL_EXAMPLES") != "" {
		names = nil
		entries, err := os.ReadDir(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if entry.Name() != "resources" && entry.IsDir() {
				names = append(names, entry.Name())
			}
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := folder(t, filepath.Join(root, name))
			res, err := enginetest.Build(t.Context(), e, runner, engines.Release, files)
			if err != nil {
				t.Fatalf("%v %+v", err, res)
			}
			if err := e.Verify(engines.BuildRequest{Mode: engines.Release}, res.Outputs); err != nil {
				t.Error(err)
			}
		})
	}
}

func folder(t *testing.T, dir string) (files []models.File) {
	t.Helper()
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files = append(files, models.File{Path: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A build with packages that have not been compiled before adds nothing to the toolchain, which other builds use and which
// images are made from.
func TestEbitengineLeavesItsToolchainAsItWas(t *testing.T) {
	t.Parallel()
	e, runner := ebitengine.Engine{}, newRunner(t)
	dir, err := toolchain.New(enginetest.ToolchainDir(t), nil).Ensure(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	contents := func() map[string]int64 {
		all := make(map[string]int64)
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				all[name] = info.Size()
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	files := enginetest.Starter(t, e, engines.GenreRunner)
	files = append(files, models.File{Path: "fresh/fresh.go", Data: []byte("package fresh\n\nconst ID = \"" + models.NewID() + "\"\n")})
	before := contents()
	start := time.Now()
	if res, err := enginetest.Build(t.Context(), e, runner, engines.Release, files); err != nil {
		t.Fatalf("%v %+v", err, res)
	}
	t.Logf("built within %s", time.Since(start).Round(time.Millisecond))
	if after := contents(); !maps.Equal(before, after) {
		t.Errorf("%d files became %d, or changed", len(before), len(after))
	}
}
