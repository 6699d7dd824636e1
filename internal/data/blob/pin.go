package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Pin keeps all blobs of the folder until unpin is called or the process ends: no sweep removes any, in whatever process. It
// waits for a sweep that is removing some. A reader that has listed what it will read, such as a backup, needs it, because the
// database may drop its references meanwhile.
func (f *Folder) Pin(ctx context.Context) (unpin func(), err error) {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		unpin, err = f.tryPin(shared)
		if unpin != nil || err != nil {
			return unpin, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-again.C:
		}
	}
}

// unpinned holds off pins while blobs are removed. It returns nil if there is a pin.
func (f *Folder) unpinned() (unlock func(), err error) { return f.tryPin(alone) }

func (f *Folder) tryPin(how int) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.dir, "locks", "pin"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	switch err := flock(file, how|unix.LOCK_NB); {
	case errors.Is(err, unix.EWOULDBLOCK):
		return nil, file.Close()
	case err != nil:
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// BelongsTo is an error if the folder belongs to another platform. One without an owner may be anybody's.
func (f *Folder) BelongsTo(platform string) error {
	owner, err := f.owner()
	if err == nil && owner != "" && owner != platform {
		err = fmt.Errorf("the folder %s belongs to another database: its file %q does not say %s", f.dir, ownerFile, platform)
	}
	return err
}
