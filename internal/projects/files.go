package projects

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/models"
)

// Change says which project is changed, and under which condition.
type Change struct {
	AccountID string
	ProjectID string
	If        Precondition
	Author    models.Author
	Message   string // what is done, in a line; "" for a default

	path   string // the file that the condition may be about as well; "" for none
	onto   string // the revision that must be current, or errStale; "" is any
	merges string // the revision that is merged into the current one
}

// MaxMessageRunes limits a change's message.
const MaxMessageRunes = 200

// describe is the change's message, or the given default.
func (c Change) describe(otherwise string) string {
	message := strings.Join(strings.Fields(c.Message), " ")
	if message == "" {
		message = otherwise
	}
	if runes := []rune(message); len(runes) > MaxMessageRunes {
		message = string(runes[:MaxMessageRunes-1]) + "…"
	}
	return message
}

// WriteFile stores one file, whose content r reads, at a path.
func (s *Service) WriteFile(ctx context.Context, c Change, path string, r io.Reader) (*models.Revision, error) {
	if err := models.CheckPath(path); err != nil {
		return nil, err
	}
	// The condition is checked before the content is read, and again when it is committed.
	if _, err := s.Project(ctx, c.AccountID, c.ProjectID); err != nil {
		return nil, err
	}
	if err := s.room(ctx, c.AccountID); err != nil {
		return nil, err
	}
	sum, size, err := s.Blobs.Put(ctx, r, models.MaxProjectFileBytes)
	if err != nil {
		return nil, err
	}
	entry := models.ManifestEntry{Path: path, SHA256: sum, Size: size, MediaType: models.MediaType(path)}
	c.Message = c.describe("write " + path)
	return s.commit(ctx, c, path, "", func(files models.Manifest) (models.Manifest, error) {
		if err := checkNew(files, path); err != nil {
			return nil, err
		}
		return append(without(files, path), entry), nil
	})
}

// DeleteFile removes one file, or is CodeNotFound.
func (s *Service) DeleteFile(ctx context.Context, c Change, path string) (*models.Revision, error) {
	if _, err := s.Project(ctx, c.AccountID, c.ProjectID); err != nil {
		return nil, err
	}
	c.Message = c.describe("delete " + path)
	return s.commit(ctx, c, path, "", func(files models.Manifest) (models.Manifest, error) {
		kept := without(files, path)
		if len(kept) == len(files) {
			return nil, models.NewError(models.CodeNotFound, "no such file")
		}
		return kept, nil
	})
}

// checkNew refuses a path that may not be made. What is there already may have been made before that was so.
func checkNew(files models.Manifest, path string) error {
	if _, there := find(files, path); there {
		return nil
	}
	return models.CheckNewPath(path)
}

func without(files models.Manifest, path string) models.Manifest {
	return slices.DeleteFunc(files, func(e models.ManifestEntry) bool { return e.Path == path })
}

// ReplaceFiles makes the project consist of these files; the title "" keeps the title. Errors point at "/title" or "/files/…".
func (s *Service) ReplaceFiles(ctx context.Context, c Change, title string, files []models.File) (*models.Revision, error) {
	if err := checkName(title); err != nil {
		return nil, err.At("/title")
	}
	for i, f := range files {
		if err := models.CheckPath(f.Path); err != nil {
			return nil, models.AsError(err).At("/files/" + strconv.Itoa(i) + "/path")
		}
	}
	if err := models.CheckFiles(files); err != nil {
		return nil, models.AsError(err).At("/files")
	}
	if _, err := s.Project(ctx, c.AccountID, c.ProjectID); err != nil {
		return nil, err
	}
	if err := s.room(ctx, c.AccountID); err != nil {
		return nil, err
	}
	var manifest models.Manifest
	for _, f := range files {
		sum, size, err := s.Blobs.Put(ctx, bytes.NewReader(f.Data), models.MaxProjectFileBytes)
		if err != nil {
			return nil, err
		}
		manifest = append(manifest, models.ManifestEntry{Path: f.Path, SHA256: sum, Size: size, MediaType: models.MediaType(f.Path)})
	}
	c.Message = c.describe(fmt.Sprintf("replace all files with %d", len(files)))
	return s.commit(ctx, c, "", title, func(before models.Manifest) (models.Manifest, error) {
		for i, e := range manifest {
			if err := checkNew(before, e.Path); err != nil {
				return nil, models.AsError(err).At("/files/" + strconv.Itoa(i) + "/path")
			}
		}
		return slices.Clone(manifest), nil
	})
}

// commit makes a revision from the project's current one, if the condition holds for that. A change without effect makes none.
// path is the file that is changed, if it is only one.
func (s *Service) commit(ctx context.Context, c Change, path, title string, edit func(models.Manifest) (models.Manifest, error)) (*models.Revision, error) {
	models.ClaimFrom(ctx).Making("project", c.ProjectID) // a revision's id, by which they are sorted, is made under the lock
	return s.Store.Commit(ctx, c.AccountID, c.ProjectID, func(base *models.Revision) (*models.Revision, error) {
		if err := c.If.check(base, path); err != nil {
			return nil, err
		}
		if c.onto != "" && c.onto != Tag(base) {
			return nil, errStale
		}
		next := &models.Revision{ID: models.NewID(), AccountID: c.AccountID, ProjectID: c.ProjectID, Author: c.Author, Message: c.Message, Title: title}
		var files models.Manifest
		if base != nil {
			next.Parents, files = models.IDsOf(base.ID, c.merges), slices.Clone(base.Manifest)
			if title == "" {
				next.Title = base.Title
			}
		}
		var err error
		if next.Manifest, err = edit(files); err != nil {
			return nil, err
		}
		if err := models.CheckManifest(next.Manifest); err != nil {
			return nil, err
		}
		next.Manifest.Sort()
		next.Digest = next.Manifest.Digest()
		if base != nil && base.Digest == next.Digest && base.Title == next.Title {
			return base, nil
		}
		return next, nil
	})
}
