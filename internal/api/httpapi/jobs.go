package httpapi

import (
	"context"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// SubmitJob answers POST /v1/jobs.
func (s *server) SubmitJob(ctx context.Context, r SubmitJobRequestObject) (SubmitJobResponseObject, error) {
	ctx, account := caller(ctx)
	job, err := s.Submitter.Submit(ctx, jobs.JobRequest{
		AccountID: account,
		ProjectID: r.Body.ProjectID,
		Kind:      r.Body.Kind,
		Priority:  r.Body.Priority,
		Input:     r.Body.Input,
	})
	if err != nil {
		return nil, err
	}
	return SubmitJob202JSONResponse{accepted(job)}, nil
}

// ListJobs answers GET /v1/jobs.
func (s *server) ListJobs(ctx context.Context, r ListJobsRequestObject) (ListJobsResponseObject, error) {
	ctx, account := caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	var f models.JobFilter
	if r.Params.State != nil {
		if f.State = *r.Params.State; !f.State.Valid() {
			return nil, parameterError("state", "the state is blocked, queued, running, succeeded, failed or cancelled")
		}
	}
	if f.Kind, err = filterKind(r.Params.Kind); err != nil {
		return nil, err
	}
	if f.ProjectID, err = filterID("project_id", r.Params.ProjectID); err != nil {
		return nil, err
	}
	if f.PipelineID, err = filterID("pipeline_id", r.Params.PipelineID); err != nil {
		return nil, err
	}
	rows, err := s.Jobs.ListJobs(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := paginate(rows, p, func(j *models.Job) string { return j.ID }, showJob)
	return ListJobs200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func filterKind(kind *models.Kind) (models.Kind, error) {
	if kind == nil {
		return "", nil
	}
	if !kind.Valid() {
		e := parameterError("kind", "the kind is generation, build, export or analytics")
		e.Code = models.CodeUnknownKind
		return "", e
	}
	return *kind, nil
}

// GetJob answers GET /v1/jobs/{id}.
func (s *server) GetJob(ctx context.Context, r GetJobRequestObject) (GetJobResponseObject, error) {
	ctx, account := caller(ctx)
	job, err := s.job(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return GetJob200JSONResponse(showJob(job)), nil
}

// CancelJob answers POST /v1/jobs/{id}/cancel.
func (s *server) CancelJob(ctx context.Context, r CancelJobRequestObject) (CancelJobResponseObject, error) {
	ctx, account := caller(ctx)
	if err := knownID(r.ID, "job"); err != nil {
		return nil, err
	}
	job, err := s.Submitter.Cancel(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return CancelJob202JSONResponse{accepted(job)}, nil
}

// RetryJob answers POST /v1/jobs/{id}/retry.
func (s *server) RetryJob(ctx context.Context, r RetryJobRequestObject) (RetryJobResponseObject, error) {
	ctx, account := caller(ctx)
	if err := knownID(r.ID, "job"); err != nil {
		return nil, err
	}
	job, err := s.Submitter.Retry(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return RetryJob202JSONResponse{accepted(job)}, nil
}

func (s *server) job(ctx context.Context, account, id string) (*models.Job, error) {
	if err := knownID(id, "job"); err != nil {
		return nil, err
	}
	return s.Jobs.Job(ctx, account, id)
}

func accepted(job *models.Job) AcceptedJobJSONResponse {
	return AcceptedJobJSONResponse{Body: showJob(job), Headers: AcceptedJobResponseHeaders{Location: "/v1/jobs/" + job.ID}}
}
