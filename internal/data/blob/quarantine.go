package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spark-games/spark/models"
)

// A blob that is found damaged is moved to quarantine/<digest>, where nothing is served from, no backup takes it and no sweep
// removes it. Its digest is damaged to every process until the content is stored again, which deletes the damaged file. An
// operator may look at it, or delete it: then the content is missing.

func (f *Folder) quarantined(digest string) string {
	return filepath.Join(f.dir, "quarantine", digest)
}

// file opens the file of a blob, for reading only.
func (f *Folder) file(digest string) (*os.File, error) {
	file, err := os.Open(f.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		unlock, lerr := f.lock(digest, shared) // it may be repaired meanwhile, but not quarantined once more
		if lerr != nil {
			return nil, unreadable(lerr)
		}
		defer unlock()
		if _, qerr := os.Stat(f.quarantined(digest)); qerr == nil {
			return nil, f.report(digest, errMismatch)
		}
		file, err = os.Open(f.path(digest))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, models.WrapError(models.CodeNotFound, "no such file", err)
	case err != nil:
		return nil, unreadable(err)
	}
	return file, nil
}

var errMismatch = errors.New("the content does not match the digest")

// setAside quarantines a blob that was found damaged, and reports it. The caller holds no lock of the digest.
func (f *Folder) setAside(digest string) error {
	f.verified.forget(digest)
	return f.report(digest, errors.Join(errMismatch, f.quarantine(digest)))
}

// report reports a damaged blob, and returns what its reader is told.
func (f *Folder) report(digest string, err error) error {
	err = fmt.Errorf("blob %s: %w", digest, err)
	if f.damaged != nil {
		f.damaged(digest, err)
	}
	return models.WrapError(models.CodeDamaged, "a stored file is damaged", err)
}

// quarantine moves the file of a blob if it is damaged. It reads it again under the lock, because the file that was found damaged
// may have been replaced by a good one meanwhile.
func (f *Folder) quarantine(digest string) error {
	unlock, err := f.lock(digest, alone)
	if err != nil {
		return err
	}
	defer unlock()
	file, err := os.Open(f.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another reader was faster
	}
	if err != nil {
		return err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) == digest {
		return nil
	}
	return os.Rename(f.path(digest), f.quarantined(digest))
}
