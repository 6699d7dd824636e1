// Package people is the API's area of users, their sessions, and the members of accounts: HTTP over internal/identity/people.
package people

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about people. All are required.
type Area struct {
	People *people.Service
}

// signedIn is the person of a request whose operation needs one.
func signedIn(ctx context.Context) (context.Context, auth.Identity) {
	ctx, _ = kernel.Caller(ctx)
	return ctx, kernel.Identity(ctx)
}

// GetMe answers GET /v1/me.
func (a *Area) GetMe(ctx context.Context, _ openapi.GetMeRequestObject) (openapi.GetMeResponseObject, error) {
	ctx, id := signedIn(ctx)
	me, err := a.People.Me(ctx, id.UserID)
	if err != nil {
		return nil, err
	}
	shown := openapi.Me{User: showUser(me.User), SessionID: id.SessionID, Accounts: make([]openapi.MyAccount, len(me.Memberships))}
	for i, m := range me.Memberships {
		shown.Accounts[i] = showMine(&m)
	}
	return openapi.GetMe200JSONResponse(shown), nil
}

// LeaveAccount answers DELETE /v1/me/accounts/{id}.
func (a *Area) LeaveAccount(ctx context.Context, r openapi.LeaveAccountRequestObject) (openapi.LeaveAccountResponseObject, error) {
	ctx, id := signedIn(ctx)
	if err := kernel.KnownID(r.ID, "account"); err != nil {
		return nil, err
	}
	if err := a.People.Leave(ctx, id.UserID, r.ID); err != nil {
		return nil, err
	}
	return openapi.LeaveAccount204Response{}, nil
}

// ListSessions answers GET /v1/sessions.
func (a *Area) ListSessions(ctx context.Context, r openapi.ListSessionsRequestObject) (openapi.ListSessionsResponseObject, error) {
	ctx, id := signedIn(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.People.Sessions(ctx, id.UserID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(s *models.Session) string { return s.ID }, func(s *models.Session) openapi.Session {
		return openapi.Session{ID: s.ID, Browser: s.Browser, Current: s.ID == id.SessionID, CreatedAt: s.CreatedAt.UTC(), SeenAt: s.SeenAt.UTC(),
			ExpiresAt: s.ExpiresAt.UTC()}
	})
	return openapi.ListSessions200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// EndSession answers DELETE /v1/sessions/{id}.
func (a *Area) EndSession(ctx context.Context, r openapi.EndSessionRequestObject) (openapi.EndSessionResponseObject, error) {
	ctx, id := signedIn(ctx)
	if err := kernel.KnownID(r.ID, "session"); err != nil {
		return nil, err
	}
	if err := a.People.EndSession(ctx, id.UserID, r.ID); err != nil {
		return nil, err
	}
	return openapi.EndSession204Response{}, nil
}

// EndSessions answers DELETE /v1/sessions.
func (a *Area) EndSessions(ctx context.Context, _ openapi.EndSessionsRequestObject) (openapi.EndSessionsResponseObject, error) {
	ctx, id := signedIn(ctx)
	if err := a.People.EndSessions(ctx, id.UserID); err != nil {
		return nil, err
	}
	return openapi.EndSessions204Response{}, nil
}
