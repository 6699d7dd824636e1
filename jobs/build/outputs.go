package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// storedAtOnce is how many outputs are put into the blob store concurrently.
const storedAtOnce = 8

// storeOutputs puts a build's outputs into the blob store. Nothing of them is stored before: what a refused or cancelled build
// leaves is discarded with its sink.
func storeOutputs(ctx context.Context, blobs jobs.Blobs, outputs engines.Outputs) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(storedAtOnce)
	for _, e := range outputs.Manifest() {
		g.Go(func() error {
			c, err := outputs.Open(e.Path)
			if err != nil {
				return err
			}
			defer c.Close()
			sum, _, err := blobs.Put(ctx, c, e.Size)
			if err == nil && sum != e.SHA256 {
				err = models.WrapError(models.CodeUnavailable, "the build's output cannot be kept",
					fmt.Errorf("%s has come as %s and been stored as %s", e.Path, e.SHA256, sum))
			}
			return err
		})
	}
	return g.Wait()
}

// verify has the engine check outputs. An output that cannot be read is not the project's fault, and is reported as a read
// error.
func (b *building) verify(ctx context.Context, outputs engines.Outputs) error {
	w := &watched{Outputs: outputs, ctx: ctx}
	err := b.engine.Verify(b.req, w)
	if failed := w.failure(); failed != nil {
		return failed
	}
	return err
}

// watched are outputs that are read until a context ends. They remember the first failure.
type watched struct {
	engines.Outputs
	ctx context.Context

	mu    sync.Mutex
	first error
}

func (w *watched) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.first
}

// note records the result of a read: anything but the end is a failure.
func (w *watched) note(err error) error {
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.first == nil {
		w.first = err
	}
	return err
}

func (w *watched) Open(path string) (engines.Content, error) {
	c, err := w.Outputs.Open(path)
	if err != nil {
		return nil, w.note(err)
	}
	return watchedContent{c, w}, nil
}

type watchedContent struct {
	engines.Content
	w *watched
}

func (c watchedContent) Read(p []byte) (int, error) {
	if err := context.Cause(c.w.ctx); err != nil {
		return 0, c.w.note(err)
	}
	n, err := c.Content.Read(p)
	return n, c.w.note(err)
}

func (c watchedContent) ReadAt(p []byte, off int64) (int, error) {
	if err := context.Cause(c.w.ctx); err != nil {
		return 0, c.w.note(err)
	}
	n, err := c.Content.ReadAt(p, off)
	return n, c.w.note(err)
}

// stored are the outputs of an earlier build, in the blob store.
type stored struct {
	ctx      context.Context
	manifest models.Manifest
	blobs    Blobs
}

func (s stored) Manifest() models.Manifest { return s.manifest }

func (s stored) Open(path string) (engines.Content, error) {
	e, ok := s.manifest.Find(path)
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	c, err := s.blobs.Open(s.ctx, e.SHA256)
	if err != nil {
		return nil, err
	}
	return storedContent{c}, nil
}

// renew makes sure that every file is still stored and unchanged, and stays until a new artifact refers to it: the earlier one
// may be removed meanwhile.
func (s stored) renew() error {
	for _, e := range s.manifest {
		if err := s.blobs.Renew(s.ctx, e.SHA256, e.Size); err != nil {
			return err
		}
	}
	return nil
}

// storedContent implements reading at an offset by seeking: it is for one reader at a time.
type storedContent struct{ io.ReadSeekCloser }

func (c storedContent) ReadAt(p []byte, off int64) (int, error) {
	if _, err := c.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(c, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
