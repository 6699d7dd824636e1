package kernel

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/archive"
)

// Zip is a response with a zip of stored files, written while it is sent. The order, times and modes are fixed, so equal files give
// equal bytes.
type Zip struct {
	Ctx         context.Context
	Req         *http.Request
	Blobs       Blobs
	Files       models.Manifest
	Digest      string // of the files
	Disposition string // the header Content-Disposition
	Of          string // what is zipped, for errors
}

// Serve answers with the zip, or that it has not changed.
func (z *Zip) Serve(w http.ResponseWriter) error {
	h := w.Header()
	tag := "zip-" + z.Digest
	notModified, err := CheckRead(z.Req, tag)
	if err != nil {
		return err
	}
	h.Set("ETag", QuoteTag(tag))
	h.Set("Cache-Control", "private, no-cache")
	if notModified {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", z.Disposition)
	w.WriteHeader(http.StatusOK)
	if z.Req.Method == http.MethodHead {
		return nil
	}
	open := func(ctx context.Context, e models.ManifestEntry) (io.ReadCloser, error) {
		return OpenStored(ctx, z.Blobs, e)
	}
	if err := archive.Write(z.Ctx, w, z.Files, open); err != nil {
		return fmt.Errorf("zip %s: %w", z.Of, err)
	}
	return nil
}
