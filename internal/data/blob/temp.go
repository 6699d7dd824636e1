package blob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Writers hold a lock on their temporary files, which the kernel releases however they end. So any process can distinguish a
// file that is being written from one that a killed process has left.

// temp makes a temporary file, locked by this process until it is closed.
func (f *Folder) temp(pattern string) (*os.File, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), pattern)
	if err != nil {
		return nil, err
	}
	if err := flock(tmp, unix.LOCK_EX); err != nil {
		return nil, errors.Join(err, discard(tmp))
	}
	return tmp, nil
}

func discard(tmp *os.File) error { return errors.Join(tmp.Close(), os.Remove(tmp.Name())) }

// tempGrace is much longer than the time between making a temporary file and locking it.
const tempGrace = time.Minute

// SweepTemp removes temporary files that nobody writes any more, and returns how many.
func (f *Folder) SweepTemp() (removed int, err error) {
	entries, err := os.ReadDir(filepath.Join(f.dir, "tmp"))
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	now, err := f.now()
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, e := range entries {
		done, err := sweepTemp(filepath.Join(f.dir, "tmp", e.Name()), now)
		if done {
			removed++
		}
		errs = append(errs, err)
	}
	return removed, errors.Join(errs...)
}

func sweepTemp(path string, now time.Time) (removed bool, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // moved to its place meanwhile
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	if err := flock(file, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			return false, nil
		}
		return false, err
	}
	info, err := file.Stat()
	if err != nil || now.Sub(info.ModTime()) < tempGrace {
		return false, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, nil
}

// How to hold the lock of a part of the folder: writers share it, a remover holds it exclusively.
const (
	shared = unix.LOCK_SH
	alone  = unix.LOCK_EX
)

// lock holds the part of the folder that a digest belongs to.
func (f *Folder) lock(digest string, how int) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.dir, "locks", digest[:2]), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(file, how); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

func flock(file *os.File, how int) error {
	for {
		err := unix.Flock(int(file.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// now is the time by the clock that stamps the folder's files. Ages of files are told by it: this process's clock may be another
// machine's, or wrong, and what looks old by it may have just been stored.
func (f *Folder) now() (time.Time, error) {
	file, err := os.OpenFile(filepath.Join(f.dir, "locks", "clock"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return time.Time{}, err
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte{'.'}, 0); err != nil {
		return time.Time{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
