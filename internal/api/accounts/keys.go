package accounts

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/models"
)

// defaultOverlap is how long a key that was replaced goes on working.
const defaultOverlap = 24 * time.Hour

// ListKeys answers GET /v1/keys.
func (a *Area) ListKeys(ctx context.Context, r openapi.ListKeysRequestObject) (openapi.ListKeysResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	list, err := a.keys(ctx, account, r.Params.Limit, r.Params.Cursor)
	return openapi.ListKeys200JSONResponse(list), err
}

// ListAccountKeys answers GET /v1/admin/accounts/{id}/keys.
func (a *Area) ListAccountKeys(ctx context.Context, r openapi.ListAccountKeysRequestObject) (openapi.ListAccountKeysResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := a.known(ctx, r.ID); err != nil {
		return nil, err
	}
	list, err := a.keys(ctx, r.ID, r.Params.Limit, r.Params.Cursor)
	return openapi.ListAccountKeys200JSONResponse(list), err
}

func (a *Area) keys(ctx context.Context, account string, limit *int, cursor *string) (openapi.KeyList, error) {
	p, err := kernel.Page(limit, cursor)
	if err != nil {
		return openapi.KeyList{}, err
	}
	rows, err := a.Accounts.ListKeys(ctx, account, p)
	if err != nil {
		return openapi.KeyList{}, err
	}
	data, more, next := kernel.Paginate(rows, p, func(k *models.APIKey) string { return k.ID }, showKey)
	return openapi.KeyList{Data: data, HasMore: more, NextCursor: next}, nil
}

// known is an error unless there is an account with the id.
func (a *Area) known(ctx context.Context, id string) error {
	if err := kernel.KnownID(id, "account"); err != nil {
		return err
	}
	if id == models.SystemAccountID {
		return models.NewError(models.CodeForbidden, "the platform's own account has no keys of this kind")
	}
	_, err := a.Accounts.Account(ctx, id)
	return err
}

// CreateKey answers POST /v1/keys.
func (a *Area) CreateKey(ctx context.Context, r openapi.CreateKeyRequestObject) (openapi.CreateKeyResponseObject, error) {
	own, account := kernel.Caller(ctx)
	made, err := a.create(own, account, r.Body)
	if err != nil {
		return nil, err
	}
	return openapi.CreateKey201JSONResponse{Body: made, Headers: openapi.CreateKey201ResponseHeaders{Location: "/v1/keys/" + made.ID}}, nil
}

// CreateAccountKey answers POST /v1/admin/accounts/{id}/keys.
func (a *Area) CreateAccountKey(ctx context.Context, r openapi.CreateAccountKeyRequestObject) (openapi.CreateAccountKeyResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := a.known(ctx, r.ID); err != nil {
		return nil, err
	}
	made, err := a.create(ctx, r.ID, r.Body)
	if err != nil {
		return nil, err
	}
	return openapi.CreateAccountKey201JSONResponse{Body: made,
		Headers: openapi.CreateAccountKey201ResponseHeaders{Location: "/v1/admin/accounts/" + r.ID + "/keys/" + made.ID}}, nil
}

func (a *Area) create(ctx context.Context, account string, body *openapi.NewKey) (openapi.KeyWithText, error) {
	n := accounts.NewKey{AccountID: account, Name: body.Name, Role: kernel.OrZero(body.Role), Scopes: kernel.OrZero(body.Scopes),
		ProjectID: kernel.OrZero(body.ProjectID), ExpiresAt: body.ExpiresAt}
	plain, key, err := a.Accounts.CreateKey(ctx, kernel.Identity(ctx), n)
	if err != nil {
		return openapi.KeyWithText{}, err
	}
	return showText(key, plain), nil
}

// GetKey answers GET /v1/keys/{id}.
func (a *Area) GetKey(ctx context.Context, r openapi.GetKeyRequestObject) (openapi.GetKeyResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "key"); err != nil {
		return nil, err
	}
	key, err := a.Accounts.Key(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetKey200JSONResponse(showKey(key)), nil
}

// GetAccountKey answers GET /v1/admin/accounts/{id}/keys/{key}.
func (a *Area) GetAccountKey(ctx context.Context, r openapi.GetAccountKeyRequestObject) (openapi.GetAccountKeyResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := a.known(ctx, r.ID); err != nil {
		return nil, err
	}
	if err := kernel.KnownID(r.Key, "key"); err != nil {
		return nil, err
	}
	key, err := a.Accounts.Key(ctx, r.ID, r.Key)
	if err != nil {
		return nil, err
	}
	return openapi.GetAccountKey200JSONResponse(showKey(key)), nil
}

// RevokeKey answers DELETE /v1/keys/{id}.
func (a *Area) RevokeKey(ctx context.Context, r openapi.RevokeKeyRequestObject) (openapi.RevokeKeyResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := a.revoke(ctx, account, r.ID); err != nil {
		return nil, err
	}
	return openapi.RevokeKey204Response{}, nil
}

// RevokeAccountKey answers DELETE /v1/admin/accounts/{id}/keys/{key}.
func (a *Area) RevokeAccountKey(ctx context.Context, r openapi.RevokeAccountKeyRequestObject) (openapi.RevokeAccountKeyResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := a.known(ctx, r.ID); err != nil {
		return nil, err
	}
	if err := a.revoke(ctx, r.ID, r.Key); err != nil {
		return nil, err
	}
	return openapi.RevokeAccountKey204Response{}, nil
}

func (a *Area) revoke(ctx context.Context, account, id string) error {
	if err := kernel.KnownID(id, "key"); err != nil {
		return err
	}
	return a.Accounts.RevokeKey(ctx, kernel.Identity(ctx), account, id)
}

// RotateKey answers POST /v1/keys/{id}/rotate.
func (a *Area) RotateKey(ctx context.Context, r openapi.RotateKeyRequestObject) (openapi.RotateKeyResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "key"); err != nil {
		return nil, err
	}
	overlap := defaultOverlap
	if r.Body != nil && r.Body.OverlapSeconds != nil {
		overlap = time.Duration(*r.Body.OverlapSeconds) * time.Second
	}
	plain, key, err := a.Accounts.RotateKey(ctx, kernel.Identity(ctx), account, r.ID, overlap)
	if err != nil {
		return nil, err
	}
	return openapi.RotateKey201JSONResponse{Body: showText(key, plain), Headers: openapi.RotateKey201ResponseHeaders{Location: "/v1/keys/" + key.ID}}, nil
}
