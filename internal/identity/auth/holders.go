package auth

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/identity/recent"
	"github.com/spark-games/spark/models"
)

// KeysByID finds API keys.
type KeysByID interface {
	// APIKey returns a key that works, or a *models.Error with CodeNotFound.
	APIKey(ctx context.Context, id string) (*models.APIKey, error)
}

// SessionsByID finds sessions.
type SessionsByID interface {
	// SessionByID finds a session that was used within the idle time, with its user's memberships, or is CodeNotFound.
	SessionByID(ctx context.Context, id string, idle time.Duration) (*models.Session, error)
}

// Holders knows who a key or a session belongs to by its id, for what outlives the request that presented it, such as a stream. It is safe for
// concurrent use.
type Holders struct {
	keys     KeysByID
	cache    *recent.Cache[string, Identity]
	sessions SessionsByID
	idle     time.Duration
	signedIn *recent.Cache[string, *models.Session]
}

// NewHolders makes the holders of keys, and of sessions that end when they were not used for the idle time. Like an Authenticator, it notices a
// revocation within cacheFor.
func NewHolders(keys KeysByID, sessions SessionsByID, idle time.Duration) *Holders {
	return &Holders{keys: keys, cache: recent.New[string, Identity](cacheKeys, cacheFor/2), sessions: sessions, idle: idle,
		signedIn: recent.New[string, *models.Session](cacheKeys, cacheFor/2)}
}

// Holder returns who a key belongs to now. A key that is unknown, expired or revoked is CodeUnauthorized; another error means that nobody
// could be asked.
func (h *Holders) Holder(ctx context.Context, keyID string) (Identity, error) {
	return h.cache.Load(keyID, func() (Identity, error) {
		key, err := h.keys.APIKey(ctx, keyID)
		return identify(key, err)
	})
}

// Holds is nil while the key or the session of an identity works, and its user is a member of the account that it acts for. Otherwise it is
// CodeUnauthorized or CodeForbidden; another error means that nobody could be asked.
func (h *Holders) Holds(ctx context.Context, id Identity) error {
	if id.SessionID == "" {
		_, err := h.Holder(ctx, id.KeyID)
		return err
	}
	found, err := h.signedIn.Load(id.SessionID, func() (*models.Session, error) { return h.sessions.SessionByID(ctx, id.SessionID, h.idle) })
	if models.CodeOf(err) == models.CodeNotFound {
		return errSignedOut
	}
	if err == nil {
		_, err = InSession(found, id.AccountID)
	}
	return err
}
