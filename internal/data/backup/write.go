package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// chunk is how many bytes of rows an entry has, about: it is packed in memory.
const chunk = 4 << 20

// Write makes a backup of a database and the files that it refers to. path is a new file, or a folder in which one is made. The platform
// may be running: nothing waits for the backup, and no sweep removes files until it is done. The file appears under its name only when
// it is complete and on disk; what is left of an interrupted one ends in ".partial".
//
// Files that are missing or damaged do not keep the rest from being saved: they are in the report.
func Write(ctx context.Context, databaseURL string, blobs *blob.Folder, path string) (r Report, err error) {
	began := time.Now()
	unpin, err := blobs.Pin(ctx) // before the snapshot, so that all that it refers to stays
	if err != nil {
		return r, err
	}
	defer unpin()
	w := &writer{blobs: blobs, sum: sha256.New(), contents: make(map[string]bool)}
	defer func() {
		if err = errors.Join(err, w.discard()); err != nil && ctx.Err() != nil {
			err = fmt.Errorf("the backup was interrupted: %w", context.Cause(ctx)) // and not what a driver makes of it
		}
	}()
	err = store.ReadSnapshot(ctx, databaseURL, func(s *store.Snapshot) error {
		if path, err = target(path, s.At); err != nil {
			return err
		}
		return w.database(ctx, s, path)
	})
	if err != nil {
		return r, err
	}
	if err := w.files(ctx); err != nil {
		return r, err
	}
	if err := w.finish(path); err != nil {
		return r, err
	}
	return report(path, &w.header, &w.end, began), nil
}

// target is the file of a backup. An existing one is never replaced.
func target(path string, at time.Time) (string, error) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		path = filepath.Join(path, "spark-"+at.Format("20060102T150405.000Z")+".tar")
		_, err = os.Stat(path)
	}
	switch {
	case err == nil:
		return "", fmt.Errorf("%s exists already", path)
	case errors.Is(err, os.ErrNotExist):
		return filepath.Abs(path)
	}
	return "", err
}

type writer struct {
	blobs  *blob.Folder
	file   *os.File // nil when it is in its place
	tar    *tar.Writer
	sum    hash.Hash
	header header
	end    end

	contents map[string]bool // digests
}

// database writes the header and the rows, and lists the files.
func (w *writer) database(ctx context.Context, s *store.Snapshot, path string) (err error) {
	if err := w.blobs.BelongsTo(s.Platform); err != nil {
		return err
	}
	// Only its owner may read it: it holds the hashes of keys and everybody's projects.
	if w.file, err = os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.partial"); err != nil {
		return err
	}
	w.tar = tar.NewWriter(w.file)
	w.header = header{Format: version, RecoveryPoint: s.At, Platform: s.Platform, Migrations: s.Migrations, Tables: s.Tables}
	if w.header.Modules, err = w.blobs.Modules(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(w.header, "", "  ")
	if err != nil {
		return err
	}
	if err := w.entry(headerName, text); err != nil {
		return err
	}
	for _, t := range s.Tables {
		if err := w.table(ctx, s, t); err != nil {
			return err
		}
	}
	for _, m := range w.header.Modules {
		w.contents[m.Digest] = true
	}
	return s.EachContent(ctx, func(digest string) error { w.contents[digest] = true; return nil })
}

func (w *writer) table(ctx context.Context, s *store.Snapshot, t store.Table) error {
	var lines []byte
	n := 0
	flush := func() error {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := z.Write(lines)
		if err = errors.Join(err, z.Close()); err != nil {
			return err
		}
		n++
		lines = lines[:0]
		return w.entry(fmt.Sprintf("%s%s/%06d.jsonl.gz", tablePath, t.Name, n), packed.Bytes())
	}
	err := s.Rows(ctx, t, func(values []any) (err error) {
		w.end.Rows++
		if lines, err = encode(lines, t.Columns, values); err == nil && len(lines) >= chunk {
			err = flush()
		}
		return err
	})
	if err == nil && len(lines) > 0 {
		err = flush()
	}
	return err
}

// files writes the files, in the order of their digests.
func (w *writer) files(ctx context.Context) error {
	digests := make([]string, 0, len(w.contents))
	for digest := range w.contents {
		digests = append(digests, digest)
	}
	slices.Sort(digests)
	for _, digest := range digests {
		if err := w.content(ctx, digest); err != nil {
			return fmt.Errorf("file %s: %w", digest, err)
		}
	}
	return nil
}

func (w *writer) content(ctx context.Context, digest string) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	content, err := w.blobs.Open(ctx, digest)
	switch models.CodeOf(err) {
	case models.CodeNotFound, models.CodeDamaged:
		w.end.Missing = append(w.end.Missing, digest)
		return nil
	}
	if err != nil {
		return err
	}
	defer content.Close()
	size, err := content.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	if err := w.begin(filePath+digest, size); err != nil {
		return err
	}
	w.end.Files++
	w.end.Bytes += size
	_, err = io.Copy(io.MultiWriter(w.tar, w.sum), content)
	return err
}

func (w *writer) entry(name string, data []byte) error {
	if err := w.begin(name, int64(len(data))); err != nil {
		return err
	}
	_, err := io.MultiWriter(w.tar, w.sum).Write(data)
	return err
}

func (w *writer) begin(name string, size int64) error {
	note(w.sum, name, size)
	return w.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.header.RecoveryPoint.Truncate(time.Second), Format: tar.FormatPAX})
}

// finish writes the end and gives the file its name.
func (w *writer) finish(path string) error {
	w.end.SHA256 = hex.EncodeToString(w.sum.Sum(nil))
	text, err := json.MarshalIndent(w.end, "", "  ")
	if err != nil {
		return err
	}
	if err := w.entry(endName, text); err != nil {
		return err
	}
	if err := errors.Join(w.tar.Close(), w.file.Sync()); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists already", path)
	}
	if err := os.Rename(w.file.Name(), path); err != nil {
		return err
	}
	err = w.file.Close()
	w.file = nil
	folder, oerr := os.Open(filepath.Dir(path))
	if oerr != nil {
		return errors.Join(err, oerr)
	}
	return errors.Join(err, folder.Sync(), folder.Close())
}

// discard removes a file that is not finished.
func (w *writer) discard() error {
	if w.file == nil {
		return nil
	}
	return errors.Join(w.file.Close(), os.Remove(w.file.Name()))
}
