package jobs

import (
	"context"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
)

// SubmitPipeline answers POST /v1/pipelines.
func (a *Area) SubmitPipeline(ctx context.Context, r openapi.SubmitPipelineRequestObject) (openapi.SubmitPipelineResponseObject, error) {
	request := ctx
	ctx, account := kernel.Caller(ctx)
	req := jobs.PipelineRequest{AccountID: account, ProjectID: r.Body.ProjectID}
	for _, step := range r.Body.Steps {
		req.Steps = append(req.Steps, jobs.Step{
			Name: step.Name, Kind: step.Kind, Priority: step.Priority, Input: step.Input,
			After: step.After, OnDependencyFailure: step.OnDependencyFailure,
		})
	}
	p, submitted, err := a.Submitter.SubmitPipeline(ctx, req)
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

// GetPipeline answers GET /v1/pipelines/{id}.
func (a *Area) GetPipeline(ctx context.Context, r openapi.GetPipelineRequestObject) (openapi.GetPipelineResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "pipeline"); err != nil {
		return nil, err
	}
	p, rows, err := a.Jobs.Pipeline(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	shown := make([]openapi.Job, len(rows))
	for i := range rows {
		shown[i] = showJob(&rows[i])
	}
	return openapi.GetPipeline200JSONResponse(showPipeline(p, shown)), nil
}
