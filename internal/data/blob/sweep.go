package blob

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Sweep removes blobs that nothing refers to and that were not stored again within grace, and returns how many. live calls yield
// with every digest that something in the platform's database refers to. It fails with ErrNotSwept if the folder is not the
// platform's, or if most of it would be removed; what was stored before the time pruned does not count, because most of what was
// stored then has been removed from the database.
//
// It is safe while other processes store and refer, as long as a stored blob is referred to well within grace: if a blob is
// needed after it was listed as old, Put has refreshed its age, which Sweep checks under the lock before it removes anything; if
// it was needed before, it is among live, which is read after the listing.
func (f *Folder) Sweep(ctx context.Context, platform string, grace time.Duration, pruned time.Time,
	live func(ctx context.Context, yield func(digest string) error) error) (removed int, err error) {
	owner, err := f.maySweep(platform)
	if err != nil {
		return 0, err
	}
	old, err := f.olderThan(ctx, grace)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	if err := f.withoutModules(old); err != nil {
		return 0, err
	}
	if len(old) == 0 {
		return 0, nil
	}
	if owner == "" {
		pruned = time.Time{} // all of it has to tell whose the folder is
	}
	all := since(old, pruned)
	if err := live(ctx, func(digest string) error { delete(old, digest); return nil }); err != nil {
		return 0, err
	}
	if len(old) == 0 && owner != "" {
		return 0, nil
	}
	if err := f.mayRemove(owner, platform, since(old, pruned), all); err != nil {
		return 0, err
	}
	unlock, err := f.unpinned()
	if unlock == nil {
		return 0, err // the next sweep removes them
	}
	defer unlock()
	var errs []error
	for digest, id := range old {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		done, err := f.remove(digest, id)
		if done {
			removed++
		}
		errs = append(errs, err)
	}
	return removed, errors.Join(errs...)
}

// withoutModules removes the engine modules from the list, because they are kept.
func (f *Folder) withoutModules(old map[string]identity) error {
	modules, err := os.ReadDir(filepath.Join(f.dir, "modules"))
	for _, m := range modules {
		delete(old, m.Name())
	}
	return err
}

// since counts the blobs that were stored at or after a time.
func since(blobs map[string]identity, t time.Time) (n int) {
	for _, id := range blobs {
		if !time.Unix(0, id.modified).Before(t) {
			n++
		}
	}
	return n
}

// olderThan lists the blobs that were stored before a time.
func (f *Folder) olderThan(ctx context.Context, grace time.Duration) (map[string]identity, error) {
	old := make(map[string]identity)
	now, err := f.now()
	if err != nil {
		return nil, err
	}
	before := now.Add(-grace)
	err = filepath.WalkDir(filepath.Join(f.dir, "blobs"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || e.IsDir() || !digestForm.MatchString(e.Name()) {
			return err
		}
		info, err := e.Info()
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err == nil && info.ModTime().Before(before):
			old[e.Name()] = identify(info)
		}
		return err
	})
	return old, err
}

// remove deletes a blob if it is still the listed file.
func (f *Folder) remove(digest string, id identity) (bool, error) {
	unlock, err := f.lock(digest, alone)
	if err != nil {
		return false, err
	}
	defer unlock()
	info, err := os.Stat(f.path(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || identify(info) != id {
		return false, err
	}
	f.verified.forget(digest)
	return true, os.Remove(f.path(digest))
}
