package accounts

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/models"
)

// CreateToken answers POST /v1/tokens.
func (a *Area) CreateToken(ctx context.Context, r openapi.CreateTokenRequestObject) (openapi.CreateTokenResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	within := models.Place{ProjectID: kernel.OrZero(r.Body.ProjectID), PipelineID: kernel.OrZero(r.Body.PipelineID), JobID: kernel.OrZero(r.Body.JobID)}
	token, err := accounts.Token{Access: r.Body.Access, Within: within, EndUser: kernel.OrZero(r.Body.EndUser),
		Life: time.Duration(kernel.OrZero(r.Body.ExpiresIn)) * time.Second}.Grant(kernel.Identity(ctx))
	if err != nil {
		return nil, err
	}
	kind, id := within.Resource()
	if err := kernel.KnownID(id, string(kind)); err != nil {
		return nil, err
	}
	if _, err := a.Places.Place(ctx, account, kind, id); err != nil {
		return nil, err
	}
	models.ActsForEndUser(ctx, token.EndUser)
	if err := a.Audit.Record(ctx, account, string(kind), id); err != nil {
		return nil, err
	}
	return openapi.CreateToken201JSONResponse{Token: a.Tokens.Make(token), Access: string(token.Access), ExpiresAt: time.Unix(token.Until, 0).UTC()}, nil
}
