package people

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// ListMyKeys answers GET /v1/me/keys.
func (a *Area) ListMyKeys(ctx context.Context, r openapi.ListMyKeysRequestObject) (openapi.ListMyKeysResponseObject, error) {
	ctx, id := signedIn(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.People.PersonalKeys(ctx, id.UserID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(k *models.APIKey) string { return k.ID }, func(k *models.APIKey) openapi.MyKey {
		return openapi.MyKey{ID: k.ID, AccountID: k.AccountID, Name: k.Name, Prefix: k.Prefix, Role: k.Role,
			Scopes:    append([]auth.Scope{}, auth.Granted(k.Role, k.Scopes)...),
			CreatedAt: k.CreatedAt.UTC(), ExpiresAt: kernel.UTC(k.ExpiresAt), LastUsedAt: kernel.UTC(k.LastUsedAt)}
	})
	return openapi.ListMyKeys200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// RevokeMyKey answers DELETE /v1/me/keys/{id}.
func (a *Area) RevokeMyKey(ctx context.Context, r openapi.RevokeMyKeyRequestObject) (openapi.RevokeMyKeyResponseObject, error) {
	ctx, id := signedIn(ctx)
	if err := kernel.KnownID(r.ID, "key"); err != nil {
		return nil, err
	}
	if err := a.People.RevokePersonalKey(ctx, id.UserID, r.ID); err != nil {
		return nil, err
	}
	return openapi.RevokeMyKey204Response{}, nil
}
