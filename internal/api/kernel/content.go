package kernel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Content is a response with a stored file: with its digest as the entity tag, so that caches can revalidate it, and with
// ranges, which media players need.
type Content struct {
	req     *http.Request
	entry   models.ManifestEntry
	body    io.ReadSeekCloser
	Headers map[string]string // besides those of the content itself
}

// Blobs is content-addressed storage, for reading.
type Blobs interface {
	// Open returns the content of a digest, or CodeNotFound.
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

// OpenEntry opens a file of a manifest.
func OpenEntry(ctx context.Context, blobs Blobs, req *http.Request, files models.Manifest, path string) (*Content, error) {
	entry, ok := files.Find(path)
	if !ok {
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	return OpenBlob(ctx, blobs, req, entry)
}

// OpenBlob opens stored content, unless the request has a condition that it does not meet.
func OpenBlob(ctx context.Context, blobs Blobs, req *http.Request, entry models.ManifestEntry) (*Content, error) {
	if _, err := CheckRead(req, entry.SHA256); err != nil {
		return nil, err
	}
	body, err := OpenStored(ctx, blobs, entry)
	if err != nil {
		return nil, err
	}
	return &Content{req: req, entry: entry, body: body, Headers: map[string]string{"Cache-Control": "private, no-cache"}}, nil
}

// OpenStored opens a file of a manifest. If it is missing, the platform has lost it: the address is right.
func OpenStored(ctx context.Context, blobs Blobs, entry models.ManifestEntry) (io.ReadSeekCloser, error) {
	body, err := blobs.Open(ctx, entry.SHA256)
	if err != nil && models.CodeOf(err) == models.CodeNotFound {
		return nil, fmt.Errorf("blob %s of %q is missing", entry.SHA256, entry.Path)
	}
	return body, err
}

// Serve answers with the content, whole or in ranges, or that it has not changed. An error was not answered yet.
func (c *Content) Serve(w http.ResponseWriter) error {
	defer c.body.Close()
	h := w.Header()
	for name, value := range c.Headers {
		h.Set(name, value)
	}
	h.Set("Content-Type", mediaTypeOf(c.entry))
	h.Set("ETag", QuoteTag(c.entry.SHA256))
	out, in := &contentWriter{ResponseWriter: w}, &contentReader{ReadSeeker: c.body}
	req := c.req
	if unit, _, _ := strings.Cut(req.Header.Get("Range"), "="); unit != "" && !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		req = req.Clone(req.Context()) // a unit that the server does not know is ignored (RFC 9110, section 14.2)
		req.Header.Del("Range")
	}
	http.ServeContent(out, req, "", time.Time{}, in)
	if in.broken != nil {
		return fmt.Errorf("serve %q: %w", c.entry.Path, in.broken)
	}
	switch out.refused {
	case 0:
		return nil
	case http.StatusRequestedRangeNotSatisfiable:
		return models.NewError(CodeRangeNotSatisfiable, "the content has no such range")
	}
	return fmt.Errorf("serve %q: status %d", c.entry.Path, out.refused)
}

// contentWriter holds back every answer that is not the content, so that it becomes a problem like any other, and so that no cache
// keeps it, as the content's headers tell them to.
type contentWriter struct {
	http.ResponseWriter
	refused int // the status that was held back
}

// WriteHeader implements http.ResponseWriter.
func (c *contentWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		c.refused = status
		return
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (c *contentWriter) Write(p []byte) (int, error) {
	if c.refused != 0 {
		return len(p), nil
	}
	return c.ResponseWriter.Write(p)
}

// contentReader remembers what ServeContent says nothing about: an answer without a length, as a packed one is, would look whole.
type contentReader struct {
	io.ReadSeeker
	broken error
}

// Read implements io.Reader.
func (c *contentReader) Read(p []byte) (int, error) {
	n, err := c.ReadSeeker.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.broken = err
	}
	return n, err
}

func mediaTypeOf(e models.ManifestEntry) string {
	if e.MediaType == "" {
		return models.MediaType(e.Path)
	}
	return e.MediaType
}

// VisitReadFileResponse implements ReadFileResponseObject.
func (c *Content) VisitReadFileResponse(w http.ResponseWriter) error { return c.Serve(w) }

// VisitReadArtifactFileResponse implements ReadArtifactFileResponseObject.
func (c *Content) VisitReadArtifactFileResponse(w http.ResponseWriter) error { return c.Serve(w) }

// VisitDownloadArtifactResponse implements DownloadArtifactResponseObject.
func (c *Content) VisitDownloadArtifactResponse(w http.ResponseWriter) error { return c.Serve(w) }

// VisitReadAssetResponse implements ReadAssetResponseObject.
func (c *Content) VisitReadAssetResponse(w http.ResponseWriter) error { return c.Serve(w) }

// VisitReadAssetThumbnailResponse implements ReadAssetThumbnailResponseObject.
func (c *Content) VisitReadAssetThumbnailResponse(w http.ResponseWriter) error { return c.Serve(w) }
