package blob

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/spark-games/spark/models"
)

// PutModule stores a shared engine module, which anyone may load by digest and file name.
func (f *Folder) PutModule(ctx context.Context, file string, data []byte) error {
	if err := models.CheckPath(file); err != nil || filepath.Base(file) != file {
		return models.NewError(models.CodeInvalidPath, "an engine module's name is one file name")
	}
	digest, _, err := f.Put(ctx, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	return f.MarkModule(Module{digest, file})
}

// MarkModule makes a stored blob an engine module.
func (f *Folder) MarkModule(m Module) error {
	if !digestForm.MatchString(m.Digest) || models.CheckPath(m.File) != nil || filepath.Base(m.File) != m.File {
		return models.NewError(models.CodeInvalidPath, "an engine module is a digest and one file name")
	}
	folder := filepath.Join(f.dir, "modules", m.Digest)
	if _, err := os.Stat(filepath.Join(folder, m.File)); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return unwritable(err)
	}
	mark, err := os.OpenFile(filepath.Join(folder, m.File), os.O_CREATE|os.O_WRONLY, 0o600) // the content is the blob
	if err == nil {
		err = errors.Join(mark.Close(), syncFolder(folder))
	}
	if err != nil {
		return unwritable(err)
	}
	return nil
}

// EngineModule reports whether the digest and file name are those of an engine module, and how large it is.
func (f *Folder) EngineModule(digest, file string) (size int64, ok bool) {
	if !digestForm.MatchString(digest) || models.CheckPath(file) != nil || filepath.Base(file) != file {
		return 0, false
	}
	if _, err := os.Stat(filepath.Join(f.dir, "modules", digest, file)); err != nil {
		return 0, false
	}
	for _, path := range []string{f.path(digest), f.quarantined(digest)} { // a damaged one is still a module
		if info, err := os.Stat(path); err == nil {
			return info.Size(), true
		}
	}
	return 0, false
}

// Module is an engine module: a blob that may be loaded by its file name.
type Module struct {
	Digest string `json:"digest"`
	File   string `json:"file"`
}

// Modules lists the engine modules, by digest and name.
func (f *Folder) Modules() (all []Module, err error) {
	digests, err := os.ReadDir(filepath.Join(f.dir, "modules"))
	if err != nil {
		return nil, err
	}
	for _, d := range digests {
		files, err := os.ReadDir(filepath.Join(f.dir, "modules", d.Name()))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if _, known := f.EngineModule(d.Name(), file.Name()); known {
				all = append(all, Module{d.Name(), file.Name()})
			}
		}
	}
	return slices.Clip(all), nil
}
