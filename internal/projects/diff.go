package projects

import (
	"bytes"
	"context"
	"io"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"

	"github.com/spark-games/spark/models"
)

// FileStatus is what became of a file between two revisions.
type FileStatus string

// What becomes of files.
const (
	FileAdded    FileStatus = "added"
	FileModified FileStatus = "modified"
	FileDeleted  FileStatus = "deleted"
	FileMoved    FileStatus = "moved" // with the same content
)

// FileDiff is the difference of one file.
type FileDiff struct {
	Path   string
	From   string // where a moved file was
	Status FileStatus
	Old    *models.ManifestEntry
	New    *models.ManifestEntry
	// Unified is the difference in lines, as "diff -u" writes it; "" for what is not text, has only moved, or is too large.
	Unified string
}

// Limits of a difference in lines: of one file, and of all of it. Beyond them, only the files are named.
const (
	maxDiffFile  = 256 << 10
	maxDiffTotal = 1 << 20
	diffContext  = 3
)

// Diff compares two of a project's revisions; the base "" is the revision's first parent, or nothing if it has none.
func (s *Service) Diff(ctx context.Context, accountID, projectID, baseID, id string) ([]FileDiff, error) {
	rev, err := s.Revision(ctx, accountID, projectID, id)
	if err != nil {
		return nil, err
	}
	if baseID == "" {
		baseID = rev.ParentID()
	}
	var before models.Manifest
	if baseID != "" {
		base, err := s.Revision(ctx, accountID, projectID, baseID)
		if err != nil {
			return nil, err
		}
		before = base.Manifest
	}
	diffs := compare(before, rev.Manifest)
	room := maxDiffTotal
	read := func(e *models.ManifestEntry) (string, bool, error) { return s.text(ctx, e, maxDiffFile) }
	for i := range diffs {
		if err := addLines(&diffs[i], &room, read); err != nil {
			return nil, err
		}
	}
	return diffs, nil
}

// compare pairs the files of two manifests, which are sorted by path. A file that is gone and one that is new with the same content are
// one that has moved.
func compare(before, after models.Manifest) []FileDiff {
	var diffs []FileDiff
	gone := make(map[string][]int) // by digest, indexes of diffs
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case j == len(after) || i < len(before) && before[i].Path < after[j].Path:
			gone[before[i].SHA256] = append(gone[before[i].SHA256], len(diffs))
			diffs = append(diffs, FileDiff{Path: before[i].Path, Status: FileDeleted, Old: &before[i]})
			i++
		case i == len(before) || after[j].Path < before[i].Path:
			diffs = append(diffs, FileDiff{Path: after[j].Path, Status: FileAdded, New: &after[j]})
			j++
		default:
			if before[i].SHA256 != after[j].SHA256 {
				diffs = append(diffs, FileDiff{Path: after[j].Path, Status: FileModified, Old: &before[i], New: &after[j]})
			}
			i++
			j++
		}
	}
	moved := make(map[int]bool)
	for i := range diffs {
		d := &diffs[i]
		if d.Status != FileAdded {
			continue
		}
		if from := gone[d.New.SHA256]; len(from) > 0 {
			old := diffs[from[0]]
			gone[d.New.SHA256], moved[from[0]] = from[1:], true
			d.Status, d.From, d.Old = FileMoved, old.Path, old.Old
		}
	}
	var rest []FileDiff
	for i, d := range diffs {
		if !moved[i] {
			rest = append(rest, d)
		}
	}
	return rest
}

// addLines adds the difference in lines, as long as there is room for it.
func addLines(d *FileDiff, room *int, read func(*models.ManifestEntry) (text string, ok bool, err error)) error {
	if d.Status == FileMoved || *room <= 0 {
		return nil
	}
	var texts [2]string
	names := [2]string{"/dev/null", "/dev/null"}
	for i, e := range []*models.ManifestEntry{d.Old, d.New} {
		if e == nil {
			continue
		}
		text, ok, err := read(e)
		if err != nil || !ok {
			return err
		}
		texts[i], names[i] = text, [2]string{"a/", "b/"}[i]+e.Path
	}
	edits := udiff.Strings(texts[0], texts[1])
	unified, err := udiff.ToUnified(names[0], names[1], texts[0], edits, diffContext)
	if err != nil {
		return err
	}
	if *room -= len(unified); *room >= 0 {
		d.Unified = unified
	}
	return nil
}

// text reads a file if it is a text of at most so many bytes.
func (s *Service) text(ctx context.Context, e *models.ManifestEntry, most int64) (text string, ok bool, err error) {
	if e.Size > most {
		return "", false, nil
	}
	body, err := s.Blobs.Open(ctx, e.SHA256)
	if err != nil {
		return "", false, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, most+1))
	if err != nil {
		return "", false, err
	}
	return string(raw), int64(len(raw)) <= most && utf8.Valid(raw) && !bytes.ContainsRune(raw, 0), nil
}
