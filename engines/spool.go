package engines

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spark-games/spark/models"
)

// Spool is a Sink on disk: one unnamed file that holds the outputs of a build one after another. Nothing of it is left once it
// is closed or its process has ended, for whatever reason. One goroutine writes the files; any number of goroutines may read
// them after that.
type Spool struct {
	dir   string
	file  *os.File // nil until something is written
	size  int64
	parts map[string]part
}

// part is where a file lies in the spool.
type part struct{ at, size int64 }

// NewSpool makes a spool in a folder; "" is the system's folder for temporary files. It uses no space before something is
// written.
func NewSpool(dir string) *Spool { return &Spool{dir: dir, parts: make(map[string]part)} }

// Create implements Sink.
func (s *Spool) Create(path string) (io.WriteCloser, error) {
	if s.file == nil {
		f, err := os.CreateTemp(s.dir, "outputs-*")
		if err != nil {
			return nil, noRoom(err)
		}
		if err := os.Remove(f.Name()); err != nil {
			return nil, noRoom(errors.Join(err, f.Close()))
		}
		s.file = f
	}
	return &spooled{spool: s, path: path, at: s.size}, nil
}

// Open implements Sink.
func (s *Spool) Open(path string) (Content, error) {
	p, ok := s.parts[path]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return section{io.NewSectionReader(s.file, p.at, p.size)}, nil
}

// Close discards what was written. Later reads fail.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

func noRoom(err error) error {
	return models.WrapError(models.CodeUnavailable, "the build's output cannot be kept", fmt.Errorf("spool: %w", err))
}

// spooled is a file that is being written.
type spooled struct {
	spool *Spool
	path  string
	at    int64
}

func (w *spooled) Write(p []byte) (int, error) {
	n, err := w.spool.file.Write(p)
	w.spool.size += int64(n)
	if err != nil {
		err = noRoom(err)
	}
	return n, err
}

func (w *spooled) Close() error {
	w.spool.parts[w.path] = part{w.at, w.spool.size - w.at}
	return nil
}

type section struct{ *io.SectionReader }

func (section) Close() error { return nil }
