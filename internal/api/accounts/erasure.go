package accounts

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// EraseEndUser answers POST /v1/end-users/erase.
func (a *Area) EraseEndUser(ctx context.Context, r openapi.EraseEndUserRequestObject) (openapi.EraseEndUserResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	done, err := a.Accounts.EraseEndUser(ctx, account, r.Body.EndUser)
	if err != nil {
		return nil, err
	}
	return openapi.EraseEndUser200JSONResponse{Complete: done.Open == 0, OpenJobs: done.Open, Jobs: done.Jobs, Pipelines: done.Pipelines, Revisions: done.Revisions,
		Schedules: done.Schedules, AuditEntries: done.AuditEntries, Answers: done.Answers}, nil
}
