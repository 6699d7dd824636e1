// Package blob is content-addressed storage: content is stored under its SHA-256. Stored content never changes, so it is written
// once, may be cached forever, and equal content is stored once however many manifests name it. Content is streamed in and out,
// and never held in memory.
package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spark-games/spark/models"
)

// Folder stores blobs in a folder: blobs/ab/abcdef…, engine modules by name beside them, and damaged blobs in quarantine. Several
// processes may share one. It is safe for concurrent use.
type Folder struct {
	dir      string
	verified verified
	damaged  func(digest string, err error)
}

// Open makes the folder if it does not exist, and removes what killed writers have left. damaged is called for every blob whose
// content does not match its name.
func Open(dir string, damaged func(digest string, err error)) (*Folder, error) {
	for _, sub := range []string{"blobs", "modules", "quarantine", "staged", "tmp", "locks"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("open blob folder: %w", err)
		}
	}
	f := &Folder{dir: dir, damaged: damaged}
	if _, err := f.SweepTemp(); err != nil {
		return nil, fmt.Errorf("open blob folder: %w", err)
	}
	return f, nil
}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (f *Folder) path(digest string) string {
	return filepath.Join(f.dir, "blobs", digest[:2], digest)
}

// Ping reports whether the folder can be written to: it writes a file, which a full disk refuses.
func (f *Folder) Ping(context.Context) error {
	tmp, err := f.temp("ping-*")
	if err != nil {
		return err
	}
	_, werr := tmp.Write(make([]byte, 4096))
	return errors.Join(werr, tmp.Sync(), tmp.Close(), os.Remove(tmp.Name()))
}

// unwritable is the error of a folder that cannot be written to, which may be temporary.
func unwritable(err error) error {
	return models.WrapError(models.CodeUnavailable, "the file store cannot be written to", err)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
