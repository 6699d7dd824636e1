package auth

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Identity is the caller of a request.
type Identity struct {
	AccountID string // "" of a person who acts for none
	KeyID     string // "" of a person who is signed in
	// UserID is the person who calls: in a session, or with a key of theirs.
	UserID    string
	SessionID string
	Role      models.Role
	Scopes    string // those of its role's that it has, with spaces between; "" are all
	// Within is the project, pipeline or job to which the caller is restricted; zero is none.
	Within models.Place
	// EndUser is the one that a browser token speaks for; "" is none.
	EndUser string
	// Token reports whether the caller came with a browser token of the key.
	Token bool
	// Acting reports whether the caller acts for an account that is not its key's.
	Acting bool
	// Until is when its credential stops working; zero is never.
	Until time.Time
}

// Actor is the caller as the audit names it.
func (i Identity) Actor() models.Actor {
	a := models.Actor{Kind: models.ActorKey, AccountID: i.AccountID, KeyID: i.KeyID, UserID: i.UserID, EndUser: i.EndUser}
	switch {
	case i.Acting:
		a.Kind = models.ActorMaster
	case i.Token:
		a.Kind = models.ActorToken
	case i.SessionID != "":
		a.Kind = models.ActorSession
	}
	return a
}

type identityKey struct{}

// With returns a context that carries the identity.
func With(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

// From returns the identity that the context carries.
func From(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(identityKey{}).(Identity)
	return id, ok
}

// PresentsKey reports whether a request has a key, or tries to: then nothing else counts.
func PresentsKey(r *http.Request) bool {
	return r.Header.Get("Authorization") != "" || r.Header.Get("X-API-Key") != ""
}

// FromRequest returns the key that a request presents, as "Authorization: Bearer" or X-API-Key; "" if it has none.
func FromRequest(r *http.Request) string {
	if scheme, key, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(key)
	}
	return strings.TrimSpace(r.Header.Get("X-API-Key"))
}
