package projects

import (
	"context"
	"errors"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// CreateProject answers POST /v1/projects.
func (a *Area) CreateProject(ctx context.Context, r openapi.CreateProjectRequestObject) (openapi.CreateProjectResponseObject, error) {
	request := ctx
	ctx, account := kernel.Caller(ctx)
	n := projects.NewProject{AccountID: account, Name: r.Body.Name, Engine: r.Body.Engine, EngineVersion: kernel.OrZero(r.Body.EngineVersion),
		Description: kernel.OrZero(r.Body.Description), Labels: kernel.OrZero(r.Body.Labels)}
	var made openapi.Project
	var err error
	switch from := kernel.OrZero(r.Body.From); {
	case from.EndUser != nil && from.Prompt == nil:
		err = models.FieldError("/from/end_user", "is for a project from a prompt")
	case from.Starter != nil && from.Prompt != nil:
		err = models.FieldError("/from", "a project is made from either a starter or a prompt")
	case from.Prompt != nil:
		made, err = a.createFromPrompt(request, n, *from.Prompt, kernel.OrZero(from.EndUser))
	case from.Starter != nil:
		made, err = a.createFromStarter(ctx, n, *from.Starter)
	default:
		var p *models.Project
		if p, err = a.Projects.Create(ctx, n); err == nil {
			made = showProject(p)
		}
	}
	if err != nil {
		return nil, err
	}
	return openapi.CreateProject201JSONResponse{Body: made, Headers: openapi.CreateProject201ResponseHeaders{Location: "/v1/projects/" + made.ID}}, nil
}

func (a *Area) createFromStarter(ctx context.Context, n projects.NewProject, starter string) (openapi.Project, error) {
	if n.Engine != "" && n.Engine != starter {
		return openapi.Project{}, models.FieldError("/from/starter", "is the starter of another engine")
	}
	n.Engine = starter
	p, err := a.Projects.CreateFromStarter(ctx, author(ctx), n)
	if err != nil {
		return openapi.Project{}, err
	}
	return showProject(p), nil
}

// createFromPrompt makes a project with its first pipeline, or neither.
func (a *Area) createFromPrompt(request context.Context, n projects.NewProject, prompt, endUser string) (openapi.Project, error) {
	ctx, _ := kernel.Caller(request)
	if !kernel.Identity(ctx).Has(auth.ScopeJobsWrite) {
		return openapi.Project{}, models.NewError(models.CodeForbidden, "the key does not have the scope jobs:write, which a prompt needs").At("/from/prompt")
	}
	p, err := a.Projects.New(ctx, n)
	if err != nil {
		return openapi.Project{}, err
	}
	started, err := a.Start(request, p, prompt, endUser)
	if err != nil {
		return openapi.Project{}, err
	}
	made := showProject(p)
	made.Pipeline = &started
	return made, nil
}

// author is who asks.
func author(ctx context.Context) models.Author { return authorOf(kernel.Identity(ctx)) }

// authorOf is the person who calls, or the key if it is nobody's.
func authorOf(id auth.Identity) models.Author {
	if id.UserID != "" {
		return models.Author{Kind: models.AuthorUser, ID: id.UserID}
	}
	return models.Author{Kind: models.AuthorKey, ID: id.KeyID}
}

// ImportProject answers POST /v1/projects/import.
func (a *Area) ImportProject(ctx context.Context, r openapi.ImportProjectRequestObject) (openapi.ImportProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	n := projects.NewProject{AccountID: account, Name: kernel.OrZero(r.Params.Name), Engine: kernel.OrZero(r.Params.Engine),
		EngineVersion: kernel.OrZero(r.Params.EngineVersion)}
	body := r.Body
	if r.MultipartBody != nil {
		file, err := kernel.OnlyFile(r.MultipartBody)
		if err != nil {
			return nil, err
		}
		body = file
	}
	made, err := a.Projects.Import(ctx, author(ctx), n, body)
	if err != nil {
		return nil, importError(err)
	}
	shown := openapi.ImportedProject{Project: showProject(made.Project), Revision: showRevision(made.Revision), Folder: kernel.OrNull(made.Folder),
		LeftOut: make([]openapi.LeftOut, len(made.LeftOut))}
	for i, l := range made.LeftOut {
		shown.LeftOut[i] = openapi.LeftOut{Path: l.Path, Files: l.Files}
	}
	return openapi.ImportProject201JSONResponse{Body: shown, Headers: openapi.ImportProject201ResponseHeaders{Location: "/v1/projects/" + made.Project.ID}}, nil
}

// importError points at parameters where a body has fields.
func importError(err error) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Pointer) < 2 || e.Pointer[0] != '/' {
		return err
	}
	c := *e
	c.Pointer = kernel.ParameterMark + e.Pointer[1:]
	return &c
}
