package httpapi

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

const maxNameRunes = 120

// CreateProject answers POST /v1/projects.
func (s *server) CreateProject(ctx context.Context, r CreateProjectRequestObject) (CreateProjectResponseObject, error) {
	ctx, account := caller(ctx)
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
	if err := s.knowEngine(ctx, p.Engine, p.EngineVersion); err != nil {
		return nil, err
	}
	if err := s.Projects.CreateProject(ctx, p); err != nil {
		return nil, err
	}
	return CreateProject201JSONResponse{
		Body:    showProject(p),
		Headers: CreateProject201ResponseHeaders{Location: "/v1/projects/" + p.ID},
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
func (s *server) knowEngine(ctx context.Context, name, version string) error {
	var names, versions []string
	for _, e := range s.Engines(ctx) {
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
func (s *server) ListProjects(ctx context.Context, r ListProjectsRequestObject) (ListProjectsResponseObject, error) {
	ctx, account := caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := s.Projects.ListProjects(ctx, account, p)
	if err != nil {
		return nil, err
	}
	data, more, next := paginate(rows, p, func(p *models.Project) string { return p.ID }, showProject)
	return ListProjects200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetProject answers GET /v1/projects/{id}.
func (s *server) GetProject(ctx context.Context, r GetProjectRequestObject) (GetProjectResponseObject, error) {
	ctx, account := caller(ctx)
	p, err := s.project(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return GetProject200JSONResponse(showProject(p)), nil
}

// ListRevisions answers GET /v1/projects/{id}/revisions.
func (s *server) ListRevisions(ctx context.Context, r ListRevisionsRequestObject) (ListRevisionsResponseObject, error) {
	ctx, account := caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if _, err := s.project(ctx, account, r.ID); err != nil {
		return nil, err
	}
	rows, err := s.Projects.ListRevisions(ctx, account, r.ID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := paginate(rows, p, func(r *models.Revision) string { return r.ID }, showRevision)
	return ListRevisions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func (s *server) project(ctx context.Context, account, id string) (*models.Project, error) {
	if err := knownID(id, "project"); err != nil {
		return nil, err
	}
	return s.Projects.Project(ctx, account, id)
}

// knownID refuses what cannot be the id of anything, before a database has to.
func knownID(id, what string) error {
	if !models.ValidID(id) {
		return models.NewError(models.CodeNotFound, "no such "+what)
	}
	return nil
}

// filterID reads an optional id of a filter.
func filterID(name string, id *string) (string, error) {
	if id == nil {
		return "", nil
	}
	if !models.ValidID(*id) {
		return "", parameterError(name, "not an id")
	}
	return *id, nil
}
