package cluster

import (
	"errors"
	"fmt"
	"syscall"
)

// roomy is the size of the blobs' file system, more than a segment stores.
const roomy = 8 << 30

// boundFolder makes a folder a file system of its own, in memory, which can be made full. That takes the rights of root.
func boundFolder(dir string) bool {
	return syscall.Mount("spark-faults", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", int64(roomy))) == nil
}

func unboundFolder(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }

// Bounded reports whether the blob store can be made full.
func (c *Cluster) Bounded() bool { return c.bounded }

// FillBlobs leaves no room in the blob store.
func (c *Cluster) FillBlobs() error {
	for { // its size cannot be below what is in it, which may grow meanwhile
		var s syscall.Statfs_t
		if err := syscall.Statfs(c.Blobs(), &s); err != nil {
			return err
		}
		used := (int64(s.Blocks) - int64(s.Bfree)) * s.Bsize
		if err := c.resizeBlobs(max(used, s.Bsize)); !errors.Is(err, syscall.EINVAL) {
			return err
		}
	}
}

// EmptyBlobs makes room again.
func (c *Cluster) EmptyBlobs() error { return c.resizeBlobs(roomy) }

func (c *Cluster) resizeBlobs(bytes int64) error {
	return syscall.Mount("spark-faults", c.Blobs(), "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", bytes))
}
