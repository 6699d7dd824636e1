package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Formats of an export.
const (
	formatZip  = "zip"
	formatHTML = "html"
)

// target is where a game is written.
type target struct {
	path   string
	format string // of the export
	unpack bool   // the zip becomes a folder
	force  bool   // over other files than Spark's own
}

// newTarget reads --out. A target that cannot be written is refused before anything is made.
func newTarget(out string, force bool) (*target, error) {
	if out == "" {
		return nil, usagef("--out is empty")
	}
	t := &target{path: out, format: formatZip, force: force}
	info, err := os.Stat(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("--out %s cannot be written: %v", out, err)
	}
	isFolder := err == nil && info.IsDir()
	switch ext := strings.ToLower(extension(out)); {
	case ext == ".zip":
	case ext == ".html", ext == ".htm":
		t.format = formatHTML
	case ext == "", isFolder:
		t.unpack = true
	default:
		return nil, usagef("--out %s: a game is written as a folder, a .zip or an .html, not as %q; a folder of this name is %s/", out, ext, out)
	}
	switch {
	case err == nil && isFolder && !t.unpack:
		return nil, usagef("--out %s is a folder", out)
	case err == nil && !isFolder && t.unpack:
		return nil, usagef("--out %s is a file; a folder, .zip or .html can be written", out)
	case isFolder && !force:
		if err := checkFolder(out); err != nil {
			return nil, usagef("--out %s: the folder is not spark's: %v. Name an empty or a new one, or write over it with --force", out, err)
		}
	}
	return t, nil
}

// extension is a file's, and "" of what ends in a slash or is a name with a dot only in front, such as "..".
func extension(out string) string {
	if strings.HasSuffix(out, "/") || strings.HasSuffix(out, string(filepath.Separator)) {
		return ""
	}
	return filepath.Ext(strings.TrimLeft(filepath.Base(out), "."))
}

// maxDownload limits an export.
const maxDownload = 1 << 30

// download writes an exported artifact to the target. A file appears completely or not at all.
func (a *api) download(ctx context.Context, artifactID string, t *target) (err error) {
	res, err := a.DownloadArtifact(ctx, artifactID)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	dir := filepath.Dir(filepath.Clean(t.path))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".spark-*.part")
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, tmp.Close())
		if rmErr := os.Remove(tmp.Name()); rmErr != nil && !errors.Is(rmErr, os.ErrNotExist) {
			err = errors.Join(err, rmErr)
		}
	}()
	n, err := io.Copy(tmp, io.LimitReader(res.Body, maxDownload+1))
	if err != nil {
		return fmt.Errorf("download: %w", connectionError(a.server, err))
	}
	if n > maxDownload {
		return errors.New("download: larger than 1 GiB")
	}
	if res.ContentLength >= 0 && n != res.ContentLength {
		return fmt.Errorf("download: %d of %d bytes came", n, res.ContentLength)
	}
	if t.unpack {
		return unpack(tmp, n, t.path, t.force)
	}
	if err := tmp.Chmod(0o644); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), t.path)
}

func orNothing(words []string) string {
	if len(words) == 0 {
		return "nothing else of the prompt"
	}
	return clean(strings.Join(words, ", "))
}

// farewell says where the game is and how to play it.
func (t *target) farewell(w io.Writer, m made, started time.Time) error {
	took := time.Since(started).Round(10 * time.Millisecond)
	cached := ""
	if m.Cached {
		cached = "; the build is an earlier one of the same files"
	}
	if _, err := fmt.Fprintf(w, "The game is in %s (made in %s%s).\n", t.path, took, cached); err != nil {
		return err
	}
	if m.Genre != "" {
		if _, err := fmt.Fprintf(w, "Understood as a %s: %s.\n", clean(m.Genre), orNothing(m.Understood)); err != nil {
			return err
		}
	}
	if len(m.Ignored) > 0 {
		if _, err := fmt.Fprintf(w, "Not understood: %s.\n", clean(strings.Join(m.Ignored, ", "))); err != nil {
			return err
		}
	}
	if m.Provenance != "" {
		if _, err := fmt.Fprintf(w, "Its provenance is in %s, the public key in %s.\n", m.Provenance, m.PublicKey); err != nil {
			return err
		}
	}
	var how string
	switch {
	case m.Format == models.FormatLinux && t.unpack:
		how = fmt.Sprintf("To play, start the program in %s, on Linux; the text beside it says what it needs.", t.path)
	case m.Format == models.FormatLinux:
		how = "To play, unpack the zip and start the program in it, on Linux; the text beside it says what it needs."
	case m.PlayURL != "":
		how = "Play it at " + m.PlayURL
	case t.format == formatHTML:
		how = "Open the file in a browser to play."
	case t.unpack:
		how = fmt.Sprintf("To play, serve the folder (python3 -m http.server -d %s 8000) and open http://localhost:8000/", t.path)
	default:
		how = "Upload the zip to a game site, or unpack and serve it, to play."
	}
	_, err := fmt.Fprintln(w, how)
	return err
}
