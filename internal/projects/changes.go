package projects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spark-games/spark/models"
)

// Operation is what an edit does with a file.
type Operation string

// The operations.
const (
	OpCreate  Operation = "create"  // a file that is not there
	OpReplace Operation = "replace" // a file that is there
	OpWrite   Operation = "write"   // a file, whether it is there or not
	OpDelete  Operation = "delete"
	OpMove    Operation = "move"  // to a path at which nothing is
	OpPatch   Operation = "patch" // by a unified diff, or one of the next
)

// PatchKind is the form of a patch.
type PatchKind string

// The forms of patches.
const (
	PatchDiff  PatchKind = ""            // a unified diff
	PatchJSON  PatchKind = "json_patch"  // of RFC 6902
	PatchMerge PatchKind = "merge_patch" // of RFC 7396
)

// writes reports whether an edit has the content of its file.
func (o Operation) writes() bool { return o == OpCreate || o == OpReplace || o == OpWrite }

// Edit changes one file.
type Edit struct {
	Op   Operation
	Path string
	From string // of a move
	Kind PatchKind
	Data []byte // the content that is written, or the patch
	// Asset is the id of the asset whose content is written, instead of Data.
	Asset string
}

// maxEdits limits how many edits are one revision.
const maxEdits = 500

// What patches may cost.
const (
	maxPatched      = 1 << 20  // bytes of a file that is patched
	maxPatchedTotal = 32 << 20 // bytes of all files that the patches of a request read, one after another
	patchWithin     = 30 * time.Second
	patchersAtOnce  = 2
)

// patchers limits how many requests patch files at a time: they hold contents in memory.
var patchers = make(chan struct{}, patchersAtOnce)

// Apply makes one revision of edits, in their order, or none: what one of them does not find as it needs is an error that points at it.
func (s *Service) Apply(ctx context.Context, c Change, edits []Edit) (*models.Revision, error) {
	if len(edits) == 0 || len(edits) > maxEdits {
		return nil, models.FieldError("/changes", "1 to 500 changes")
	}
	for i, e := range edits {
		if err := e.check(); err != nil {
			return nil, models.AsError(err).At("/changes/" + strconv.Itoa(i))
		}
	}
	if _, err := s.Project(ctx, c.AccountID, c.ProjectID); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(edits, func(e Edit) bool { return e.Op.writes() || e.Op == OpPatch }) {
		if err := s.room(ctx, c.AccountID); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patchWithin)
	defer cancel()
	p := &plan{s: s, edits: edits, written: make([]models.ManifestEntry, len(edits)), patched: make(map[patched]models.ManifestEntry)}
	for i, e := range edits {
		if e.Op.writes() {
			entry, err := s.content(ctx, c.AccountID, e)
			if err != nil {
				return nil, models.AsError(err).At("/changes/" + strconv.Itoa(i))
			}
			p.written[i] = entry
		}
	}
	c.Message = c.describe(fmt.Sprintf("change %d files", len(edits)))
	for try := 1; ; try++ {
		if err := p.patchAll(ctx, c); err != nil {
			return nil, err
		}
		rev, err := s.commit(ctx, c, c.path, "", func(files models.Manifest) (models.Manifest, error) { return p.apply(files, nil) })
		if !errors.Is(err, errStale) || try == maxTries {
			return rev, err
		}
	}
}

// maxTries is how often patches are worked out for files that others change meanwhile.
const maxTries = 4

// errStale is for a file that has changed since patches were worked out for it.
var errStale = models.NewError(models.CodeConflict, "others keep changing the files that are patched; try again")

// plan is what edits do. Patches are worked out before the project is locked, for the contents that are there then.
type plan struct {
	s       *Service
	edits   []Edit
	written []models.ManifestEntry
	patched map[patched]models.ManifestEntry
}

// patched is one edit on one content.
type patched struct {
	edit   int
	sha256 string
}

// patchAll works out the patches on the current revision's files.
func (p *plan) patchAll(ctx context.Context, c Change) error {
	if !slices.ContainsFunc(p.edits, func(e Edit) bool { return e.Op == OpPatch }) {
		return nil
	}
	base, err := p.s.Current(ctx, c.AccountID, c.ProjectID)
	if err != nil {
		return err
	}
	if err := c.If.check(base, c.path); err != nil {
		return err
	}
	select {
	case patchers <- struct{}{}:
		defer func() { <-patchers }()
	case <-ctx.Done():
		return models.WrapError(models.CodeUnavailable, "too many files are being patched; try again", ctx.Err())
	}
	var files models.Manifest
	if base != nil {
		files = slices.Clone(base.Manifest)
	}
	room := int64(maxPatchedTotal)
	_, err = p.apply(files, func(i int, now models.ManifestEntry) (models.ManifestEntry, error) {
		if room -= now.Size; now.Size > maxPatched || room < 0 {
			return now, models.FieldError("/path", "patches are for files of at most 1 MiB, and 32 MiB in all: write it whole instead")
		}
		return p.s.patch(ctx, now, p.edits[i])
	})
	return err
}

