package people

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/models"
)

// CreateInvitation answers POST /v1/invitations.
func (a *Area) CreateInvitation(ctx context.Context, r openapi.CreateInvitationRequestObject) (openapi.CreateInvitationResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	link, i, err := a.People.Invite(ctx, kernel.Identity(ctx), people.NewInvitation{AccountID: account, Role: r.Body.Role, Email: kernel.OrZero(r.Body.Email),
		Life: time.Duration(kernel.OrZero(r.Body.ExpiresIn)) * time.Second})
	if err != nil {
		return nil, err
	}
	shown := showInvitation(i)
	body := openapi.InvitationWithLink{ID: shown.ID, Role: shown.Role, Email: shown.Email, CreatedAt: shown.CreatedAt, ExpiresAt: shown.ExpiresAt, Link: link}
	return openapi.CreateInvitation201JSONResponse{Body: body, Headers: openapi.CreateInvitation201ResponseHeaders{Location: "/v1/invitations/" + i.ID}}, nil
}

// ListInvitations answers GET /v1/invitations.
func (a *Area) ListInvitations(ctx context.Context, r openapi.ListInvitationsRequestObject) (openapi.ListInvitationsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.People.Invitations(ctx, account, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(i *models.Invitation) string { return i.ID }, showInvitation)
	return openapi.ListInvitations200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetInvitation answers GET /v1/invitations/{id}.
func (a *Area) GetInvitation(ctx context.Context, r openapi.GetInvitationRequestObject) (openapi.GetInvitationResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "invitation"); err != nil {
		return nil, err
	}
	i, err := a.People.Invitation(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetInvitation200JSONResponse(showInvitation(i)), nil
}

// RevokeInvitation answers DELETE /v1/invitations/{id}.
func (a *Area) RevokeInvitation(ctx context.Context, r openapi.RevokeInvitationRequestObject) (openapi.RevokeInvitationResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "invitation"); err != nil {
		return nil, err
	}
	if err := a.People.RevokeInvitation(ctx, kernel.Identity(ctx), account, r.ID); err != nil {
		return nil, err
	}
	return openapi.RevokeInvitation204Response{}, nil
}

// AcceptInvitation answers POST /v1/me/invitations.
func (a *Area) AcceptInvitation(ctx context.Context, r openapi.AcceptInvitationRequestObject) (openapi.AcceptInvitationResponseObject, error) {
	ctx, id := signedIn(ctx)
	m, err := a.People.Accept(ctx, id.UserID, r.Body.Token)
	if err != nil {
		return nil, err
	}
	return openapi.AcceptInvitation200JSONResponse(showMine(m)), nil
}

func showInvitation(i *models.Invitation) openapi.Invitation {
	return openapi.Invitation{ID: i.ID, Role: i.Role, Email: kernel.OrNull(i.Email), CreatedAt: i.CreatedAt.UTC(), ExpiresAt: i.ExpiresAt.UTC()}
}

func showMine(m *models.Membership) openapi.MyAccount {
	return openapi.MyAccount{ID: m.AccountID, Name: m.AccountName, State: m.AccountState, Role: m.Role, Scopes: auth.MemberScopes(m.Role)}
}
