package jobs

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// CancelAnyJob answers POST /v1/admin/jobs/{id}/cancel.
func (a *Area) CancelAnyJob(ctx context.Context, r openapi.CancelAnyJobRequestObject) (openapi.CancelAnyJobResponseObject, error) {
	ctx, account, err := a.accountOf(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	job, err := a.Submitter.Cancel(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.CancelAnyJob202JSONResponse{AcceptedJobJSONResponse: accepted(job)}, nil
}

// RetryAnyJob answers POST /v1/admin/jobs/{id}/retry.
func (a *Area) RetryAnyJob(ctx context.Context, r openapi.RetryAnyJobRequestObject) (openapi.RetryAnyJobResponseObject, error) {
	ctx, account, err := a.accountOf(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	job, err := a.Submitter.Retry(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.RetryAnyJob202JSONResponse{AcceptedJobJSONResponse: accepted(job)}, nil
}

// accountOf is the account of a job.
func (a *Area) accountOf(ctx context.Context, id string) (context.Context, string, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(id, "job"); err != nil {
		return ctx, "", err
	}
	job, err := a.Any.Job(ctx, id)
	if err != nil {
		return ctx, "", err
	}
	return ctx, job.AccountID, nil
}