// apply makes the edits on a manifest. Without patch it uses what was worked out.
func (p *plan) apply(files models.Manifest, patch func(edit int, now models.ManifestEntry) (models.ManifestEntry, error)) (models.Manifest, error) {
	for i, e := range p.edits {
		next, err := p.edit(files, i, e, patch)
		if errors.Is(err, errStale) {
			return nil, err
		}
		if err != nil {
			return nil, models.AsError(err).At("/changes/" + strconv.Itoa(i))
		}
		files = next
	}
	return files, nil
}

func (e Edit) check() error {
	if err := models.CheckPath(e.Path); err != nil {
		return models.AsError(err).At("/path")
	}
	switch e.Op {
	case OpCreate, OpReplace, OpWrite, OpDelete, OpPatch:
	case OpMove:
		if err := models.CheckPath(e.From); err != nil {
			return models.AsError(err).At("/from")
		}
	default:
		return models.FieldError("/op", "the operation is create, replace, write, delete, move or patch")
	}
	if len(e.Data) > models.MaxProjectFileBytes {
		return models.NewError(models.CodePayloadTooLarge, "the file is larger than a project's may be")
	}
	return nil
}

func (s *Service) put(ctx context.Context, path string, data []byte) (models.ManifestEntry, error) {
	sum, size, err := s.Blobs.Put(ctx, bytes.NewReader(data), models.MaxProjectFileBytes)
	return models.ManifestEntry{Path: path, SHA256: sum, Size: size, MediaType: models.MediaType(path)}, err
}

// content is what an edit writes.
func (s *Service) content(ctx context.Context, accountID string, e Edit) (models.ManifestEntry, error) {
	if e.Asset == "" {
		return s.put(ctx, e.Path, e.Data)
	}
	entry, err := models.ManifestEntry{}, error(errNoAsset)
	if s.Asset != nil {
		entry, err = s.Asset(ctx, accountID, e.Asset)
	}
	switch {
	case models.CodeOf(err) == models.CodeNotFound:
		return entry, errNoAsset
	case err != nil:
		return entry, err
	case entry.Size > models.MaxProjectFileBytes:
		return entry, models.NewError(models.CodePayloadTooLarge, "the asset is larger than a project's file may be").At("/asset")
	}
	entry.Path, entry.MediaType = e.Path, models.MediaType(e.Path)
	return entry, nil
}

var errNoAsset = models.NewError(models.CodeNotFound, "no such asset").At("/asset")

// edit applies one edit to a manifest.
func (p *plan) edit(files models.Manifest, i int, e Edit, patch func(int, models.ManifestEntry) (models.ManifestEntry, error)) (models.Manifest, error) {
	now, there := find(files, e.Path)
	switch {
	case e.Op == OpCreate && there, e.Op == OpMove && there:
		return nil, models.FieldError("/path", "there is such a file already").With(models.CodeConflict)
	case (e.Op == OpReplace || e.Op == OpDelete || e.Op == OpPatch) && !there:
		return nil, models.FieldError("/path", "there is no such file").With(models.CodeConflict)
	}
	if e.Op.writes() || e.Op == OpMove {
		if err := checkNew(files, e.Path); err != nil {
			return nil, models.AsError(err).At("/path")
		}
	}
	entry := p.written[i]
	switch e.Op {
	case OpDelete:
		return without(files, e.Path), nil
	case OpMove:
		old, ok := find(files, e.From)
		if !ok {
			return nil, models.FieldError("/from", "there is no such file").With(models.CodeConflict)
		}
		old.Path, old.MediaType = e.Path, models.MediaType(e.Path)
		return append(without(files, e.From), old), nil
	case OpPatch:
		key := patched{i, now.SHA256}
		if done, ok := p.patched[key]; ok {
			entry = done
			break
		}
		if patch == nil {
			return nil, errStale
		}
		var err error
		if entry, err = patch(i, now); err != nil {
			return nil, err
		}
		p.patched[key] = entry
	case OpCreate, OpReplace, OpWrite:
	}
	return append(without(files, e.Path), entry), nil
}

// find is Manifest.Find for one that is not sorted.
func find(files models.Manifest, path string) (models.ManifestEntry, bool) {
	i := slices.IndexFunc(files, func(e models.ManifestEntry) bool { return e.Path == path })
	if i < 0 {
		return models.ManifestEntry{}, false
	}
	return files[i], true
}
