package jobs

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/spark-games/spark/models"
)

// Blobs is content-addressed storage, as handlers need it.
type Blobs interface {
	Put(ctx context.Context, data []byte) (sha256 string, err error)
	Get(ctx context.Context, sha256 string) ([]byte, error)
}

// blobsAtOnce is how many files of one job are stored or read at a time.
const blobsAtOnce = 8

// StoreFiles puts files into the blob store and returns their manifest, sorted by path.
func StoreFiles(ctx context.Context, blobs Blobs, files []models.File) (models.Manifest, error) {
	m := make(models.Manifest, len(files))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(blobsAtOnce)
	for i, f := range files {
		g.Go(func() error {
			sum, err := blobs.Put(ctx, f.Data)
			m[i] = models.ManifestEntry{Path: f.Path, SHA256: sum, Size: int64(len(f.Data)), MediaType: models.MediaType(f.Path)}
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
			data, err := blobs.Get(ctx, e.SHA256)
			files[i] = models.File{Path: e.Path, Data: data}
			return err
		})
	}
	return files, g.Wait()
}
