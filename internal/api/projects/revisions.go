package projects

import (
	"context"
	"slices"
	"strings"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// revision returns a project's revision: the one that is named, or the current one; nil when it has none yet.
func (a *Area) revision(ctx context.Context, account, projectID string, id *string) (*models.Revision, error) {
	p, err := a.project(ctx, account, projectID)
	if err != nil {
		return nil, err
	}
	if id == nil {
		if p.RevisionID == "" {
			return nil, nil
		}
		return a.Projects.Revision(ctx, account, p.RevisionID)
	}
	if err := kernel.KnownID(*id, "revision"); err != nil {
		return nil, err
	}
	rev, err := a.Projects.Revision(ctx, account, *id)
	if err == nil && rev.ProjectID != p.ID {
		return nil, models.NewError(models.CodeNotFound, "no such revision")
	}
	return rev, err
}

// commitTries bounds how often a change without If-Match is made again on top of someone else's.
const commitTries = 8

// commit makes a revision from the project's current one. A change that changes nothing makes none.
func (a *Area) commit(ctx context.Context, account, projectID string, ifMatch *string, title string,
	edit func(models.Manifest) (models.Manifest, error)) (*models.Revision, error) {
	var err error
	for range commitTries {
		var rev *models.Revision
		rev, err = a.commitOnce(ctx, account, projectID, ifMatch, title, edit)
		if err == nil {
			return rev, nil
		}
		if models.CodeOf(err) != models.CodeConflict {
			return nil, err
		}
		if ifMatch != nil {
			return nil, preconditionFailed()
		}
	}
	return nil, err
}

func (a *Area) commitOnce(ctx context.Context, account, projectID string, ifMatch *string, title string,
	edit func(models.Manifest) (models.Manifest, error)) (*models.Revision, error) {
	base, err := a.revision(ctx, account, projectID, nil)
	if err != nil {
		return nil, err
	}
	if ifMatch != nil && !matches(*ifMatch, base) {
		return nil, preconditionFailed()
	}
	next := &models.Revision{ID: models.NewID(), AccountID: account, ProjectID: projectID, Title: title}
	var files models.Manifest
	if base != nil {
		next.ParentID, files = base.ID, slices.Clone(base.Manifest)
		if title == "" {
			next.Title = base.Title
		}
	}
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
	if err := a.Projects.CommitRevision(ctx, next); err != nil {
		return nil, err
	}
	return next, nil
}

func preconditionFailed() error {
	return models.NewError(kernel.CodePreconditionFailed, "the project's files have changed; read them again")
}

// revisionTag is a revision as an entity tag.
func revisionTag(id string) string { return `"` + id + `"` }

// matches tells whether an If-Match header names the current revision (RFC 9110, section 13.1.1).
func matches(header string, current *models.Revision) bool {
	if current == nil {
		return false
	}
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag == revisionTag(current.ID) {
			return true
		}
	}
	return false
}

func newRevision(rev *models.Revision) openapi.NewRevisionJSONResponse {
	return openapi.NewRevisionJSONResponse{Body: showRevision(rev), Headers: openapi.NewRevisionResponseHeaders{ETag: revisionTag(rev.ID)}}
}
