package artifacts

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// zipped answers with a zip of an artifact's files, written while it is sent. The order, times and modes are fixed, so
// equal artifacts give equal bytes.
type zipped struct {
	ctx      context.Context
	req      *http.Request
	artifact *models.Artifact
	blobs    kernel.Blobs
}

// zipTime is the oldest time that a zip can hold.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// VisitDownloadArtifactResponse implements DownloadArtifactResponseObject.
func (z *zipped) VisitDownloadArtifactResponse(w http.ResponseWriter) error {
	h := w.Header()
	tag := "zip-" + z.artifact.Digest
	h.Set("ETag", kernel.QuoteTag(tag))
	h.Set("Cache-Control", "private, no-cache")
	if kernel.NotModified(z.req, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", attachment(z.artifact, "zip"))
	w.WriteHeader(http.StatusOK)
	if z.req.Method == http.MethodHead {
		return nil
	}
	if err := z.write(w); err != nil {
		return fmt.Errorf("zip artifact %s: %w", z.artifact.ID, err)
	}
	return nil
}

func (z *zipped) write(w io.Writer) error {
	files := append(models.Manifest(nil), z.artifact.Manifest...)
	files.Sort()
	out := zip.NewWriter(w)
	for _, e := range files {
		if err := z.add(out, e); err != nil {
			return err
		}
	}
	return out.Close()
}

func (z *zipped) add(out *zip.Writer, e models.ManifestEntry) error {
	body, err := kernel.OpenStored(z.ctx, z.blobs, e)
	if err != nil {
		return err
	}
	defer body.Close()
	content := bufio.NewReader(body)
	head, err := content.Peek(models.ProgramHead)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	header := &zip.FileHeader{Name: e.Path, Method: zip.Deflate, Modified: zipTime}
	if header.SetMode(0o644); models.IsProgram(head) {
		header.SetMode(0o755)
	}
	w, err := out.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}
