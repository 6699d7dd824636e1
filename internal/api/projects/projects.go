package projects

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

const maxNameRunes = 120

// CreateProject answers POST /v1/projects.
func (a *Area) CreateProject(ctx context.Context, r openapi.CreateProjectRequestObject) (openapi.CreateProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	name := strings.TrimSpace(r.Body.Name)
	if err := checkName("/name", name); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, models.FieldError("/name", "a name is required")
	}
	p := &models.Project{ID: models.NewID(), AccountID: account, Name: name, Engine: r.Body.Engine}
	if r.Body.EngineVersion != nil {
		p.EngineVersion = *r.Body.EngineVersion
	}
	if err := a.knowEngine(ctx, p.Engine, p.EngineVersion); err != nil {
		return nil, err
	}
	if err := a.Projects.CreateProject(ctx, p); err != nil {
		return nil, err
	}
	return openapi.CreateProject201JSONResponse{
		Body:    showProject(p),
		Headers: openapi.CreateProject201ResponseHeaders{Location: "/v1/projects/" + p.ID},
	}, nil
}

func checkName(pointer, name string) error {
	if utf8.RuneCountInString(name) > maxNameRunes {
		return models.FieldError(pointer, "at most 120 characters")
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		return models.FieldError(pointer, "has a control character")
	}
	return nil
}

// knowEngine refuses an engine that there is not, or a version of one; the version "" is the default one.
func (a *Area) knowEngine(ctx context.Context, name, version string) error {
	var names, versions []string
	for _, e := range a.Engines(ctx) {
		if e.Name == name {
			if e.Version == version || version == "" {
				return nil
			}
			versions = append(versions, e.Version)
		}
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	if versions != nil {
		return &models.Error{Code: models.CodeUnknownVersion, Pointer: "/engine_version",
			Message: "no such version of " + name + "; there are: " + strings.Join(versions, ", ")}
	}
	return &models.Error{Code: models.CodeUnknownEngine, Pointer: "/engine",
		Message: "no such engine; there are: " + strings.Join(names, ", ")}
}

// ListProjects answers GET /v1/projects.
func (a *Area) ListProjects(ctx context.Context, r openapi.ListProjectsRequestObject) (openapi.ListProjectsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Projects.ListProjects(ctx, account, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(p *models.Project) string { return p.ID }, showProject)
	return openapi.ListProjects200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetProject answers GET /v1/projects/{id}.
func (a *Area) GetProject(ctx context.Context, r openapi.GetProjectRequestObject) (openapi.GetProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := a.project(ctx, account, r.ID)
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
	if _, err := a.project(ctx, account, r.ID); err != nil {
		return nil, err
	}
	rows, err := a.Projects.ListRevisions(ctx, account, r.ID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(r *models.Revision) string { return r.ID }, showRevision)
	return openapi.ListRevisions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func (a *Area) project(ctx context.Context, account, id string) (*models.Project, error) {
	if err := kernel.KnownID(id, "project"); err != nil {
		return nil, err
	}
	return a.Projects.Project(ctx, account, id)
}
