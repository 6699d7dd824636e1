package cli

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnpackRefusesWhatLeadsOut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"../evil", "a/../../evil", "/etc/evil", `..\evil`, "a\x00b", "C:evil", "con.txt", "a/./b"} {
		raw := makeZip(t, "index.html", "x", name, "evil")
		parent := t.TempDir()
		dir := filepath.Join(parent, "game")
		if err := unpack(bytes.NewReader(raw), int64(len(raw)), dir, true); err == nil {
			t.Errorf("%q is unpacked", name)
		}
		if err := filepath.WalkDir(parent, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("%q wrote %s", name, path)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
}

func TestUnpackRefusesLinks(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	h := &zip.FileHeader{Name: "link"}
	h.SetMode(fs.ModeSymlink | 0o777)
	w, err := z.CreateHeader(h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("/etc")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := unpack(bytes.NewReader(buf.Bytes()), int64(buf.Len()), t.TempDir(), false); err == nil {
		t.Error("a link is unpacked")
	}
}

// A link that is in the folder already does not lead out either, and what was there is written over.
func TestUnpackOverFolder(t *testing.T) {
	t.Parallel()
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(strings.Repeat("old", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	raw := makeZip(t, "index.html", "new")
	if err := unpack(bytes.NewReader(raw), int64(len(raw)), dir, true); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || string(got) != "new" {
		t.Errorf("%q %v", got, err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "assets")); err != nil {
		t.Fatal(err)
	}
	raw = makeZip(t, "assets/x", "evil")
	if err := unpack(bytes.NewReader(raw), int64(len(raw)), dir, true); err == nil {
		t.Error("wrote through a link")
	}
	if _, err := os.Stat(filepath.Join(outside, "x")); err == nil {
		t.Error("wrote outside")
	}
}

// FuzzUnpack: whatever the bytes, nothing is written outside the folder.
func FuzzUnpack(f *testing.F) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, name := range []string{"index.html", "../x"} {
		w, err := z.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write([]byte("text")); err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		parent := t.TempDir()
		_ = unpack(bytes.NewReader(raw), int64(len(raw)), filepath.Join(parent, "game"), true)
		entries, err := os.ReadDir(parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() != "game" {
				t.Errorf("wrote %s", e.Name())
			}
		}
	})
}

// A program can be run where it was unpacked, also over one that could not.
func TestUnpackProgram(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, mode := range map[string]fs.FileMode{"game": 0o755, "game.pck": 0o644} {
		h := &zip.FileHeader{Name: name}
		h.SetMode(mode)
		if _, err := z.CreateHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "game"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unpack(bytes.NewReader(buf.Bytes()), int64(buf.Len()), dir, true); err != nil {
		t.Fatal(err)
	}
	for name, runs := range map[string]bool{"game": true, "game.pck": false} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || (info.Mode()&0o100 != 0) != runs {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}
