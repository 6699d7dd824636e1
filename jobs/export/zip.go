package export

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// packed is the time of every entry: the earliest that the format can tell, so that it says nothing.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// stored are formats that are compressed already.
var stored = map[string]bool{".png": true, ".jpg": true, ".jpeg": true, ".webp": true, ".avif": true, ".gif": true,
	".mp3": true, ".ogg": true, ".m4a": true, ".mp4": true, ".webm": true, ".woff2": true, ".zip": true}

// Zip packs files reproducibly: sorted by path, without times and owners, and without modes but that programs may be run.
func Zip(files []models.File) ([]byte, error) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for _, f := range files {
		h := &zip.FileHeader{Name: f.Path, Method: zip.Deflate, Modified: packed}
		if stored[strings.ToLower(path.Ext(f.Path))] {
			h.Method = zip.Store
		}
		if models.IsProgram(f.Data) {
			h.SetMode(0o755)
		}
		entry, err := w.CreateHeader(h)
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
