package blob

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spark-games/spark/models"
)

// PutModule stores a shared engine module, which anyone may load by digest and file name.
func (f *Folder) PutModule(ctx context.Context, file string, data []byte) error {
	if err := models.CheckPath(file); err != nil || filepath.Base(file) != file {
		return models.NewError(models.CodeInvalidPath, "an engine module's name is one file name")
	}
	digest, err := f.Put(ctx, data)
	if err != nil {
		return err
	}
	path := filepath.Join(f.dir, "modules", digest, file)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := f.write(path, nil); err != nil { // a mark: the content is the blob
		return models.WrapError(models.CodeUnavailable, "the file store cannot be written to", err)
	}
	return nil
}

// EngineModule tells whether the digest and file name are those of an engine module, and how large it is.
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
