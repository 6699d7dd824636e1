package accounts

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// EraseEndUser answers POST /v1/end-users/erase.
func (a *Area) EraseEndUser(ctx context.Context, r openapi.EraseEndUserRequestObject) (openapi.EraseEndUserResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	done, err := a.Accounts.EraseEndUser(ctx, account, r.Body.EndUser)
	if err != nil {
		return nil, err
	}
	return openapi.EraseEndUser200JSONResponse{Complete: done.Open == 0, OpenJobs: done.Open, Jobs: done.Jobs, Pipelines: done.Pipelines,
		Revisions: done.Revisions,
		Schedules: done.Schedules, AuditEntries: done.AuditEntries, Answers: done.Answers}, nil
}

// DeleteAccount answers DELETE /v1/account.
func (a *Area) DeleteAccount(ctx context.Context, r openapi.DeleteAccountRequestObject) (openapi.DeleteAccountResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if r.Params.Confirm != account {
		return nil, kernel.ParameterError("confirm", "say which account is to be deleted, by its id")
	}
	deleted, err := a.Accounts.Delete(ctx, account)
	if err != nil {
		return nil, err
	}
	return openapi.DeleteAccount200JSONResponse(showAccount(deleted)), nil
}

// DeleteAnyAccount answers DELETE /v1/admin/accounts/{id}.
func (a *Area) DeleteAnyAccount(ctx context.Context, r openapi.DeleteAnyAccountRequestObject) (openapi.DeleteAnyAccountResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	deleted, err := ofKnown(ctx, r.ID, a.Accounts.Delete)
	if err != nil {
		return nil, err
	}
	return openapi.DeleteAnyAccount200JSONResponse(showAccount(deleted)), nil
}

// RestoreAccount answers POST /v1/admin/accounts/{id}/restore.
func (a *Area) RestoreAccount(ctx context.Context, r openapi.RestoreAccountRequestObject) (openapi.RestoreAccountResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	restored, err := ofKnown(ctx, r.ID, a.Accounts.Restore)
	if err != nil {
		return nil, err
	}
	return openapi.RestoreAccount200JSONResponse(showAccount(restored)), nil
}

func ofKnown(ctx context.Context, id string, f func(context.Context, string) (*models.Account, error)) (*models.Account, error) {
	if err := kernel.KnownID(id, "account"); err != nil {
		return nil, err
	}
	return f(ctx, id)
}
