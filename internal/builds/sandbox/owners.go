package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// owners determines which workers of this machine are alive. Each holds a lock on its file as long as it lives; the system
// releases the lock when the worker ends, however it ends. Workers that share the folder share a scope; the state of others is
// unknown.
type owners struct {
	dir   string
	scope string
	id    string
	file  *os.File
	temp  bool // the folder is ours alone
}

const (
	ownerSuffix = ".owner"
	scopeFile   = "scope"
)

// newOwners announces a worker in a folder. If the folder cannot be used, the worker gets a temporary one: others then cannot
// tell that it is dead, and its containers are removed when they expire.
func newOwners(dir, id string) (*owners, error) {
	o := &owners{dir: dir, id: id}
	err := o.open()
	if err == nil {
		return o, nil
	}
	own, tempErr := os.MkdirTemp("", "spark-owner-")
	if tempErr != nil {
		return nil, errors.Join(err, tempErr)
	}
	o.dir, o.temp = own, true
	return o, o.open()
}

func (o *owners) open() error {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return fmt.Errorf("owners: %w", err)
	}
	if err := o.readScope(); err != nil {
		return fmt.Errorf("owners: %w", err)
	}
	if err := o.announce(); err != nil {
		return fmt.Errorf("owners: %w", err)
	}
	return nil
}

// readScope reads the name of the folder, which the first worker chooses. The file is created by a link, so that it is complete
// or absent.
func (o *owners) readScope() error {
	path := filepath.Join(o.dir, scopeFile)
	for range 2 {
		b, err := os.ReadFile(path)
		if err == nil {
			o.scope = string(b)
			return nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f, err := os.CreateTemp(o.dir, "scope-")
		if err != nil {
			return err
		}
		_, err = f.WriteString(models.NewID())
		err = errors.Join(err, f.Close())
		if err == nil {
			err = os.Link(f.Name(), path)
		}
		_ = os.Remove(f.Name())
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return fmt.Errorf("no %s file in %s", scopeFile, o.dir)
}

func (o *owners) path(id string) string {
	sum := sha256.Sum256([]byte(id))
	return filepath.Join(o.dir, hex.EncodeToString(sum[:16])+ownerSuffix)
}

// announce takes the worker's lock. The file may be removed by a cleanup between its creation and its locking; then it is made
// again.
func (o *owners) announce() error {
	for range 10 {
		f, err := os.OpenFile(o.path(o.id), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return err
		}
		if err := lockExclusive(f); err != nil {
			return errors.Join(err, f.Close())
		}
		if o.inPlace(f) {
			o.file = f
			return nil
		}
		_ = f.Close()
	}
	return errors.New("the worker's lock file does not stay")
}

func (o *owners) inPlace(f *os.File) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(f.Name())
	return err == nil && os.SameFile(held, there)
}

// renew keeps the file from looking abandoned to programs that clean up temporary folders, and replaces it if they removed it.
func (o *owners) renew() error {
	now := time.Now()
	if o.inPlace(o.file) {
		return os.Chtimes(o.file.Name(), now, now)
	}
	old := o.file
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	if err := o.announce(); err != nil {
		return err
	}
	return old.Close()
}

// alive reports whether a worker of this scope lives.
func (o *owners) alive(id string) bool {
	if id == o.id {
		return true
	}
	f, err := os.Open(o.path(id))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	free, err := tryLockShared(f)
	return err != nil || !free
}

// tidy removes the files of workers that are dead and own nothing any more.
func (o *owners) tidy(owning map[string]bool) {
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		return
	}
	keep := map[string]bool{o.path(o.id): true}
	for id := range owning {
		keep[o.path(id)] = true
	}
	for _, e := range entries {
		path := filepath.Join(o.dir, e.Name())
		if !strings.HasSuffix(path, ownerSuffix) || keep[path] {
			continue
		}
		if f, err := os.Open(path); err == nil {
			if free, err := tryLockShared(f); err == nil && free {
				_ = os.Remove(path)
			}
			_ = f.Close()
		}
	}
}

// close ends the worker's announcement.
func (o *owners) close() error {
	err := errors.Join(os.Remove(o.file.Name()), o.file.Close())
	if o.temp {
		err = errors.Join(err, os.RemoveAll(o.dir))
	}
	return err
}
