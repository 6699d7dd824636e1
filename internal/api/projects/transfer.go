package projects

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// TransferProject answers POST /v1/projects/{id}/transfer.
func (a *Area) TransferProject(ctx context.Context, r openapi.TransferProjectRequestObject) (openapi.TransferProjectResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	id := kernel.Identity(ctx)
	if id.UserID == "" && !id.Acting {
		return nil, models.NewError(models.CodeForbidden,
			"a project is transferred by a person who is an owner of both accounts, and not with an account's key")
	}
	p, err := a.Projects.Transfer(ctx, models.Transfer{ProjectID: r.ID, AccountID: account, To: r.Body.AccountID, OwnerID: id.UserID})
	if err != nil {
		return nil, err
	}
	return openapi.TransferProject200JSONResponse(showProject(p)), nil
}
