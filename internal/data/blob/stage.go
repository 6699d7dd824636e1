package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spark-games/spark/models"
)

// Staged files are parts of something that arrives bit by bit, under names of their own. They are not content-addressed: who has staged one removes it
// as soon as it is not needed, and nothing else refers to it.

func (f *Folder) staged(name string) string { return filepath.Join(f.dir, "staged", name) }

// Stage stores what r reads until its end, an error or limit bytes, and returns the file's name and how many bytes it has. What came before an error of r is
// kept: then there is a name and an error. Without a byte there is no file and no name.
func (f *Folder) Stage(ctx context.Context, r io.Reader, limit int64) (name string, size int64, err error) {
	tmp, err := f.temp("stage-*")
	if err != nil {
		return "", 0, unwritable(err)
	}
	in := &source{ctx: ctx, r: io.LimitReader(r, limit), left: limit}
	size, err = io.Copy(tmp, in)
	if in.err == nil && err != nil || size == 0 {
		derr := discard(tmp)
		if in.err == nil && err != nil {
			return "", 0, unwritable(errors.Join(err, derr))
		}
		return "", 0, in.err
	}
	name = models.NewID()
	if err := errors.Join(tmp.Sync(), os.Rename(tmp.Name(), f.staged(name))); err != nil {
		return "", 0, unwritable(errors.Join(err, discard(tmp)))
	}
	if err := errors.Join(tmp.Close(), syncFolder(f.staged(""))); err != nil {
		return "", 0, unwritable(err)
	}
	return name, size, in.err
}

// OpenStaged opens a staged file.
func (f *Folder) OpenStaged(name string) (io.ReadCloser, error) {
	if !models.ValidID(name) {
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	file, err := os.Open(f.staged(name))
	if err != nil {
		return nil, fmt.Errorf("open a staged file: %w", err)
	}
	return file, nil
}

// Unstage removes staged files. Those that are gone do not matter.
func (f *Folder) Unstage(names ...string) error {
	var errs []error
	for _, name := range names {
		if !models.ValidID(name) {
			continue
		}
		if err := os.Remove(f.staged(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// stagedGrace is much longer than the time between staging a file and referring to it.
const stagedGrace = time.Hour

// SweepStaged removes staged files that nothing refers to, which killed processes have left, and returns how many. live calls yield with the name of each
// that the platform's database refers to.
func (f *Folder) SweepStaged(ctx context.Context, platform string,
	live func(ctx context.Context, yield func(name string) error) error,
) (removed int, err error) {
	owner, err := f.maySweep(platform)
	if err != nil || owner == "" {
		return 0, err
	}
	now, err := f.now()
	if err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(f.staged(""))
	if err != nil {
		return 0, err
	}
	old := make(map[string]bool)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > stagedGrace {
			old[e.Name()] = true
		}
	}
	if len(old) == 0 {
		return 0, nil
	}
	if err := live(ctx, func(name string) error { delete(old, name); return nil }); err != nil {
		return 0, err
	}
	var errs []error
	for name := range old {
		err := os.Remove(f.staged(name))
		if err == nil {
			removed++
		} else if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return removed, errors.Join(errs...)
}
