package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/archive"
)

// Bounds of an export, before it is packed and when it is a page: files grow by a third when they are embedded.
const (
	MaxBytes     = 256 << 20
	MaxPageBytes = 384 << 20
)

// build is what is packed: a build's files, opened when they are needed.
type build struct {
	artifact *models.Artifact
	blobs    jobs.Blobs
}

func (b *build) open(ctx context.Context, e models.ManifestEntry) (io.ReadCloser, error) {
	return b.blobs.Open(ctx, e.SHA256)
}

// pack makes the one file of an export and its name. The file goes into the blob store while it is made, so that neither it
// nor the build is held in memory.
func pack(ctx context.Context, format string, b *build) (models.ManifestEntry, error) {
	name := models.FileName(b.artifact.Title, format)
	var write func(ctx context.Context, w io.Writer) error
	limit := int64(MaxPageBytes)
	web := b.artifact.Format == models.FormatWeb
	_, hasIndex := b.artifact.Manifest.Find("index.html")
	switch {
	case format == models.ExportHTML && !web:
		return models.ManifestEntry{}, models.NewError(models.CodeNotPlayable,
			"this game does not run in a browser, so there is no page to make of it; export it as a zip")
	case web && !hasIndex:
		return models.ManifestEntry{}, models.NewError(models.CodeInvalidOutput, "the build has no index.html at its root")
	case format == models.ExportHTML:
		write = func(ctx context.Context, w io.Writer) error { return writePage(ctx, w, b) }
	case format == models.ExportZip:
		limit = MaxBytes + MaxBytes/8 // what cannot be compressed grows a little
		write = func(ctx context.Context, w io.Writer) error {
			return archive.Write(ctx, w, b.artifact.Manifest, b.open)
		}
	default:
		return models.ManifestEntry{}, models.FieldError("/format", `the format is "zip" or "html"`)
	}
	return store(ctx, b.blobs, name, limit, write)
}

// store puts what write writes into the blob store as it comes.
func store(ctx context.Context, blobs jobs.Blobs, name string, limit int64, write func(context.Context, io.Writer) error) (models.ManifestEntry, error) {
	out, in := io.Pipe()
	written := make(chan struct{})
	go func() {
		defer close(written)
		in.CloseWithError(guarded(ctx, in, write)) // nil is the end of the file
	}()
	sum, size, err := blobs.Put(ctx, out, limit)
	out.CloseWithError(errNotStored) // so that the writer ends, whatever it is doing
	<-written
	switch {
	case err != nil && ctx.Err() != nil:
		err = context.Cause(ctx)
	case models.CodeOf(err) == models.CodePayloadTooLarge:
		err = models.WrapError(models.CodeExportTooLarge, fmt.Sprintf("the export would be larger than %d MiB", limit>>20), err)
	}
	return models.ManifestEntry{Path: name, SHA256: sum, Size: size, MediaType: models.MediaType(name)}, err
}

// guarded has a panic of write be its error: the executor, which does so for handlers, is in another goroutine.
func guarded(ctx context.Context, w io.Writer, write func(context.Context, io.Writer) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = models.WrapError(models.CodePanic, "the job crashed on our side", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return write(ctx, w)
}

var errNotStored = errors.New("the export is not being stored any more")
