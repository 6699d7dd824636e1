package protocol

import (
	"fmt"
	"io"
	"path"

	"github.com/spark-games/spark/models"
)

// LimitError means that a peer sent more files or bytes than the receiver takes.
type LimitError struct{ What string }

func (e *LimitError) Error() string { return e.What }

// CollisionError means that two files of a peer cannot be on one file system.
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

// Files is a Receiver that keeps the files in memory.
type Files struct {
	MaxFiles int
	MaxBytes int64

	in    Receiver
	files []models.File
}

// Open reports whether a file has begun and not ended.
func (s *Files) Open() bool { return s.in.Open() }

// Bytes is how much content has arrived.
func (s *Files) Bytes() int64 { return s.in.Bytes() }

// Accept takes a FileBegin, FileChunk or FileEnd.
func (s *Files) Accept(f Frame) error {
	s.in.MaxFiles, s.in.MaxBytes, s.in.Create = s.MaxFiles, s.MaxBytes, s.create
	return s.in.Accept(f)
}

func (s *Files) create(path string, size int64) (io.WriteCloser, error) {
	return &kept{in: s, path: path, size: size, data: make([]byte, 0, min(size, 1<<20))}, nil
}

// Result is what arrived, once no file is open.
func (s *Files) Result() ([]models.File, error) {
	if _, err := s.in.Result(); err != nil {
		return nil, err
	}
	return s.files, nil
}

// kept is a file that is arriving.
type kept struct {
	in   *Files
	path string
	size int64
	data []byte
}

func (k *kept) Write(p []byte) (int, error) {
	if len(k.data)+len(p) > cap(k.data) {
		// The announced size is only a promise: what is kept grows with what arrives, and in few steps, because each is a copy.
		k.data = append(make([]byte, 0, min(k.size, 4*int64(cap(k.data)))), k.data...)
	}
	k.data = append(k.data, p...)
	return len(p), nil
}

func (k *kept) Close() error {
	k.in.files = append(k.in.files, models.File{Path: k.path, Data: k.data})
	return nil
}
