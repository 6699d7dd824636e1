package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A folder belongs to one platform, whose id is in its file "platform", and only that platform's sweeps remove anything: to
// every other database, all of the folder's blobs look unreferenced.
//
//   - A new folder belongs to the first platform that opens it.
//   - A folder with blobs and without the file, as earlier versions left them, belongs to the platform that refers to at
//     least half of its old blobs when it first sweeps.
//   - Everything else is for the operator to decide, by writing the file.
const (
	ownerFile = "platform"
	// onceFile allows one sweep that removes most of a folder; the sweep removes it.
	onceFile = "sweep-anyway"
)

// ErrNotSwept is the error of a sweep that removed nothing because it might remove needed blobs. Waiting does not help; the
// error says what does.
var ErrNotSwept = errors.New("nothing is removed")

// Adopt makes a new folder belong to a platform. A folder that has an owner, or has blobs, stays as it is.
func (f *Folder) Adopt(platform string) error {
	owner, err := f.owner()
	if err != nil || owner != "" {
		return err
	}
	entries, err := os.ReadDir(filepath.Join(f.dir, "blobs"))
	if err != nil || len(entries) > 0 {
		return err
	}
	return f.own(platform)
}

// owner is the platform that the folder belongs to, or "".
func (f *Folder) owner() (string, error) {
	id, err := os.ReadFile(filepath.Join(f.dir, ownerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(id)), err
}

// own writes the file atomically. Of several concurrent writers the first wins.
func (f *Folder) own(platform string) error {
	tmp, err := f.temp("platform-*")
	if err != nil {
		return err
	}
	_, err = tmp.WriteString(platform + "\n")
	if err = errors.Join(err, tmp.Sync()); err == nil {
		err = os.Link(tmp.Name(), filepath.Join(f.dir, ownerFile))
	}
	if err = errors.Join(err, discard(tmp)); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return errors.Join(err, syncFolder(f.dir))
}

// maySweep refuses a sweep of another platform's folder, before any blob is examined.
func (f *Folder) maySweep(platform string) (owner string, err error) {
	owner, err = f.owner()
	if err == nil && owner != "" && owner != platform {
		err = fmt.Errorf("%w: the folder %s belongs to another database: its file %q does not say %s. Give each database a folder of its own,"+
			" or write this id into the file if the other database is given up", ErrNotSwept, f.dir, ownerFile, platform)
	}
	return owner, err
}

// guarded is the number of old blobs from which removing most of them needs the operator's consent. Fewer are soon made again.
const guarded = 200

// mayRemove refuses to remove most of a folder: it is much more likely that the database is the wrong one, or an old backup,
// than that most blobs are not needed. A folder without an owner is adopted.
func (f *Folder) mayRemove(owner, platform string, unused, old int) error {
	most := unused*2 > old
	if owner == "" {
		if most {
			return fmt.Errorf("%w: the folder %s does not say which database it belongs to, and this one does not refer to %d of %d files."+
				" Write %s into its file %q if it is this one", ErrNotSwept, f.dir, unused, old, platform, ownerFile)
		}
		if err := f.own(platform); err != nil {
			return err
		}
		_, err := f.maySweep(platform)
		return err
	}
	if !most || old < guarded {
		return nil
	}
	err := os.Remove(filepath.Join(f.dir, onceFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: the database does not refer to %d of %d files in %s. If it is complete, make a file %q in the folder,"+
			" which allows one sweep", ErrNotSwept, unused, old, f.dir, onceFile)
	}
	return err
}
