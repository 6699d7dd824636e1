package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"

	"github.com/spark-games/spark/models"
)

// Content is an open blob. It is read from the start or in ranges, and never returns wrong bytes: content that does not match
// its digest is refused by Open, and if it changes later, reading fails with CodeDamaged before the last byte. It is for one
// reader at a time.
type Content struct {
	file   *os.File
	folder *Folder
	digest string
	id     identity
	pos    int64
	hash   hash.Hash
	hashed int64 // how many bytes are hashed: those read from the start without a gap
}

// Open returns the content of a digest, CodeNotFound, or CodeDamaged. A blob is hashed before its first byte is returned, and
// again only if the file has changed since. Whatever finds a blob damaged quarantines it.
func (f *Folder) Open(ctx context.Context, digest string) (io.ReadSeekCloser, error) {
	if !digestForm.MatchString(digest) {
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	file, err := f.file(digest)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(unreadable(err), file.Close())
	}
	same, err := f.verify(ctx, digest, file, info)
	if err == nil && !same {
		err = f.setAside(digest)
	}
	if err != nil {
		_ = file.Close() // it was only read
		return nil, err
	}
	return &Content{file: file, folder: f, digest: digest, id: identify(info), hash: sha256.New()}, nil
}

// verify reports whether a file, just opened, has the content of a digest.
func (f *Folder) verify(ctx context.Context, digest string, file *os.File, info fs.FileInfo) (bool, error) {
	id := identify(info)
	if f.verified.has(digest, id) {
		return true, nil
	}
	h, most := sha256.New(), id.size+1 // a file that has grown differs
	if _, err := io.Copy(h, &source{ctx: ctx, r: io.LimitReader(file, most), left: most}); err != nil {
		return false, unreadable(err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, unreadable(err)
	}
	if hex.EncodeToString(h.Sum(nil)) != digest {
		return false, nil
	}
	f.verified.add(digest, id)
	return true, nil
}

func unreadable(err error) error {
	return models.WrapError(models.CodeUnavailable, "the file store cannot be read", err)
}

// Size is the content's length in bytes.
func (c *Content) Size() int64 { return c.id.size }

// Read implements io.Reader.
func (c *Content) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	whole := c.pos == c.hashed
	if whole {
		_, _ = c.hash.Write(p[:n]) // a hash never fails
		c.hashed += int64(n)
	}
	c.pos += int64(n)
	switch {
	case errors.Is(err, io.EOF) && c.pos < c.id.size, c.pos > c.id.size:
		return 0, c.folder.setAside(c.digest)
	case whole && n > 0 && c.hashed == c.id.size:
		if hex.EncodeToString(c.hash.Sum(nil)) != c.digest {
			return 0, c.folder.setAside(c.digest) // the bytes of this call are not returned
		}
	case !whole && n > 0:
		if rerr := c.unchanged(); rerr != nil {
			return 0, rerr
		}
	}
	return n, err
}

// ReadAt implements io.ReaderAt.
func (c *Content) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.file.ReadAt(p, off)
	if rerr := c.unchanged(); rerr != nil {
		return 0, rerr
	}
	return n, err
}

// unchanged makes sure that the file still has the content that was verified. A new modification time alone is no change: Put,
// in any process, refreshes the age of a blob.
func (c *Content) unchanged() error {
	info, err := c.file.Stat()
	if err != nil {
		return unreadable(err)
	}
	now := identify(info)
	switch {
	case now == c.id:
		return nil
	case now.size != c.id.size:
		return c.folder.setAside(c.digest)
	case !c.folder.verified.has(c.digest, now):
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(c.file, 0, now.size)); err != nil {
			return unreadable(err)
		}
		if hex.EncodeToString(h.Sum(nil)) != c.digest {
			return c.folder.setAside(c.digest)
		}
	}
	c.id = now
	return nil
}

// Seek implements io.Seeker.
func (c *Content) Seek(offset int64, whence int) (int64, error) {
	pos, err := c.file.Seek(offset, whence)
	if err != nil {
		return pos, err
	}
	if c.pos = pos; pos == 0 {
		c.hash.Reset()
		c.hashed = 0
	}
	return pos, nil
}

// Close implements io.Closer.
func (c *Content) Close() error { return c.file.Close() }
