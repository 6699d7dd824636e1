package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/spark-games/spark/models"
)

// headBytes is how much of a content is read before anything is written: most files are smaller, and if they are already stored,
// nothing is written.
const headBytes = 256 << 10

var heads = sync.Pool{New: func() any { b := make([]byte, headBytes); return &b }}

// Put stores the content of r and returns its digest and size. When it returns without error, the content is on disk. Content
// beyond limit bytes is refused with CodePayloadTooLarge, and nothing is stored. An undamaged blob that is already stored stays;
// a damaged one is repaired.
func (f *Folder) Put(ctx context.Context, r io.Reader, limit int64) (digest string, size int64, err error) {
	in := &source{ctx: ctx, r: r, left: limit}
	buf := heads.Get().(*[]byte)
	defer heads.Put(buf)
	n, err := io.ReadFull(in, *buf)
	head := (*buf)[:n]
	switch {
	case in.err != nil:
		return "", 0, in.err // the sender's error, which may look like one of ReadFull
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		sum := sha256.Sum256(head)
		digest = hex.EncodeToString(sum[:])
		return digest, int64(n), f.keep(digest, int64(n), func() (*os.File, error) {
			tmp, _, err := f.spool(bytes.NewReader(head))
			return tmp, err
		})
	case err != nil:
		return "", 0, err
	}
	h := sha256.New()
	tmp, size, err := f.spool(io.TeeReader(io.MultiReader(bytes.NewReader(head), in), h))
	if err != nil {
		if in.err != nil {
			return "", 0, in.err // the sender's error
		}
		return "", 0, err
	}
	digest = hex.EncodeToString(h.Sum(nil))
	used := false
	err = f.keep(digest, size, func() (*os.File, error) { used = true; return tmp, nil })
	if !used {
		err = errors.Join(err, discard(tmp))
	}
	return digest, size, err
}

// Renew keeps content that is already stored as if it had been stored just now, or is CodeNotFound if it is missing or damaged.
func (f *Folder) Renew(ctx context.Context, digest string, size int64) error {
	none := models.NewError(models.CodeNotFound, "the file is not stored any more, or is damaged")
	if err := ctx.Err(); err != nil {
		return err
	}
	if !digestForm.MatchString(digest) {
		return none
	}
	unlock, err := f.lock(digest, shared)
	if err != nil {
		return unwritable(err)
	}
	defer unlock()
	if !f.sound(digest, size) {
		return none
	}
	return nil
}

// spool writes a temporary file.
func (f *Folder) spool(r io.Reader) (*os.File, int64, error) {
	tmp, err := f.temp("blob-*")
	if err != nil {
		return nil, 0, unwritable(err)
	}
	n, err := io.Copy(tmp, r)
	if err != nil {
		return nil, 0, unwritable(errors.Join(err, discard(tmp)))
	}
	return tmp, n, nil
}

// keep puts content in place unless it is there. The lock keeps Sweep from removing it in between.
func (f *Folder) keep(digest string, size int64, content func() (*os.File, error)) error {
	unlock, err := f.lock(digest, shared)
	if err != nil {
		return unwritable(err)
	}
	defer unlock()
	if f.sound(digest, size) {
		return nil
	}
	tmp, err := content()
	if err != nil {
		return err
	}
	if err := f.place(tmp, digest); err != nil {
		return unwritable(err)
	}
	return nil
}

// place moves a temporary file to its final path atomically: flushed, then renamed, and the folder flushed.
func (f *Folder) place(tmp *os.File, digest string) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, discard(tmp))
		}
	}()
	if err = tmp.Sync(); err != nil {
		return err
	}
	path := f.path(digest)
	folder := filepath.Dir(path)
	if err = os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	if info, serr := tmp.Stat(); serr == nil {
		f.verified.add(digest, identify(info))
	}
	if cerr := tmp.Close(); cerr != nil {
		return cerr
	}
	_ = os.Remove(f.quarantined(digest)) // most often there is none, and what stays does no harm
	return syncFolder(folder)
}

// freshFor is how long a blob counts as just stored. Within that time, storing it again costs nothing; later, its modification
// time is refreshed, so that Sweep sees that it is in use.
const freshFor = time.Hour

// sound reports whether a blob is stored and undamaged, and refreshes its age.
func (f *Folder) sound(digest string, size int64) bool {
	file, err := os.Open(f.path(digest))
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.Size() != size {
		return false
	}
	switch same, err := f.verify(context.Background(), digest, file, info); {
	case err != nil:
		return false
	case !same: // it is about to be replaced, under the lock that quarantining it needs
		_ = f.report(digest, errMismatch)
		return false
	}
	now, err := f.now()
	switch {
	case err != nil:
		now = time.Now() // a full disk does not keep what is there from being used
	case now.Sub(info.ModTime()) < freshFor:
		return true
	}
	if os.Chtimes(file.Name(), now, now) != nil {
		return false
	}
	if info, err = file.Stat(); err == nil {
		f.verified.add(digest, identify(info))
	}
	return true
}

// source reads from the sender until the context ends or the limit is exceeded, and remembers the error.
type source struct {
	ctx  context.Context //nolint:containedctx // an io.Reader takes none
	r    io.Reader
	left int64
	err  error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	if int64(len(p)) > s.left+1 {
		p = p[:s.left+1]
	}
	n, err := s.r.Read(p)
	if s.left -= int64(n); s.left < 0 {
		err = models.NewError(models.CodePayloadTooLarge, "the file is larger than allowed")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}
