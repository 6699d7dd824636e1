package people

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// ListMembers answers GET /v1/members.
func (a *Area) ListMembers(ctx context.Context, r openapi.ListMembersRequestObject) (openapi.ListMembersResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.People.Members(ctx, account, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(m *models.Membership) string { return m.UserID }, showMember)
	return openapi.ListMembers200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetMember answers GET /v1/members/{id}.
func (a *Area) GetMember(ctx context.Context, r openapi.GetMemberRequestObject) (openapi.GetMemberResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "member"); err != nil {
		return nil, err
	}
	m, err := a.People.Member(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetMember200JSONResponse(showMember(m)), nil
}

// ChangeMember answers PATCH /v1/members/{id}.
func (a *Area) ChangeMember(ctx context.Context, r openapi.ChangeMemberRequestObject) (openapi.ChangeMemberResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "member"); err != nil {
		return nil, err
	}
	m, err := a.People.ChangeMember(ctx, kernel.Identity(ctx), account, r.ID, r.Body.Role)
	if err != nil {
		return nil, err
	}
	return openapi.ChangeMember200JSONResponse(showMember(m)), nil
}

// RemoveMember answers DELETE /v1/members/{id}.
func (a *Area) RemoveMember(ctx context.Context, r openapi.RemoveMemberRequestObject) (openapi.RemoveMemberResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "member"); err != nil {
		return nil, err
	}
	if err := a.People.RemoveMember(ctx, kernel.Identity(ctx), account, r.ID); err != nil {
		return nil, err
	}
	return openapi.RemoveMember204Response{}, nil
}

func showMember(m *models.Membership) openapi.Member {
	return openapi.Member{UserID: m.UserID, Email: m.Email, EmailVerified: m.EmailVerified, Name: m.Name, Role: m.Role, ByRule: m.Source != "",
		CreatedAt: m.CreatedAt.UTC(), SignedInAt: kernel.UTC(m.SignedInAt)}
}
