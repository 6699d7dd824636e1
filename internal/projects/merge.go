package projects

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// ConflictPolicy is what becomes of conflicts.
type ConflictPolicy string

// The policies.
const (
	ConflictRefuse  ConflictPolicy = "refuse"  // nothing is merged
	ConflictMarkers ConflictPolicy = "markers" // texts have both versions between marks; other conflicts are refused
	ConflictOurs    ConflictPolicy = "ours"    // the current revision's version, only where there is a conflict
	ConflictTheirs  ConflictPolicy = "theirs"  // the other revision's
)

// MergeOptions say what becomes of conflicts, and of those at some paths.
type MergeOptions struct {
	Conflicts ConflictPolicy // "" is ConflictRefuse
	Paths     map[string]ConflictPolicy
}

func (o MergeOptions) at(path string) ConflictPolicy {
	if p, ok := o.Paths[path]; ok {
		return p
	}
	return o.Conflicts
}

// Merge is what comes of merging a revision into the current one.
type Merge struct {
	Base      *models.Revision // the nearest that both were made from; nil if there is none
	Ours      *models.Revision // the current one
	Theirs    *models.Revision
	Files     models.Manifest
	Conflicts []models.MergeConflict // that are not settled; Files has ours there
	Diffs     []FileDiff             // from Ours to Files; of a preview only

	title  string
	texts  map[string]string // by digest, what was merged
	budget int64             // bytes that may still be read
	shown  int               // bytes of hunks that may still be shown
}

// Limits on a merge.
const (
	maxLineage    = 10_000 // revisions, the newest of a project, in which the common base is looked for
	maxMergeLines = 100_000
)

