package blob

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Spool writes what r reads to a temporary file and returns it at its beginning. The file has no name any more: it is gone as soon as it is closed,
// however the process ends. More than limit bytes are refused with CodePayloadTooLarge.
func (f *Folder) Spool(ctx context.Context, r io.Reader, limit int64) (*os.File, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "tmp"), "spool-*")
	if err != nil {
		return nil, unwritable(err)
	}
	if err := os.Remove(tmp.Name()); err != nil {
		return nil, unwritable(errors.Join(err, tmp.Close()))
	}
	in := &source{ctx: ctx, r: r, left: limit}
	if _, err = io.Copy(tmp, in); err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	switch {
	case in.err != nil:
		err = errors.Join(in.err, tmp.Close()) // the sender's error
		return nil, err
	case err != nil:
		return nil, unwritable(errors.Join(err, tmp.Close()))
	}
	return tmp, nil
}
