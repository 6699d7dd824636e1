package httpapi

import (
	"context"

	"github.com/spark-games/spark/jobs"
)

// SubmitPipeline answers POST /v1/pipelines.
func (s *server) SubmitPipeline(ctx context.Context, r SubmitPipelineRequestObject) (SubmitPipelineResponseObject, error) {
	ctx, account := caller(ctx)
	req := jobs.PipelineRequest{AccountID: account, ProjectID: r.Body.ProjectID}
	for _, step := range r.Body.Steps {
		req.Steps = append(req.Steps, jobs.Step{
			Name: step.Name, Kind: step.Kind, Priority: step.Priority, Input: step.Input,
			After: step.After, OnDependencyFailure: step.OnDependencyFailure,
		})
	}
	p, submitted, err := s.Submitter.SubmitPipeline(ctx, req)
	if err != nil {
		return nil, err
	}
	shown := make([]Job, len(submitted))
	for i, j := range submitted {
		shown[i] = showJob(j)
	}
	return SubmitPipeline202JSONResponse{
		Body:    showPipeline(p, shown),
		Headers: SubmitPipeline202ResponseHeaders{Location: "/v1/pipelines/" + p.ID},
	}, nil
}

// GetPipeline answers GET /v1/pipelines/{id}.
func (s *server) GetPipeline(ctx context.Context, r GetPipelineRequestObject) (GetPipelineResponseObject, error) {
	ctx, account := caller(ctx)
	if err := knownID(r.ID, "pipeline"); err != nil {
		return nil, err
	}
	p, rows, err := s.Jobs.Pipeline(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	shown := make([]Job, len(rows))
	for i := range rows {
		shown[i] = showJob(&rows[i])
	}
	return GetPipeline200JSONResponse(showPipeline(p, shown)), nil
}

var _ Submitter = (*jobs.Service)(nil)
