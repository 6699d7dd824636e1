package backup

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// Restore fills a new database and a folder of files from a backup. The rows are committed when everything else is stored and the
// backup has turned out to be whole; if it fails, the database is as empty as before, and it can be tried again. A database
// that is in use and a folder of another platform are refused. Files that are there already stay.
func Restore(ctx context.Context, databaseURL string, blobs *blob.Folder, path string) (r Report, err error) {
	began := time.Now()
	file, err := os.Open(path)
	if err != nil {
		return r, err
	}
	defer file.Close()
	in := newReader(file)
	h, err := in.header()
	if err != nil {
		return r, err
	}
	if err := blobs.BelongsTo(h.Platform); err != nil {
		return r, err
	}
	var e *end
	err = store.Restore(ctx, databaseURL, h.Migrations, func(into *store.Restoration) (err error) {
		if err := blobs.Adopt(h.Platform); err != nil {
			return err
		}
		to := &restoring{ctx: ctx, rows: into, blobs: blobs}
		if e, err = in.rest(h, to); err != nil {
			return err
		}
		for _, m := range h.Modules {
			if err := blobs.MarkModule(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	return report(path, h, e, began), nil
}

// restoring stores what a backup has.
type restoring struct {
	ctx   context.Context //nolint:containedctx // it is of one call
	rows  *store.Restoration
	blobs *blob.Folder
}

func (r *restoring) row(t store.Table, values []any) error { return r.rows.Insert(r.ctx, t, values) }

func (r *restoring) content(digest string, size int64, content io.Reader) error {
	got, n, err := r.blobs.Put(r.ctx, content, size)
	if err != nil {
		return err
	}
	if got != digest || n != size {
		return models.WrapError(models.CodeDamaged, "the backup is damaged", fmt.Errorf("the file %s has the content of %s", digest, got))
	}
	return nil
}