// PreviewMerge tells what merging a revision into the current one would do.
func (s *Service) PreviewMerge(ctx context.Context, accountID, projectID, id string, o MergeOptions) (*Merge, error) {
	ctx, cancel := context.WithTimeout(ctx, patchWithin)
	defer cancel()
	ours, err := s.Current(ctx, accountID, projectID)
	if err != nil {
		return nil, err
	}
	m, err := s.merge(ctx, accountID, projectID, ours, id, o)
	if err != nil {
		return nil, err
	}
	m.Diffs = compare(ours.Manifest, m.Files)
	room := maxDiffTotal
	read := func(e *models.ManifestEntry) (string, bool, error) {
		if text, ok := m.texts[e.SHA256]; ok {
			return text, len(text) <= maxDiffFile, nil
		}
		return s.text(ctx, e, maxDiffFile)
	}
	for i := range m.Diffs {
		if err := addLines(&m.Diffs[i], &room, read); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Merge makes a revision of the current one and another, and of what both were made from: a file, or lines of a text, that only one has changed is
// taken from it. What both have changed in different ways is a *models.ConflictError, unless the options settle it.
func (s *Service) Merge(ctx context.Context, c Change, id string, o MergeOptions) (*models.Revision, error) {
	ctx, cancel := context.WithTimeout(ctx, patchWithin)
	defer cancel()
	for try := 1; ; try++ {
		ours, err := s.Current(ctx, c.AccountID, c.ProjectID)
		if err != nil {
			return nil, err
		}
		if err := c.If.check(ours, ""); err != nil {
			return nil, err
		}
		m, err := s.merge(ctx, c.AccountID, c.ProjectID, ours, id, o)
		if err != nil {
			return nil, err
		}
		if len(m.Conflicts) > 0 {
			why := fmt.Sprintf("%d files were changed in different ways; say which version to take, or merge by hand", len(m.Conflicts))
			return nil, &models.ConflictError{Why: models.NewError(models.CodeMergeConflict, why), Conflicts: m.Conflicts}
		}
		rev, err := s.commitMerge(ctx, c, m)
		if !errors.Is(err, errStale) || try == maxTries {
			return rev, err
		}
	}
}

func (s *Service) commitMerge(ctx context.Context, c Change, m *Merge) (*models.Revision, error) {
	if len(m.texts) > 0 {
		if err := s.room(ctx, c.AccountID); err != nil {
			return nil, err
		}
	}
	for _, text := range m.texts {
		if _, _, err := s.Blobs.Put(ctx, strings.NewReader(text), models.MaxProjectFileBytes); err != nil {
			return nil, err
		}
	}
	what := m.Theirs.Message
	if what == "" {
		what = m.Theirs.ID
	}
	c.Message, c.onto, c.merges = c.describe("merge "+what), m.Ours.ID, m.Theirs.ID
	return s.commit(ctx, c, "", m.title, func(models.Manifest) (models.Manifest, error) { return slices.Clone(m.Files), nil })
}

// merge works out a merge. It changes nothing.
func (s *Service) merge(ctx context.Context, accountID, projectID string, ours *models.Revision, id string, o MergeOptions) (*Merge, error) {
	theirs, err := s.Revision(ctx, accountID, projectID, id)
	if err != nil {
		return nil, err
	}
	if ours == nil {
		return nil, models.NewError(models.CodeNoRevision, "the project has no files yet")
	}
	m := &Merge{Ours: ours, Theirs: theirs, title: ours.Title, texts: make(map[string]string), budget: maxPatchedTotal, shown: maxHunkTotal}
	lineage, err := s.Store.Lineage(ctx, accountID, projectID, maxLineage)
	if err != nil {
		return nil, err
	}
	if baseID := nearest(lineage, ours.ID, theirs.ID); baseID != "" {
		if m.Base, err = s.Store.Revision(ctx, accountID, baseID); err != nil {
			return nil, err
		}
	}
	var base models.Manifest
	if m.Base != nil {
		base = m.Base.Manifest
		if m.title == m.Base.Title {
			m.title = theirs.Title
		}
	}
	select {
	case patchers <- struct{}{}:
		defer func() { <-patchers }()
	case <-ctx.Done():
		return nil, models.WrapError(models.CodeUnavailable, "too many files are being merged; try again", ctx.Err())
	}
	if err := s.mergeFiles(ctx, m, base, o); err != nil {
		return nil, err
	}
	m.Files.Sort()
	if len(m.Conflicts) > 0 {
		return m, nil
	}
	if err := models.CheckManifest(m.Files); err != nil {
		return nil, models.AsError(err).With(models.CodeConflict)
	}
	return m, nil
}

// byPath lists a manifest's files by their paths.
func byPath(files models.Manifest) map[string]*models.ManifestEntry {
	all := make(map[string]*models.ManifestEntry, len(files))
	for i := range files {
		all[files[i].Path] = &files[i]
	}
	return all
}

// sides are the files of the three revisions of a merge, by path.
type sides struct {
	base, ours, theirs map[string]*models.ManifestEntry
}

func (s *Service) mergeFiles(ctx context.Context, m *Merge, base models.Manifest, o MergeOptions) error {
	of := sides{byPath(base), byPath(m.Ours.Manifest), byPath(m.Theirs.Manifest)}
	paths := make(map[string]bool)
	for _, files := range []map[string]*models.ManifestEntry{of.base, of.ours, of.theirs} {
		for path := range files {
			paths[path] = true
		}
	}
	sorted := make([]string, 0, len(paths))
	for path := range paths {
		sorted = append(sorted, path)
	}
	slices.Sort(sorted)
	dropped := make(map[string]bool) // where files were moved to whose moves were decided against
	for _, path := range sorted {
		entry, err := s.mergeFile(ctx, m, of, path, o, dropped)
		if err != nil {
			return err
		}
		if entry != nil {
			m.Files = append(m.Files, *entry)
		}
	}
	m.Files = slices.DeleteFunc(m.Files, func(e models.ManifestEntry) bool { return dropped[e.Path] })
	return nil
}

func same(a, b *models.ManifestEntry) bool {
	return a == nil && b == nil || a != nil && b != nil && a.SHA256 == b.SHA256
}

// mergeFile is what a file becomes; nil is that it is not there.
func (s *Service) mergeFile(ctx context.Context, m *Merge, of sides, path string, o MergeOptions, dropped map[string]bool) (*models.ManifestEntry, error) {
	base, ours, theirs := of.base[path], of.ours[path], of.theirs[path]
	switch {
	case same(ours, theirs), same(base, theirs):
		return ours, nil
	case same(base, ours):
		return theirs, nil
	}
	conflict := models.MergeConflict{Path: path}
	switch {
	case base == nil:
		conflict.Kind = models.ConflictAdded
	case ours == nil:
		conflict.Kind, conflict.Side, conflict.To = models.ConflictDeleted, "ours", movedTo(base, of.base, of.ours)
	case theirs == nil:
		conflict.Kind, conflict.Side, conflict.To = models.ConflictDeleted, "theirs", movedTo(base, of.base, of.theirs)
	}
	if conflict.To != "" {
		conflict.Kind = models.ConflictMoved
	}
	if ours != nil && theirs != nil {
		entry, settled, err := s.mergeText(ctx, m, &conflict, base, ours, theirs, o.at(path))
		if err != nil || settled {
			return entry, err
		}
	}
	policy := o.at(path)
	entry, files := ours, of.ours
	switch policy {
	case ConflictOurs:
	case ConflictTheirs:
		entry, files = theirs, of.theirs
	case ConflictRefuse, ConflictMarkers, "":
		m.Conflicts = append(m.Conflicts, conflict)
		return ours, nil
	}
	if conflict.To != "" && conflict.Side != string(policy) && files[conflict.To] == nil {
		dropped[conflict.To] = true // the file stays where it was
	}
	return entry, nil
}

// movedTo is where a file has moved to, with the same content; "" if it was deleted.
func movedTo(file *models.ManifestEntry, base, side map[string]*models.ManifestEntry) (path string) {
	for _, e := range side {
		if e.SHA256 == file.SHA256 && base[e.Path] == nil && (path == "" || e.Path < path) {
			path = e.Path
		}
	}
	return path
}

// mergeText merges a file that both have, if it is a text.
func (s *Service) mergeText(ctx context.Context, m *Merge, conflict *models.MergeConflict, base, ours, theirs *models.ManifestEntry,
	policy ConflictPolicy) (entry *models.ManifestEntry, settled bool, err error) {
	var texts [3][]string
	for i, e := range []*models.ManifestEntry{base, ours, theirs} {
		if e == nil {
			continue
		}
		if m.budget -= e.Size; e.Size > maxPatched || m.budget < 0 {
			conflict.Kind = models.ConflictTooLarge
			return nil, false, nil
		}
		text, ok, err := s.text(ctx, e, maxPatched)
		if err != nil {
			return nil, false, err
		}
		if !ok {
			conflict.Kind = models.ConflictBinary
			return nil, false, nil
		}
		if texts[i] = splitLines(text); len(texts[i]) > maxMergeLines {
			conflict.Kind = models.ConflictTooLarge
			return nil, false, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	parts := mergeLines(texts[0], texts[1], texts[2])
	conflicts := slices.ContainsFunc(parts, func(p mergePart) bool { return p.conflict })
	if conflicts && policy != ConflictMarkers && policy != ConflictOurs && policy != ConflictTheirs {
		if conflict.Kind == "" {
			conflict.Kind = models.ConflictModified
		}
		conflict.Hunks, conflict.More = hunks(parts, &m.shown)
		return nil, false, nil
	}
	merged := joinParts(parts, policy)
	if len(merged) > models.MaxProjectFileBytes {
		conflict.Kind = models.ConflictTooLarge
		return nil, false, nil
	}
	sum := sha256.Sum256([]byte(merged))
	made := *ours
	made.SHA256, made.Size = hex.EncodeToString(sum[:]), int64(len(merged))
	if made.SHA256 != ours.SHA256 && made.SHA256 != theirs.SHA256 {
		m.texts[made.SHA256] = merged
	}
	return &made, true, nil
}

// nearest is the newest revision that two were made from and that no other such was made from; "" if there is none. One of the two may be it.
func nearest(parents map[string]models.IDs, a, b string) string {
	reach := func(from ...string) map[string]bool {
		seen := make(map[string]bool)
		for len(from) > 0 {
			id := from[len(from)-1]
			from = from[:len(from)-1]
			if _, there := parents[id]; there && !seen[id] {
				seen[id] = true
				from = append(from, parents[id]...)
			}
		}
		return seen
	}
	ofA, ofB := reach(a), reach(b)
	var common, above []string
	for id := range ofA {
		if ofB[id] {
			common = append(common, id)
			above = append(above, parents[id]...)
		}
	}
	older := reach(above...)
	best := ""
	for _, id := range common {
		if !older[id] && id > best {
			best = id
		}
	}
	return best
}
