package images

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// epoch is the modification time of everything in an image, so that equal content gives equal layers.
var epoch = time.Unix(315532800, 0).UTC() // 1980-01-01: some tools refuse 0

// layer is an uncompressed tar on the disk.
type layer struct {
	file   *os.File
	digest string // of the tar, hex
	size   int64
}

// layerWriter writes a layer. It keeps the first error, which done returns.
type layerWriter struct {
	file *os.File
	sum  hash.Hash
	tar  *tar.Writer
	made map[string]bool // folders that are in the tar
	err  error
}

func newLayer(dir string) *layerWriter {
	f, err := os.CreateTemp(dir, "layer-*.tar")
	w := &layerWriter{file: f, sum: sha256.New(), made: make(map[string]bool), err: err}
	w.tar = tar.NewWriter(io.MultiWriter(f, w.sum))
	return w
}

// done ends the layer.
func (w *layerWriter) done() (layer, error) {
	if err := errors.Join(w.err, w.tar.Close()); err != nil {
		return layer{}, err
	}
	size, err := w.file.Seek(0, io.SeekCurrent)
	return layer{w.file, hex.EncodeToString(w.sum.Sum(nil)), size}, err
}

// put writes one entry. Everything belongs to root.
func (w *layerWriter) put(h tar.Header, content io.Reader) {
	if w.err != nil {
		return
	}
	h.ModTime, h.Uid, h.Gid, h.Format = epoch, 0, 0, tar.FormatPAX
	if w.err = w.tar.WriteHeader(&h); w.err == nil && content != nil {
		_, w.err = io.CopyN(w.tar, content, h.Size)
	}
}

// folder writes a folder and its parents, once.
func (w *layerWriter) folder(name string) {
	if name == "." || name == "" || w.made[name] {
		return
	}
	w.folder(path.Dir(name))
	w.made[name] = true
	w.put(tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: 0o755}, nil)
}

// mountPoint writes a folder with a mode of its own.
func (w *layerWriter) mountPoint(name string, mode int64) {
	w.made[name] = true
	w.put(tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: mode}, nil)
}

func (w *layerWriter) bytes(name string, mode int64, data []byte) {
	w.folder(path.Dir(name))
	w.put(tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Size: int64(len(data))}, strings.NewReader(string(data)))
}

// tree writes a folder on disk below a name, without what is left out. Names are sorted.
func (w *layerWriter) tree(dir, below string, leave leaver) {
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if rel == "." {
			w.folder(below)
			return w.err
		}
		if leave.out(rel) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		return errors.Join(w.entry(p, path.Join(below, rel), d), w.err)
	})
	w.err = errors.Join(w.err, err)
}

func (w *layerWriter) entry(p, name string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	switch {
	case d.IsDir():
		w.folder(name)
	case d.Type() == fs.ModeSymlink:
		target, err := os.Readlink(p)
		if err != nil {
			return err
		}
		w.put(tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o755}, nil)
	case d.Type().IsRegular():
		f, err := os.Open(p)
		if err != nil {
			return err
		}
		defer f.Close()
		// Every user in the container may read and run it, whatever its mode is here.
		mode := int64(0o644) | int64(info.Mode()&0o111)
		w.put(tar.Header{Typeflag: tar.TypeReg, Name: name, Size: info.Size(), Mode: mode}, f)
	default:
		return fmt.Errorf("%s is neither a file nor a folder nor a link", p)
	}
	return nil
}

// archive copies a tar, without what is left out and without special files: no devices, no set-user-ID. It is already sorted.
func (w *layerWriter) archive(r io.Reader, leave leaver) {
	for t := tar.NewReader(r); w.err == nil; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			w.err = err
			return
		}
		name := path.Clean(strings.TrimPrefix(h.Name, "./"))
		if name == "." || leave.outWithin(name) {
			continue
		}
		switch h.Typeflag {
		case tar.TypeDir:
			w.folder(name)
		case tar.TypeSymlink:
			w.folder(path.Dir(name))
			w.put(tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: h.Linkname, Mode: 0o755}, nil)
		case tar.TypeReg:
			w.folder(path.Dir(name))
			w.put(tar.Header{Typeflag: tar.TypeReg, Name: name, Size: h.Size, Mode: h.Mode & 0o755}, t)
		case tar.TypeLink:
			target := path.Clean(strings.TrimPrefix(h.Linkname, "./"))
			if !leave.outWithin(target) {
				w.put(tar.Header{Typeflag: tar.TypeLink, Name: name, Linkname: target, Mode: h.Mode & 0o755}, nil)
			}
		}
	}
}

// leaver are the patterns of files that an image leaves out.
type leaver []string

// out reports whether a path is left out itself.
func (l leaver) out(name string) bool {
	return slices.ContainsFunc(l, func(pattern string) bool {
		subject := name
		if !strings.Contains(pattern, "/") {
			subject = path.Base(name)
		}
		ok, _ := path.Match(strings.TrimPrefix(pattern, "/"), subject) // a bad pattern is found by check
		return ok
	})
}

// outWithin reports whether a path or a folder around it is left out.
func (l leaver) outWithin(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if l.out(name) {
			return true
		}
	}
	return false
}

func (l leaver) check() error {
	for _, p := range l {
		if _, err := path.Match(p, ""); err != nil {
			return fmt.Errorf("pattern %q: %w", p, err)
		}
	}
	return nil
}
