package projects

import (
	"context"
	"net/http"
	"slices"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// revision returns a project's revision: the named one, or the current one; nil if there is none yet.
func (a *Area) revision(ctx context.Context, account, projectID string, id *string) (*models.Revision, error) {
	if id == nil {
		return a.Projects.Current(ctx, account, projectID)
	}
	return a.Projects.Revision(ctx, account, projectID, *id)
}

// change is the change that a request makes, under the conditions of its headers (RFC 9110, section 13.1).
func change(req *http.Request, account, projectID string) (projects.Change, error) {
	c := projects.Change{AccountID: account, ProjectID: projectID}
	if id, ok := auth.From(req.Context()); ok {
		c.Author = authorOf(id)
	}
	header := req.Header
	if lines := header.Values("If-Match"); lines != nil {
		c.If.Match = []string{} // what cannot be read matches nothing
		if tags, ok := kernel.ParseTags(lines); ok {
			c.If.Match = condition(tags.Any, tags.Strong) // weak tags never match here
		}
	}
	if lines := header.Values("If-None-Match"); lines != nil {
		tags, ok := kernel.ParseTags(lines)
		if !ok { // ignoring it could overwrite what the caller meant to keep
			return c, kernel.ParameterError("If-None-Match", "is not a list of entity tags")
		}
		c.If.NoneMatch = condition(tags.Any, append(tags.Strong, tags.Weak...))
	}
	return c, nil
}

// condition is a list of tags in the terms of projects, where "*" is not a tag.
func condition(anything bool, tags []string) []string {
	if anything {
		return []string{projects.Any}
	}
	return append([]string{}, slices.DeleteFunc(tags, func(tag string) bool { return tag == projects.Any })...)
}

// newRevision answers a PUT, with the tag that reading the same address gives from now on.
func newRevision(rev *models.Revision, tag string) openapi.NewRevisionJSONResponse {
	return openapi.NewRevisionJSONResponse{Body: showRevision(rev), Headers: openapi.NewRevisionResponseHeaders{ETag: kernel.QuoteTag(tag)}}
}
