package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/models"
)

// Limits on what one entry may take in memory.
const (
	headerLimit = 64 << 20
	rowLimit    = 256 << 20
)

// sink takes what a backup has, in its order.
type sink interface {
	row(t store.Table, values []any) error
	// content reads all of a file, and checks that it has the digest.
	content(digest string, size int64, r io.Reader) error
}

// reader reads a backup from its start to its end.
type reader struct {
	tar  *tar.Reader
	sum  hash.Hash
	seen end // counted so far
}

func newReader(r io.Reader) *reader { return &reader{tar: tar.NewReader(r), sum: sha256.New()} }

// header reads the first entry.
func (r *reader) header() (*header, error) {
	next, err := r.tar.Next()
	if err != nil {
		return nil, damaged(err)
	}
	if next.Name != headerName {
		return nil, damaged(errors.New("it does not begin like one"))
	}
	text, err := r.whole(next)
	if err != nil {
		return nil, damaged(err)
	}
	var h header
	if err := json.Unmarshal(text, &h); err != nil {
		return nil, damaged(err)
	}
	if h.Format < 1 || h.Format > version {
		return nil, models.NewError(models.CodeInvalidRequest, fmt.Sprintf("the backup has the format %d, and this program reads %d: it is of a newer Spark",
			h.Format, version))
	}
	return &h, nil
}

// rest reads everything after the header. When it returns without error, the backup was whole.
func (r *reader) rest(h *header, into sink) (*end, error) {
	for {
		next, err := r.tar.Next()
		if err != nil {
			return nil, damaged(err) // also io.EOF: the end is missing
		}
		switch {
		case next.Name == endName:
			return r.end(next)
		case strings.HasPrefix(next.Name, tablePath):
			err = r.rows(h, next, into)
		case strings.HasPrefix(next.Name, filePath):
			note(r.sum, next.Name, next.Size)
			r.seen.Files++
			r.seen.Bytes += next.Size
			err = into.content(strings.TrimPrefix(next.Name, filePath), next.Size, r.noted())
		default:
			err = damaged(fmt.Errorf("unknown entry %q", next.Name))
		}
		if err != nil {
			return nil, err
		}
	}
}

// noted is the content of the entry, which is added to the sum.
func (r *reader) noted() io.Reader { return io.TeeReader(entry{r.tar}, r.sum) }

// entry reads an entry. What goes wrong is told as damage, by whomever it is read.
type entry struct{ r io.Reader }

func (e entry) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

func (r *reader) whole(next *tar.Header) ([]byte, error) {
	note(r.sum, next.Name, next.Size)
	return limited(r.noted(), headerLimit)
}

func (r *reader) rows(h *header, next *tar.Header, into sink) error {
	name, _, _ := strings.Cut(strings.TrimPrefix(next.Name, tablePath), "/")
	i := slices.IndexFunc(h.Tables, func(t store.Table) bool { return t.Name == name })
	if i < 0 {
		return damaged(fmt.Errorf("unknown table %q", name))
	}
	note(r.sum, next.Name, next.Size)
	packed := r.noted()
	z, err := gzip.NewReader(packed)
	if err != nil {
		return damaged(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, rowLimit)
	for lines.Scan() {
		values, err := decode(lines.Bytes(), h.Tables[i].Columns)
		if err != nil {
			return err
		}
		r.seen.Rows++
		if err := into.row(h.Tables[i], values); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return damaged(err)
	}
	if _, err := io.Copy(io.Discard, packed); err != nil { // what follows the rows counts for the sum
		return damaged(err)
	}
	return nil
}

func (r *reader) end(next *tar.Header) (*end, error) {
	r.seen.SHA256 = hex.EncodeToString(r.sum.Sum(nil))
	text, err := r.whole(next)
	if err != nil {
		return nil, damaged(err)
	}
	var e end
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, damaged(err)
	}
	r.seen.Missing = e.Missing
	if e.Rows != r.seen.Rows || e.Files != r.seen.Files || e.Bytes != r.seen.Bytes || e.SHA256 != r.seen.SHA256 {
		return nil, damaged(errors.New("its content is not what its end says"))
	}
	return &e, nil
}
