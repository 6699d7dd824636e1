// Package archive makes reproducible zips: the same files give the same bytes, whatever their order and wherever and
// whenever they are packed.
package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// packed is the time of every entry: the earliest that the format can express, so it carries no information.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// compressed are the extensions of formats that are already compressed.
var compressed = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".webp": true, ".avif": true, ".gif": true,
	".mp3": true, ".ogg": true, ".m4a": true, ".mp4": true, ".webm": true, ".woff2": true, ".zip": true}

// Open opens the content of a file.
type Open func(ctx context.Context, e models.ManifestEntry) (io.ReadCloser, error)

// Write packs stored files while it writes: sorted by path, without times and owners, and without modes except that programs
// are executable. It buffers one file at a time.
func Write(ctx context.Context, out io.Writer, files models.Manifest, open Open) error {
	files = slices.Clone(files)
	files.Sort()
	w := zip.NewWriter(out)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for _, e := range files {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if err := add(ctx, w, e, open); err != nil {
			return err
		}
	}
	return w.Close()
}

func add(ctx context.Context, w *zip.Writer, e models.ManifestEntry, open Open) error {
	body, err := open(ctx, e)
	if err != nil {
		return err
	}
	defer body.Close()
	content := bufio.NewReader(&reader{ctx, body})
	head, err := content.Peek(models.ProgramHead)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	h := &zip.FileHeader{Name: e.Path, Method: zip.Deflate, Modified: packed}
	if compressed[strings.ToLower(path.Ext(e.Path))] {
		h.Method = zip.Store
	}
	if models.IsProgram(head) {
		h.SetMode(0o755)
	}
	entry, err := w.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, content)
	return err
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.Read(p)
}

// Stored packs files without compressing them, for programs that read files directly from the zip. Sizes precede the
// content, which every reader supports.
func Stored(files []models.File) ([]byte, error) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range files {
		size := uint64(len(f.Data))
		h := &zip.FileHeader{Name: f.Path, Method: zip.Store, Modified: packed, CRC32: crc32.ChecksumIEEE(f.Data),
			CompressedSize64: size, UncompressedSize64: size}
		entry, err := w.CreateRaw(h)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.Data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
