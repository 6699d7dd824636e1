package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spark-games/spark/models"
)

// content answers with a stored file: with its digest as the entity tag, so that caches can ask whether they still have
// it, and with ranges, which media players need.
type content struct {
	req     *http.Request
	entry   models.ManifestEntry
	body    io.ReadSeekCloser
	headers map[string]string
}

// openEntry opens a file of a manifest.
func (s *server) openEntry(ctx context.Context, req *http.Request, files models.Manifest, path string) (*content, error) {
	entry, ok := files.Find(path)
	if !ok {
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	return s.openBlob(ctx, req, entry)
}

func (s *server) openBlob(ctx context.Context, req *http.Request, entry models.ManifestEntry) (*content, error) {
	body, err := openStored(ctx, s.Blobs, entry)
	if err != nil {
		return nil, err
	}
	return &content{req: req, entry: entry, body: body, headers: map[string]string{"Cache-Control": "private, no-cache"}}, nil
}

// openStored opens what a manifest names. When it is missing that is our loss, not a wrong address.
func openStored(ctx context.Context, blobs Blobs, entry models.ManifestEntry) (io.ReadSeekCloser, error) {
	body, err := blobs.Open(ctx, entry.SHA256)
	if err != nil && models.CodeOf(err) == models.CodeNotFound {
		return nil, fmt.Errorf("blob %s of %q is missing", entry.SHA256, entry.Path)
	}
	return body, err
}

func (c *content) serve(w http.ResponseWriter) error {
	defer c.body.Close()
	h := w.Header()
	for name, value := range c.headers {
		h.Set(name, value)
	}
	h.Set("Content-Type", mediaTypeOf(c.entry))
	h.Set("ETag", `"`+c.entry.SHA256+`"`)
	http.ServeContent(w, c.req, "", time.Time{}, c.body)
	return nil
}

func mediaTypeOf(e models.ManifestEntry) string {
	if e.MediaType == "" {
		return models.MediaType(e.Path)
	}
	return e.MediaType
}

// VisitReadFileResponse implements ReadFileResponseObject.
func (c *content) VisitReadFileResponse(w http.ResponseWriter) error { return c.serve(w) }

// VisitReadArtifactFileResponse implements ReadArtifactFileResponseObject.
func (c *content) VisitReadArtifactFileResponse(w http.ResponseWriter) error { return c.serve(w) }

// VisitDownloadArtifactResponse implements DownloadArtifactResponseObject.
func (c *content) VisitDownloadArtifactResponse(w http.ResponseWriter) error { return c.serve(w) }
