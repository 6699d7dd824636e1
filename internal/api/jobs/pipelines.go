package jobs

import (
	"context"
	"errors"
	"net/http"
	"time"

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
	wait, err := kernel.PreferredWait(request)
	if err != nil {
		return nil, err
	}
	ctx, account := kernel.Caller(ctx)
	var metadata []byte
	if m := r.Body.Metadata; m != nil {
		metadata = models.ToJSON(m)
	}
	endUser, key, err := a.submitter(ctx, kernel.OrZero(r.Body.EndUser), kernel.OrZero(r.Body.ConcurrencyKey))
	if err != nil {
		return nil, err
	}
	hook, err := kernel.WebhookURL(ctx, r.Body.WebhookURL)
	if err != nil {
		return nil, err
	}
	req := jobs.PipelineRequest{AccountID: account, ProjectID: kernel.OrZero(r.Body.ProjectID), EndUser: endUser, WebhookURL: hook,
		Template: r.Body.Template, Params: r.Body.Params, Metadata: metadata, Timing: jobs.Timing{
			RunAt: r.Body.RunAt, ExpiresAt: r.Body.ExpiresAt,
			ConcurrencyKey: key, ConcurrencyPolicy: kernel.OrZero(r.Body.ConcurrencyPolicy)}}
	for _, step := range r.Body.Steps {
		req.Steps = append(req.Steps, jobs.Step{
			Name: step.Name, Kind: step.Kind, Priority: step.Priority, Input: step.Input,
			After: step.After, OnDependencyFailure: step.OnDependencyFailure, RunIf: step.RunIf,
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
	location := "/v1/pipelines/" + p.ID
	if wait > 0 {
		kernel.KeepNow(request, http.StatusAccepted, location, showPipeline(p, shown)) // a repetition is answered at once
		ended, err := a.pipelineEnded(ctx, account, p.ID, wait)
		if err == nil && ended.State.Terminal() {
			return openapi.SubmitPipeline200JSONResponse(ended), nil
		}
	}
	return openapi.SubmitPipeline202JSONResponse{Body: showPipeline(p, shown), Headers: openapi.SubmitPipeline202ResponseHeaders{Location: location}}, nil
}

// pipelineEnded is a pipeline as soon as all of its jobs have ended, or as it is after a wait.
func (a *Area) pipelineEnded(ctx context.Context, account, id string, wait time.Duration) (openapi.Pipeline, error) {
	until := time.Now().Add(wait)
	for {
		shown, err := a.pipeline(ctx, account, id)
		left := time.Until(until)
		if err != nil || shown.State.Terminal() || left <= 0 || a.Stopping.Err() != nil {
			return shown, err
		}
		for _, j := range shown.Jobs { // the first that has not ended
			if j.State.Terminal() {
				continue
			}
			if _, err := a.ended(ctx, account, j.ID, left); err != nil {
				return openapi.Pipeline{}, err
			}
			break
		}
	}
}

// ListPipelines answers GET /v1/pipelines.
func (a *Area) ListPipelines(ctx context.Context, r openapi.ListPipelinesRequestObject) (openapi.ListPipelinesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	f := models.PipelineFilter{EndUser: kernel.OrZero(r.Params.EndUser), From: kernel.OrZero(r.Params.CreatedFrom), To: kernel.OrZero(r.Params.CreatedTo)}
	if f.ProjectID, err = kernel.FilterID("project_id", r.Params.ProjectID); err != nil {
		return nil, err
	}
	rows, err := a.Jobs.ListPipelines(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(s *models.PipelineSummary) string { return s.ID }, showSummary)
	return openapi.ListPipelines200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// CancelPipeline answers POST /v1/pipelines/{id}/cancel.
func (a *Area) CancelPipeline(ctx context.Context, r openapi.CancelPipelineRequestObject) (openapi.CancelPipelineResponseObject, error) {
	shown, err := a.change(ctx, r.ID, a.Submitter.CancelPipeline)
	return openapi.CancelPipeline202JSONResponse(shown), err
}

// RetryPipeline answers POST /v1/pipelines/{id}/retry.
func (a *Area) RetryPipeline(ctx context.Context, r openapi.RetryPipelineRequestObject) (openapi.RetryPipelineResponseObject, error) {
	shown, err := a.change(ctx, r.ID, a.Submitter.RetryPipeline)
	return openapi.RetryPipeline202JSONResponse(shown), err
}

// change changes a pipeline as a whole, and returns it.
func (a *Area) change(ctx context.Context, id string, change func(ctx context.Context, account, id string) error) (openapi.Pipeline, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(id, "pipeline"); err != nil {
		return openapi.Pipeline{}, err
	}
	if err := change(ctx, account, id); err != nil {
		return openapi.Pipeline{}, err
	}
	return a.pipeline(ctx, account, id)
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
	wait, err := kernel.PreferredWait(ctx)
	if err != nil {
		return nil, err
	}
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "pipeline"); err != nil {
		return nil, err
	}
	shown, err := a.pipelineEnded(ctx, account, r.ID, wait)
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
