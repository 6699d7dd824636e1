package protocol

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/spark-games/spark/models"
)

// Receiver takes the files of one direction of a job as they arrive and passes their content on. It counts and hashes them
// itself and enforces limits, so that a peer can never make the receiver keep more than is allowed.
type Receiver struct {
	MaxFiles int
	MaxBytes int64
	// Create starts a file, whose size is only announced. The file is closed when all of it has arrived, and only then.
	Create func(path string, size int64) (io.WriteCloser, error)

	list   models.Manifest
	bytes  int64
	names  Names
	to     io.WriteCloser // nil when no file is open
	path   string
	size   int64 // as announced
	got    int64
	digest hash.Hash // of what has come
}

// Open reports whether a file has begun and not ended.
func (r *Receiver) Open() bool { return r.to != nil }

// Bytes is how much content has arrived.
func (r *Receiver) Bytes() int64 { return r.bytes }

// Accept takes a FileBegin, FileChunk or FileEnd.
func (r *Receiver) Accept(f Frame) error {
	switch f.Type {
	case FileBegin:
		return r.begin(f)
	case FileChunk:
		return r.chunk(f)
	case FileEnd:
		return r.end(f)
	}
	return fmt.Errorf("%w: %s among files", ErrUnexpected, f.Type)
}

func (r *Receiver) begin(f Frame) error {
	if r.Open() {
		return fmt.Errorf("%w: file within a file", ErrUnexpected)
	}
	p, size, err := ParseFileHead(f)
	if err != nil {
		return err
	}
	if err := models.CheckPath(p); err != nil {
		return fmt.Errorf("%w: %w", ErrBadPayload, err)
	}
	if len(r.list) >= r.MaxFiles {
		return &LimitError{fmt.Sprintf("more than %d files", r.MaxFiles)}
	}
	if size > r.MaxBytes-r.bytes {
		return &LimitError{fmt.Sprintf("more than %d bytes", r.MaxBytes)}
	}
	if err := r.names.Add(p); err != nil {
		return fmt.Errorf("%w: %w", ErrBadPayload, err)
	}
	to, err := r.Create(p, size)
	if err != nil {
		return err
	}
	r.to, r.path, r.size, r.got, r.digest = to, p, size, 0, sha256.New()
	return nil
}

func (r *Receiver) chunk(f Frame) error {
	switch {
	case !r.Open():
		return fmt.Errorf("%w: chunk without a file", ErrUnexpected)
	case len(f.Payload) == 0:
		return fmt.Errorf("%w: empty chunk", ErrBadPayload)
	case int64(len(f.Payload)) > r.size-r.got:
		return fmt.Errorf("%w: file %q is longer than announced", ErrBadPayload, r.path)
	}
	if _, err := r.to.Write(f.Payload); err != nil {
		return err
	}
	r.digest.Write(f.Payload) // and not at the end, when nothing else arrives meanwhile
	r.got += int64(len(f.Payload))
	r.bytes += int64(len(f.Payload))
	return nil
}

func (r *Receiver) end(f Frame) error {
	if !r.Open() {
		return fmt.Errorf("%w: end without a file", ErrUnexpected)
	}
	sum := r.digest.Sum(nil)
	switch {
	case r.got != r.size:
		return fmt.Errorf("%w: file %q is shorter than announced", ErrBadPayload, r.path)
	case !bytes.Equal(f.Payload, sum):
		return fmt.Errorf("%w: file %q does not match its digest", ErrBadPayload, r.path)
	}
	if err := r.to.Close(); err != nil {
		return err
	}
	r.list = append(r.list, models.ManifestEntry{Path: r.path, SHA256: hex.EncodeToString(sum), Size: r.size, MediaType: models.MediaType(r.path)})
	r.to, r.digest = nil, nil
	return nil
}

// Result lists what arrived, in its order, once no file is open.
func (r *Receiver) Result() (models.Manifest, error) {
	if r.Open() {
		return nil, fmt.Errorf("%w: file %q has no end", ErrUnexpected, r.path)
	}
	return r.list, nil
}
