package toolchain_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// small is an engine with one small package.
type small struct {
	engines.Engine
	manifest, lock string
	specifier      string
}

func (small) Info() engines.Info   { return engines.Info{Name: "small"} }
func (small) Image() engines.Image { return engines.Image{} }

func (s small) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: []byte(s.manifest), PackageLock: []byte(s.lock),
		Modules: []engines.SharedModule{{Specifier: s.specifier, File: "small.js"}}}
}

const manifest = `{"name": "small", "private": true, "dependencies": {"eventemitter3": "5.0.4"}}`

const lock = `{"name": "small", "lockfileVersion": 3, "requires": true, "packages": {
  "": {"name": "small", "dependencies": {"eventemitter3": "5.0.4"}},
  "node_modules/eventemitter3": {"version": "5.0.4", "license": "MIT",
    "integrity": "sha512-mlsTRyGaPBjPedk6Bvw+aqbsXDtoAyAzm5MO7JgU+yVRyMQ5O8bD4Kcci7BS85f93veegeCPkL8R4GLClnjLFw=="}}}`

func good() small { return small{manifest: manifest, lock: lock, specifier: "eventemitter3"} }

func TestInstallersShareOneInstall(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := good()
	if toolchain.New(dir, nil).Installed(e) {
		t.Fatal("installed before anything was done")
	}
	var wg sync.WaitGroup
	paths := make([]string, 6)
	blobs := make([][]engines.ModuleBlob, len(paths))
	shared := toolchain.New(dir, nil)
	for n := range paths {
		in := shared
		if n%2 == 0 {
			in = toolchain.New(dir, nil) // as another process would have
		}
		wg.Go(func() {
			var err error
			if paths[n], err = in.Ensure(t.Context(), e); err != nil {
				t.Error(err)
				return
			}
			if blobs[n], err = in.SharedModules(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for n := range paths {
		if paths[n] != paths[0] || len(blobs[n]) != 1 || !bytes.Equal(blobs[n][0].Data, blobs[0][0].Data) {
			t.Fatalf("installer %d differs: %q, %d modules", n, paths[n], len(blobs[n]))
		}
	}
	if _, err := os.Stat(filepath.Join(paths[0], "node_modules", "eventemitter3", "package.json")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	b := blobs[0][0]
	if b.Entry.Size == 0 || b.Entry.Size != int64(len(b.Data)) || b.URL() != "/engine-modules/"+b.Entry.SHA256+"/small.js" {
		t.Errorf("blob %+v", b.Entry)
	}
	if !bytes.Contains(b.Data, []byte("export{")) {
		t.Error("the shared module exports nothing")
	}
	if !shared.Installed(e) {
		t.Error("not installed afterwards")
	}
}

func TestLeftoversOfAKilledProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := good()
	first := toolchain.New(dir, nil)
	path, err := first.Ensure(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	want, err := first.SharedModules(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	// A half-written module, and a half-made folder of an install that was killed.
	file := filepath.Join(path, "shared", "small.js")
	if err := os.WriteFile(file, want[0].Data[:10], 0o644); err != nil {
		t.Fatal(err)
	}
	half := path + ".tmp-123"
	if err := os.MkdirAll(filepath.Join(half, "node_modules"), 0o755); err != nil {
		t.Fatal(err)
	}
	got, err := toolchain.New(dir, nil).SharedModules(t.Context(), e)
	if err != nil || got[0].Entry != want[0].Entry || !bytes.Equal(got[0].Data, want[0].Data) {
		t.Fatalf("the module was not made again: %v", err)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if _, err := toolchain.New(dir, nil).Ensure(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-made folder is still there: %v", err)
	}
}

func TestFailuresSayWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		e    small
		want string
	}{
		"lock does not match": {small{manifest: manifest, lock: `{"lockfileVersion": 3, "packages": {}}`}, "npm could not install"},
		"no such export":      {small{manifest: manifest, lock: lock, specifier: "eventemitter3/nothing"}, "module cannot be made"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			_, err := toolchain.New(dir, nil).SharedModules(t.Context(), c.e)
			if models.CodeOf(err) != models.CodeEngineUnavailable || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp-*")); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestMissingNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := toolchain.New(t.TempDir(), nil).Ensure(context.Background(), good())
	if models.CodeOf(err) != models.CodeEngineUnavailable || !strings.Contains(models.AsError(err).Message, "Node.js") {
		t.Errorf("error %v", err)
	}
	if !jobs.IsPermanent(err) {
		t.Error("a job is tried again, as if that installed Node")
	}
}
