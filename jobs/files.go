package jobs

import (
	"context"
	"mime"
	"path"
	"strings"

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
			m[i] = models.ManifestEntry{Path: f.Path, SHA256: sum, Size: int64(len(f.Data)), MediaType: MediaType(f.Path)}
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

// mediaTypes are fixed here, so that an artifact's manifest does not depend on the machine that made it.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json", ".wasm": "application/wasm",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif", ".svg": "image/svg+xml", ".ico": "image/x-icon", ".mp3": "audio/mpeg", ".ogg": "audio/ogg",
	".wav": "audio/wav", ".m4a": "audio/mp4", ".mp4": "video/mp4", ".webm": "video/webm", ".woff": "font/woff",
	".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".txt": "text/plain; charset=utf-8",
	".md": "text/markdown; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".xml": "application/xml",
	".zip": "application/zip", ".glb": "model/gltf-binary", ".gltf": "model/gltf+json", ".ts": "text/plain; charset=utf-8",
	".tsx": "text/plain; charset=utf-8", ".jsx": "text/plain; charset=utf-8", ".atlas": "text/plain; charset=utf-8",
}

// MediaType is the media type that a file is stored and served under, by its extension.
func MediaType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if t, ok := mediaTypes[ext]; ok {
		return t
	}
	if t := mime.TypeByExtension(ext); strings.HasPrefix(t, "image/") || strings.HasPrefix(t, "audio/") {
		return t
	}
	return "application/octet-stream"
}
