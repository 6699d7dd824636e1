package accounts

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spark-games/spark/models"
)

// digestFiles is into how many files digests are sorted; the largest of them is read into memory.
const digestFiles = 64

// digestSet is a set of digests on disk, so that it may have millions.
type digestSet struct {
	folder string
	files  [digestFiles]*os.File
	out    [digestFiles]*bufio.Writer
	// last are the digests of the files that were added last: revisions that follow one another have most of them in common.
	last map[[sha256.Size]byte]bool
}

func newDigests() (*digestSet, error) {
	folder, err := os.MkdirTemp("", "spark-export-")
	if err != nil {
		return nil, err
	}
	s := &digestSet{folder: folder}
	for i := range s.files {
		if s.files[i], err = os.Create(filepath.Join(folder, fmt.Sprint(i))); err != nil {
			return nil, errors.Join(err, s.remove())
		}
		s.out[i] = bufio.NewWriter(s.files[i])
	}
	return s, nil
}

func (s *digestSet) remove() error {
	for _, f := range s.files {
		if f != nil {
			_ = f.Close() // it is removed
		}
	}
	return os.RemoveAll(s.folder)
}

func (s *digestSet) add(files models.Manifest) error {
	if len(files) == 0 {
		return nil
	}
	now := make(map[[sha256.Size]byte]bool, len(files))
	for _, f := range files {
		raw, err := hex.DecodeString(f.SHA256)
		if err != nil || len(raw) != sha256.Size {
			return fmt.Errorf("%q is not a digest", f.SHA256)
		}
		digest := [sha256.Size]byte(raw)
		if !s.last[digest] && !now[digest] {
			if _, err := s.out[int(raw[0])%digestFiles].Write(raw); err != nil {
				return err
			}
		}
		now[digest] = true
	}
	s.last = now
	return nil
}

// each calls f with each digest once.
func (s *digestSet) each(f func(digest string) error) error {
	for i := range s.files {
		if err := s.out[i].Flush(); err != nil {
			return err
		}
		raw, err := os.ReadFile(s.files[i].Name())
		if err != nil {
			return err
		}
		all := slices.Collect(slices.Chunk(raw, sha256.Size))
		slices.SortFunc(all, bytes.Compare)
		for _, digest := range slices.CompactFunc(all, bytes.Equal) {
			if err := f(hex.EncodeToString(digest)); err != nil {
				return err
			}
		}
	}
	return nil
}
