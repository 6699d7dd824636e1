package people

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// ListUsers answers GET /v1/admin/users.
func (a *Area) ListUsers(ctx context.Context, r openapi.ListUsersRequestObject) (openapi.ListUsersResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.People.Users(ctx, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(u *models.User) string { return u.ID }, showUser)
	return openapi.ListUsers200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetUser answers GET /v1/admin/users/{id}.
func (a *Area) GetUser(ctx context.Context, r openapi.GetUserRequestObject) (openapi.GetUserResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "user"); err != nil {
		return nil, err
	}
	u, err := a.People.User(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetUser200JSONResponse(showUser(u)), nil
}

// ChangeUser answers PATCH /v1/admin/users/{id}.
func (a *Area) ChangeUser(ctx context.Context, r openapi.ChangeUserRequestObject) (openapi.ChangeUserResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "user"); err != nil {
		return nil, err
	}
	u, err := a.People.SetDisabled(ctx, r.ID, r.Body.Disabled)
	if err != nil {
		return nil, err
	}
	return openapi.ChangeUser200JSONResponse(showUser(u)), nil
}

func showUser(u *models.User) openapi.User {
	return openapi.User{ID: u.ID, Issuer: u.Issuer, Email: u.Email, EmailVerified: u.EmailVerified, Name: u.Name, CreatedAt: u.CreatedAt.UTC(),
		SignedInAt: kernel.UTC(u.SignedInAt), DisabledAt: kernel.UTC(u.DisabledAt)}
}
