//go:build unix

package sandbox

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

func lockExclusive(f *os.File) error { return ignoringInterrupts(f, unix.LOCK_EX) }

// tryLockShared reports whether no one holds the file's lock exclusively. The lock that it takes goes when f is closed.
func tryLockShared(f *os.File) (bool, error) {
	err := ignoringInterrupts(f, unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

func ignoringInterrupts(f *os.File, how int) error {
	for {
		if err := unix.Flock(int(f.Fd()), how); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
