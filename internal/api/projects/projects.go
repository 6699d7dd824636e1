package projects

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// ListProjects answers GET /v1/projects.
func (a *Area) ListProjects(ctx context.Context, r openapi.ListProjectsRequestObject) (openapi.ListProjectsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f, err := projectFilter(r.Params)
	if err != nil {
		return nil, err
	}
	rows, err := a.Projects.List(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(p *models.Project) string { return p.ID }, showProject)
	return openapi.ListProjects200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func projectFilter(p openapi.ListProjectsParams) (f models.ProjectFilter, err error) {
	f = models.ProjectFilter{Search: kernel.OrZero(p.Search), Engine: kernel.OrZero(p.Engine), Deleted: kernel.OrZero(p.Deleted)}
	if utf8.RuneCountInString(f.Search) > projects.MaxNameRunes {
		return f, kernel.ParameterError("search", "at most 120 characters")
	}
	if p.Label != nil {
		name, value, ok := strings.Cut(*p.Label, ":")
		if !ok || name == "" {
			return f, kernel.ParameterError("label", "a label is name:value")
		}
		f.Label = [2]string{name, value}
	}
	return f, nil
}

// GetProject answers GET /v1/projects/{id}.
func (a *Area) GetProject(ctx context.Context, r openapi.GetProjectRequestObject) (openapi.GetProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := a.Projects.Project(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetProject200JSONResponse(showProject(p)), nil
}

// ListRevisions answers GET /v1/projects/{id}/revisions.
func (a *Area) ListRevisions(ctx context.Context, r openapi.ListRevisionsRequestObject) (openapi.ListRevisionsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Projects.Revisions(ctx, account, r.ID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(r *models.Revision) string { return r.ID }, showRevision)
	return openapi.ListRevisions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}
