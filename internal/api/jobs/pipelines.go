package jobs

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// SubmitPipeline answers POST /v1/pipelines.
func (a *Area) SubmitPipeline(ctx context.Context, r openapi.SubmitPipelineRequestObject) (openapi.SubmitPipelineResponseObject, error) {
	request := ctx
	ctx, account := kernel.Caller(ctx)
	endUser, err := kernel.EndUser(ctx, kernel.OrZero(r.Body.EndUser))
	if err != nil {
		return nil, err
	}
	req := jobs.PipelineRequest{AccountID: account, ProjectID: kernel.OrZero(r.Body.ProjectID), EndUser: endUser, Timing: jobs.Timing{
		RunAt: r.Body.RunAt, ExpiresAt: r.Body.ExpiresAt,
		ConcurrencyKey: kernel.OrZero(r.Body.ConcurrencyKey), ConcurrencyPolicy: kernel.OrZero(r.Body.ConcurrencyPolicy)}}
	for _, step := range r.Body.Steps {
		req.Steps = append(req.Steps, jobs.Step{
			Name: step.Name, Kind: step.Kind, Priority: step.Priority, Input: step.Input,
			After: step.After, OnDependencyFailure: step.OnDependencyFailure,
		})
	}
	if req.NewProject, err = a.newProject(ctx, account, r.Body); err != nil {
		return nil, err
	}
	p, submitted, err := a.Submitter.SubmitPipeline(ctx, req)
	if held, ok := errors.AsType[*jobs.HeldError](err); ok {
		return a.holder(ctx, account, held)
	}
	if err != nil {
		return nil, err
	}
	shown := make([]openapi.Job, len(submitted))
	ids := make([]string, len(submitted))
	for i, j := range submitted {
		shown[i], ids[i] = showJob(j), j.ID
	}
	kernel.Note(request, zap.String("pipeline", p.ID), zap.Strings("jobs", ids))
	return openapi.SubmitPipeline202JSONResponse{
		Body:    showPipeline(p, shown),
		Headers: openapi.SubmitPipeline202ResponseHeaders{Location: "/v1/pipelines/" + p.ID},
	}, nil
}

// newProject is the project to make with a pipeline, or nil if it is for one that exists.
func (a *Area) newProject(ctx context.Context, account string, body *openapi.NewPipeline) (*models.Project, error) {
	n := body.NewProject
	switch {
	case n == nil && body.ProjectID == nil:
		return nil, models.FieldError("/project_id", "a pipeline needs a project: name one, or make one with new_project")
	case n == nil:
		return nil, nil
	case !kernel.Identity(ctx).Has(auth.ScopeProjectsWrite):
		return nil, models.NewError(models.CodeForbidden, "the key does not have the scope projects:write, which new_project needs").At("/new_project")
	case body.ProjectID != nil:
		return nil, models.FieldError("/new_project", "a pipeline has either project_id or new_project")
	}
	p, err := a.Projects.New(ctx, projects.NewProject{AccountID: account, Name: n.Name, Engine: n.Engine, EngineVersion: kernel.OrZero(n.EngineVersion),
		Description: kernel.OrZero(n.Description), Labels: kernel.OrZero(n.Labels)})
	if err != nil {
		return nil, models.AsError(err).At("/new_project")
	}
	return p, nil
}

// holder is the answer to a pipeline that was skipped.
func (a *Area) holder(ctx context.Context, account string, held *jobs.HeldError) (openapi.SubmitPipelineResponseObject, error) {
	if held.Pipeline == "" {
		return nil, models.NewError(models.CodeKeyHeld, held.Error())
	}
	shown, err := a.pipeline(ctx, account, held.Pipeline)
	return openapi.SubmitPipeline200JSONResponse(shown), err
}

// GetPipeline answers GET /v1/pipelines/{id}.
func (a *Area) GetPipeline(ctx context.Context, r openapi.GetPipelineRequestObject) (openapi.GetPipelineResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "pipeline"); err != nil {
		return nil, err
	}
	shown, err := a.pipeline(ctx, account, r.ID)
	return openapi.GetPipeline200JSONResponse(shown), err
}

func (a *Area) pipeline(ctx context.Context, account, id string) (openapi.Pipeline, error) {
	p, rows, err := a.Jobs.Pipeline(ctx, account, id)
	if err != nil {
		return openapi.Pipeline{}, err
	}
	shown := make([]openapi.Job, len(rows))
	for i := range rows {
		shown[i] = showJob(&rows[i])
	}
	return showPipeline(p, shown), nil
}
