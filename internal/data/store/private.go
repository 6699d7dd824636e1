package store

import (
	"errors"
	"io/fs"
	"os"
)

// makePrivate makes a SQLite database readable by its owner only: it holds the hashes of keys and everybody's projects, and its
// folder may be readable by others. SQLite gives its auxiliary files the same mode.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		// A file of somebody else's was arranged by them.
		if err := os.Chmod(name, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}
