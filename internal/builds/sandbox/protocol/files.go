package protocol

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"path"

	"github.com/spark-games/spark/models"
)

// LimitError tells that a peer sent more files or bytes than the receiver takes.
type LimitError struct{ What string }

func (e *LimitError) Error() string { return e.What }

// CollisionError tells that two files of a peer cannot be on one file system.
type CollisionError struct{ What string }

func (e *CollisionError) Error() string { return e.What }

// Names are the paths of a set of files as they come. The zero value is empty.
type Names struct {
	keys map[string]string // of a file its path, and of a folder ""
}

// Add takes a file's path, unless it collides with another on some file system: then the error is a *CollisionError.
func (n *Names) Add(p string) error {
	if n.keys == nil {
		n.keys = make(map[string]string)
	}
	key := models.PathKey(p)
	if other, taken := n.keys[key]; taken && other != "" {
		return &CollisionError{fmt.Sprintf("%q and %q have names that collide", other, p)}
	} else if taken {
		return &CollisionError{fmt.Sprintf("%q is a file, and the folder of others", p)}
	}
	for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
		if other := n.keys[dir]; other != "" {
			return &CollisionError{fmt.Sprintf("%q is a file, and the folder of %q", other, p)}
		}
		n.keys[dir] = ""
	}
	n.keys[key] = p
	return nil
}

// Files puts together the files of one direction of a job and holds them to limits while they arrive, so that a peer
// can never make the receiver keep more than it allows.
type Files struct {
	MaxFiles int
	MaxBytes int64

	files  []models.File
	bytes  int64
	names  Names
	open   bool
	size   int64
	path   string
	data   []byte
	digest hash.Hash // of data
}

// Open tells whether a file has begun and not ended.
func (s *Files) Open() bool { return s.open }

// Bytes is how much content has arrived.
func (s *Files) Bytes() int64 { return s.bytes }

// Accept takes a FileBegin, FileChunk or FileEnd.
func (s *Files) Accept(f Frame) error {
	switch f.Type {
	case FileBegin:
		return s.begin(f)
	case FileChunk:
		return s.chunk(f)
	case FileEnd:
		return s.end(f)
	}
	return fmt.Errorf("%w: %s among files", ErrUnexpected, f.Type)
}

func (s *Files) begin(f Frame) error {
	if s.open {
		return fmt.Errorf("%w: file within a file", ErrUnexpected)
	}
	p, size, err := ParseFileHead(f)
	if err != nil {
		return err
	}
	if err := models.CheckPath(p); err != nil {
		return fmt.Errorf("%w: %w", ErrBadPayload, err)
	}
	if len(s.files) >= s.MaxFiles {
		return &LimitError{fmt.Sprintf("more than %d files", s.MaxFiles)}
	}
	if size > s.MaxBytes-s.bytes {
		return &LimitError{fmt.Sprintf("more than %d bytes", s.MaxBytes)}
	}
	if err := s.names.Add(p); err != nil {
		return fmt.Errorf("%w: %w", ErrBadPayload, err)
	}
	s.open, s.path, s.size = true, p, size
	s.data, s.digest = make([]byte, 0, min(size, 1<<20)), sha256.New()
	return nil
}

func (s *Files) chunk(f Frame) error {
	switch {
	case !s.open:
		return fmt.Errorf("%w: chunk without a file", ErrUnexpected)
	case len(f.Payload) == 0:
		return fmt.Errorf("%w: empty chunk", ErrBadPayload)
	case int64(len(f.Payload)) > s.size-int64(len(s.data)):
		return fmt.Errorf("%w: file %q is longer than announced", ErrBadPayload, s.path)
	}
	if len(s.data)+len(f.Payload) > cap(s.data) {
		// The announced size is only a promise: what is kept grows with what arrives, and in few steps, because each is a copy.
		s.data = append(make([]byte, 0, min(s.size, 4*int64(cap(s.data)))), s.data...)
	}
	s.data = append(s.data, f.Payload...)
	s.digest.Write(f.Payload) // and not at the end, when nothing else arrives meanwhile
	s.bytes += int64(len(f.Payload))
	return nil
}

func (s *Files) end(f Frame) error {
	switch {
	case !s.open:
		return fmt.Errorf("%w: end without a file", ErrUnexpected)
	case int64(len(s.data)) != s.size:
		return fmt.Errorf("%w: file %q is shorter than announced", ErrBadPayload, s.path)
	case !bytes.Equal(f.Payload, s.digest.Sum(nil)):
		return fmt.Errorf("%w: file %q does not match its digest", ErrBadPayload, s.path)
	}
	s.files = append(s.files, models.File{Path: s.path, Data: s.data})
	s.open, s.data, s.digest = false, nil, nil
	return nil
}

// Result is what arrived, once no file is open.
func (s *Files) Result() ([]models.File, error) {
	if s.open {
		return nil, fmt.Errorf("%w: file %q has no end", ErrUnexpected, s.path)
	}
	return s.files, nil
}
