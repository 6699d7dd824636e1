package engines

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Outputs are the files that a build made, for listing and reading. They are read-only, and safe for concurrent use.
type Outputs interface {
	// Manifest lists the files, sorted by path.
	Manifest() models.Manifest
	// Open opens a file. A missing one is an fs.ErrNotExist.
	Open(path string) (Content, error)
}

// Content is one open file of Outputs, for one reader at a time.
type Content interface {
	io.Reader
	io.ReaderAt
	io.Closer
}

// Sink takes the files of one build as they arrive, one after another. It gets no sizes and enforces no limits: the writer does.
// Its owner uses or discards the files, however the build ends.
type Sink interface {
	// Create starts a file, which exists once it is closed; one that is not closed never does.
	Create(path string) (io.WriteCloser, error)
	// Open opens a file that was closed.
	Open(path string) (Content, error)
}

// ReadOutput is the complete content of an output of at most limit bytes. A larger one is refused with CodeInvalidOutput.
func ReadOutput(outputs Outputs, path string, limit int64) ([]byte, error) {
	c, err := outputs.Open(path)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	data, err := io.ReadAll(io.LimitReader(c, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, models.NewError(models.CodeInvalidOutput, fmt.Sprintf("the build's output %q is larger than %d bytes", path, limit))
	}
	return data, err
}

// InMemory are outputs whose content is in memory already.
func InMemory(files []models.File) Outputs {
	m := make(inMemory, len(files))
	copy(m, files)
	slices.SortStableFunc(m, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
	return m
}

type inMemory []models.File

func (m inMemory) Manifest() models.Manifest {
	list := make(models.Manifest, len(m))
	for i, f := range m {
		sum := sha256.Sum256(f.Data)
		list[i] = models.ManifestEntry{Path: f.Path, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(f.Data)), MediaType: models.MediaType(f.Path)}
	}
	return list
}

func (m inMemory) Open(path string) (Content, error) {
	for _, f := range m {
		if f.Path == path {
			return bytesContent{bytes.NewReader(f.Data)}, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

type bytesContent struct{ *bytes.Reader }

func (bytesContent) Close() error { return nil }
