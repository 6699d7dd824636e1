// Package blob is content-addressed storage: bytes in, their SHA-256 out. What is stored never changes, so it is
// written once, may be cached for ever, and equal content is stored once however many manifests name it.
package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spark-games/spark/models"
)

// Folder stores blobs in a folder: blobs/ab/abcdef…, and engine modules by name beside them. Several processes may
// share one. It is safe for concurrent use.
type Folder struct {
	dir string
}

// Open makes the folder if it is not there.
func Open(dir string) (*Folder, error) {
	for _, sub := range []string{"blobs", "modules", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("open blob folder: %w", err)
		}
	}
	return &Folder{dir: dir}, nil
}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (f *Folder) path(digest string) string {
	return filepath.Join(f.dir, "blobs", digest[:2], digest)
}

// Put stores data and returns its digest. When it returns nil the content is on disk.
func (f *Folder) Put(ctx context.Context, data []byte) (digest string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	digest = hex.EncodeToString(sum[:])
	path := f.path(digest)
	if holds(path, data) {
		return digest, nil
	}
	if err := f.write(path, data); err != nil {
		return "", models.WrapError(models.CodeUnavailable, "the file store cannot be written to", err)
	}
	return digest, nil
}

// holds tells whether a file has exactly this content. One that was damaged on the disk does not, and is written anew:
// that is how it heals.
func holds(path string, data []byte) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(data)) {
		return false
	}
	there, err := os.ReadFile(path)
	return err == nil && bytes.Equal(there, data)
}

// write puts a file in place whole or not at all: a temporary file, flushed, then renamed, and its folder flushed.
func (f *Folder) write(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), "blob-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tmp.Close(), os.Remove(tmp.Name()))
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	folder := filepath.Dir(path)
	if err = os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	if cerr := tmp.Close(); cerr != nil {
		return cerr
	}
	return syncFolder(folder)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open returns the content of a digest for reading, or a not_found error.
func (f *Folder) Open(_ context.Context, digest string) (io.ReadSeekCloser, error) {
	if !digestForm.MatchString(digest) {
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	return openFile(f.path(digest))
}

func openFile(path string) (io.ReadSeekCloser, error) {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, models.WrapError(models.CodeNotFound, "no such file", err)
	case err != nil:
		return nil, models.WrapError(models.CodeUnavailable, "the file store cannot be read", err)
	}
	return file, nil
}

// Get reads the content of a digest whole, and checks it.
func (f *Folder) Get(ctx context.Context, digest string) ([]byte, error) {
	file, err := f.Open(ctx, digest)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, models.WrapError(models.CodeUnavailable, "the file store cannot be read", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != digest {
		return nil, models.WrapError(models.CodeInternal, "a stored file is damaged", fmt.Errorf("blob %s has other content", digest))
	}
	return data, nil
}

// Ping tells whether the folder can be written to: it writes a file, which a full disk refuses.
func (f *Folder) Ping(context.Context) error {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), "ping-*")
	if err != nil {
		return err
	}
	_, werr := tmp.Write(make([]byte, 4096))
	return errors.Join(werr, tmp.Sync(), tmp.Close(), os.Remove(tmp.Name()))
}
