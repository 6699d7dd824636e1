package blob

import (
	"io/fs"
	"sync"
	"syscall"
)

// identity distinguishes a file on disk from every other, and from itself with different content.
type identity struct {
	device, inode uint64
	size          int64
	modified      int64
}

func identify(info fs.FileInfo) identity {
	id := identity{size: info.Size(), modified: info.ModTime().UnixNano()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		id.device, id.inode = uint64(st.Dev), st.Ino //nolint:unconvert // its type differs between systems
	}
	return id
}

// verified remembers which files were found to have the content that their names say.
type verified struct {
	mu  sync.Mutex
	ids map[string]identity
}

// maxVerified limits the memory, some 200 bytes each. A blob that is evicted is hashed again.
const maxVerified = 1 << 16

func (v *verified) has(digest string, id identity) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	known, ok := v.ids[digest]
	return ok && known == id
}

func (v *verified) add(digest string, id identity) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ids == nil {
		v.ids = make(map[string]identity)
	}
	if _, there := v.ids[digest]; !there && len(v.ids) >= maxVerified {
		for other := range v.ids { // any one
			delete(v.ids, other)
			break
		}
	}
	v.ids[digest] = id
}

func (v *verified) forget(digest string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.ids, digest)
}
