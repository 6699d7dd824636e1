package people

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// EraseMe answers DELETE /v1/me.
func (a *Area) EraseMe(ctx context.Context, r openapi.EraseMeRequestObject) (openapi.EraseMeResponseObject, error) {
	ctx, id := signedIn(ctx)
	if r.Params.Confirm != id.UserID {
		return nil, kernel.ParameterError("confirm", "say who is to be erased, by your own id")
	}
	if err := a.People.Erase(ctx, id.UserID); err != nil {
		return nil, err
	}
	return openapi.EraseMe204Response{}, nil
}

// EraseUser answers DELETE /v1/admin/users/{id}.
func (a *Area) EraseUser(ctx context.Context, r openapi.EraseUserRequestObject) (openapi.EraseUserResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "user"); err != nil {
		return nil, err
	}
	if err := a.People.Erase(ctx, r.ID); err != nil {
		return nil, err
	}
	return openapi.EraseUser204Response{}, nil
}
