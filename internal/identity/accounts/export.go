package accounts

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/spark-games/spark/models"
)

// Exports read all that the platform has of an account.
type Exports interface {
	// Begin begins the export of an account; token is the caller's own. While another is under way it is CodeLimitReached.
	Begin(ctx context.Context, accountID, token string) error
	// Renew says that it goes on, at least once a minute. It is CodeConflict when it may not.
	Renew(ctx context.Context, accountID, token string) error
	End(ctx context.Context, accountID, token string) error
	// Tables are the names of what there is, in order.
	Tables() []string
	// Rows calls yield with each row as a JSON object, and the files that it names.
	Rows(ctx context.Context, accountID, table string, yield func(row []byte, files models.Manifest) error) error
}

// Contents opens stored files by their digests. One that is not there is CodeNotFound.
type Contents interface {
	Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error)
}

const (
	// renewEvery is how often an export says that it goes on, and askEvery how often it asks whether its caller may.
	renewEvery = 10 * time.Second
	askEvery   = time.Second
	endWithin  = 5 * time.Second
)

// Export is an export that has begun. It has to be ended.
type Export struct {
	service          *Service
	accountID, token string
	artifacts        bool // with the files of builds and exports
}

// BeginExport begins the export of an account, with the files of builds and exports or without.
func (s *Service) BeginExport(ctx context.Context, accountID string, artifacts bool) (*Export, error) {
	e := &Export{service: s, accountID: accountID, token: models.NewID(), artifacts: artifacts}
	return e, s.Exports.Begin(ctx, accountID, e.token)
}

// End ends the export, however far it is.
func (e *Export) End(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer cancel()
	return e.service.Exports.End(ctx, e.accountID, e.token)
}

// Write writes the export as a zip, as docs/export.md describes it, while it is read. Its memory does not grow with what the account has. After an error the
// zip has no directory, and nobody takes it for a whole one. allowed is asked every second whether the caller still may.
func (e *Export) Write(ctx context.Context, out io.Writer, allowed func() error) (err error) {
	digests, err := newDigests()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, digests.remove()) }()
	guarded := &guardedWriter{out: out, allowed: allowed, asked: time.Now(), renewed: time.Now(),
		renew: func() error { return e.service.Exports.Renew(ctx, e.accountID, e.token) }}
	w := &exportWriter{zip: zip.NewWriter(guarded), manifest: models.ExportManifest{Format: models.ExportFormat, AccountID: e.accountID,
		MadeAt: time.Now().UTC().Truncate(time.Second), Artifacts: e.artifacts}}
	packer, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		return err
	}
	w.zip.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { // its entries are packed one after another
		packer.Reset(out)
		return packer, nil
	})
	for _, table := range e.service.Exports.Tables() {
		err := w.entry(table+models.ExportLines, func(out io.Writer) (rows int64, err error) {
			err = e.service.Exports.Rows(ctx, e.accountID, table, func(row []byte, files models.Manifest) error {
				rows++
				if _, err := out.Write(append(row, '\n')); err != nil {
					return err
				}
				if table == "artifacts" && !e.artifacts {
					return nil
				}
				return digests.add(files)
			})
			return rows, err
		})
		if err != nil {
			return err
		}
	}
	var missing bytes.Buffer
	err = w.entry(models.ExportContents, func(out io.Writer) (int64, error) {
		files := tar.NewWriter(out)
		if err := digests.each(func(digest string) error { return w.content(ctx, e.service.Contents, files, digest, &missing) }); err != nil {
			return 0, err
		}
		return w.manifest.Contents, files.Close()
	})
	if err == nil {
		err = w.entry(models.ExportMissing, func(out io.Writer) (int64, error) {
			_, err := out.Write(missing.Bytes())
			return w.manifest.Missing, err
		})
	}
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return err
	}
	last, err := w.zip.CreateHeader(&zip.FileHeader{Name: models.ExportManifestName, Method: zip.Deflate, Modified: w.manifest.MadeAt})
	if err == nil {
		_, err = last.Write(append(text, '\n'))
	}
	if err != nil {
		return err
	}
	return w.zip.Close()
}

type exportWriter struct {
	zip      *zip.Writer
	manifest models.ExportManifest
}

// entry writes a file of the zip by f, which says how many rows or files it has.
func (w *exportWriter) entry(name string, f func(io.Writer) (rows int64, err error)) error {
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.manifest.MadeAt})
	if err != nil {
		return err
	}
	summed := &summing{out: to, sum: sha256.New()}
	rows, err := f(summed)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w.manifest.Files = append(w.manifest.Files, models.ExportFile{Name: name, Rows: rows, Size: summed.size, SHA256: hex.EncodeToString(summed.sum.Sum(nil))})
	return nil
}

// maxMissing bounds how many missing files are told one by one.
const maxMissing = 10_000

// content adds a file to the contents, or notes that it is not there.
func (w *exportWriter) content(ctx context.Context, contents Contents, files *tar.Writer, digest string, missing *bytes.Buffer) error {
	body, err := contents.Open(ctx, digest)
	if err != nil {
		if code := models.CodeOf(err); code != models.CodeNotFound && code != models.CodeDamaged {
			return err
		}
		if w.manifest.Missing++; w.manifest.Missing <= maxMissing {
			fmt.Fprintf(missing, "{\"sha256\":%q}\n", digest)
		}
		return nil
	}
	defer body.Close()
	size, err := body.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = body.Seek(0, io.SeekStart)
	}
	if err == nil {
		err = files.WriteHeader(&tar.Header{Name: digest, Size: size, Mode: 0o600, ModTime: w.manifest.MadeAt, Format: tar.FormatPAX})
	}
	if err != nil {
		return err
	}
	if _, err := io.Copy(files, body); err != nil {
		return fmt.Errorf("file %s: %w", digest, err)
	}
	w.manifest.Contents++
	return nil
}

// summing counts and hashes what is written.
type summing struct {
	out  io.Writer
	sum  hash.Hash
	size int64
}

func (s *summing) Write(p []byte) (int, error) {
	n, err := s.out.Write(p)
	_, _ = s.sum.Write(p[:n]) // a hash never fails
	s.size += int64(n)
	return n, err
}

// guardedWriter stops when the export may not go on.
type guardedWriter struct {
	out            io.Writer
	allowed, renew func() error
	asked, renewed time.Time
	again          time.Time // renewing is not tried before
}

func (g *guardedWriter) Write(p []byte) (int, error) {
	now := time.Now()
	if now.Sub(g.asked) >= askEvery {
		if err := g.allowed(); err != nil && !bearable(err, now.Sub(g.renewed)) {
			return 0, err
		}
		g.asked = now
	}
	if now.Sub(g.renewed) >= renewEvery && !now.Before(g.again) {
		err := g.renew()
		switch {
		case err == nil:
			g.renewed = now
		case bearable(err, now.Sub(g.renewed)):
			g.again = now.Add(askEvery)
		default:
			return 0, err
		}
	}
	return g.out.Write(p)
}

// bearable reports whether an export goes on after an error: for a moment that the database is away, within its lease.
func bearable(err error, since time.Duration) bool {
	return models.CodeOf(err) == models.CodeUnavailable && since < models.ExportLease-5*time.Second
}
