package blob

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"

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
	folder := filepath.Join(f.dir, "modules", digest)
	if _, err := os.Stat(filepath.Join(folder, file)); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return unwritable(err)
	}
	mark, err := os.OpenFile(filepath.Join(folder, file), os.O_CREATE|os.O_WRONLY, 0o600) // the content is the blob
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
	info, err := os.Stat(f.path(digest))
	if err != nil {
		return 0, false
	}
	return info.Size(), true
}
