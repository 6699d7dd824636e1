package images

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/spark-games/spark/engines"
)

// What builds on this machine have added to a Go toolchain's build cache is not for other people's containers.
func TestGoToolchainIsAsInstalled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"go/bin/go", "cache/00/installed-a", "cache/00/added-a", "fresh/00/installed-a", "mod/left/x.md"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	w := newLayer(t.TempDir())
	w.toolchain(dir, engines.Toolchain{Go: &engines.GoToolchain{}}, leaver{"*.md"})
	l, err := w.done()
	if err != nil {
		t.Fatal(err)
	}
	defer l.file.Close()
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	var files []string
	for r := tar.NewReader(l.file); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			files = append(files, h.Name)
		}
	}
	if want := []string{"toolchain/go/bin/go", "toolchain/cache/00/installed-a"}; !slices.Equal(files, want) {
		t.Errorf("%q, want %q", files, want)
	}
}

func TestLeave(t *testing.T) {
	t.Parallel()
	l := leaver{"*.map", "/shared", "node_modules/a/docs"}
	for name, out := range map[string]bool{
		"shared": true, "node_modules/pixi.js/lib/shared": false, "node_modules/a/x.js.map": true, "node_modules/a/docs": true,
		"node_modules/b/docs": false, "docs": false,
	} {
		if l.out(name) != out {
			t.Errorf("%s: %v", name, !out)
		}
	}
	if !l.outWithin("shared/x/y.js") || l.outWithin("node_modules/pixi.js/lib/shared/y.js") {
		t.Error("what lies within a folder goes another way than the folder")
	}
	if (leaver{"["}).check() == nil {
		t.Error("a bad pattern")
	}
}
