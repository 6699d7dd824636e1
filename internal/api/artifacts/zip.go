package artifacts

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/archive"
)

// zipped answers with a zip of an artifact's files, written while it is sent. The order, times and modes are fixed, so
// equal artifacts give equal bytes.
type zipped struct {
	ctx      context.Context
	req      *http.Request
	artifact *models.Artifact
	blobs    kernel.Blobs
}

// VisitDownloadArtifactResponse implements DownloadArtifactResponseObject.
func (z *zipped) VisitDownloadArtifactResponse(w http.ResponseWriter) error {
	h := w.Header()
	tag := "zip-" + z.artifact.Digest
	notModified, err := kernel.CheckRead(z.req, tag)
	if err != nil {
		return err
	}
	h.Set("ETag", kernel.QuoteTag(tag))
	h.Set("Cache-Control", "private, no-cache")
	if notModified {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", attachment(z.artifact, "zip"))
	w.WriteHeader(http.StatusOK)
	if z.req.Method == http.MethodHead {
		return nil
	}
	open := func(ctx context.Context, e models.ManifestEntry) (io.ReadCloser, error) {
		return kernel.OpenStored(ctx, z.blobs, e)
	}
	if err := archive.Write(z.ctx, w, z.artifact.Manifest, open); err != nil {
		return fmt.Errorf("zip artifact %s: %w", z.artifact.ID, err)
	}
	return nil
}
