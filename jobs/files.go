package jobs

import (
	"bytes"
	"context"
	"io"

	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/models"
)

// Blobs is content-addressed storage, as handlers need it.
type Blobs interface {
	// Put stores what r gives, or refuses it with CodePayloadTooLarge when it is more than limit bytes.
	Put(ctx context.Context, r io.Reader, limit int64) (sha256 string, size int64, err error)
	// Open returns the content of a digest, from the start or in ranges: CodeNotFound, or CodeDamaged when it is not what
	// the digest says, be it while it is read.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// blobsAtOnce is how many files of one job are stored or read concurrently.
const blobsAtOnce = 8

// StoreFiles puts files into the blob store and returns their manifest, sorted by path.
func StoreFiles(ctx context.Context, blobs Blobs, files []models.File) (models.Manifest, error) {
	m := make(models.Manifest, len(files))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(blobsAtOnce)
	for i, f := range files {
		g.Go(func() error {
			sum, size, err := blobs.Put(ctx, bytes.NewReader(f.Data), int64(len(f.Data)))
			m[i] = models.ManifestEntry{Path: f.Path, SHA256: sum, Size: size, MediaType: models.MediaType(f.Path)}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	m.Sort()
	return m, nil
}

// LoadFiles reads the files of a manifest.
func LoadFiles(ctx context.Context, blobs Blobs, m models.Manifest) ([]models.File, error) {
	files := make([]models.File, len(m))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(blobsAtOnce)
	for i, e := range m {
		g.Go(func() error {
			data, err := ReadBlob(ctx, blobs, e)
			files[i] = models.File{Path: e.Path, Data: data}
			return err
		})
	}
	return files, g.Wait()
}

// ReadBlob reads a complete file of a manifest.
func ReadBlob(ctx context.Context, blobs Blobs, e models.ManifestEntry) ([]byte, error) {
	in, err := blobs.Open(ctx, e.SHA256)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data := bytes.NewBuffer(make([]byte, 0, e.Size+bytes.MinRead))
	_, err = data.ReadFrom(in)
	return data.Bytes(), err
}
