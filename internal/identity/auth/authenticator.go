package auth

import (
	"context"
	"crypto/subtle"
	"time"

	"github.com/spark-games/spark/internal/identity/recent"
	"github.com/spark-games/spark/models"
)

// cacheFor is how long a key is cached without asking the database again, and so how late a revocation is noticed. A second makes
// that one query per second for each key in use, however many requests it sends.
const cacheFor = time.Second

// cacheKeys limits the size of the cache.
const cacheKeys = 4096

// Authenticator turns a presented key into an identity. It is safe for concurrent use.
type Authenticator struct {
	keys    Keys
	peppers *Peppers
	cache   *recent.Cache[[32]byte, Identity]
	uses    *Uses
}

// NewAuthenticator makes an authenticator for keys that were hashed with one of the peppers. It notes in uses, which may be nil, which keys are
// used.
func NewAuthenticator(keys Keys, peppers *Peppers, uses *Uses) *Authenticator {
	return &Authenticator{keys: keys, peppers: peppers, cache: recent.New[[32]byte, Identity](cacheKeys, cacheFor), uses: uses}
}

// errRefused is the same error whatever was wrong with a key.
var errRefused = models.NewError(models.CodeUnauthorized, "a valid API key is required")

// Authenticate returns the identity that the key belongs to. A key that is mistyped, unknown, expired or revoked is CodeUnauthorized, and
// one of an account that is suspended CodeAccountSuspended, with whose it is; any other error means that the key could not be checked.
func (a *Authenticator) Authenticate(ctx context.Context, plain string) (Identity, error) {
	if !Valid(plain) {
		return Identity{}, errRefused
	}
	err := error(errRefused)
	for i, pepper := range a.peppers.All() {
		var id Identity
		if id, err = a.under(ctx, pepper, i > 0, plain); models.CodeOf(err) != models.CodeUnauthorized {
			return id, err
		}
	}
	return Identity{}, err
}

// under is the identity of a key that was hashed with a pepper. If that is not the current one, the key is hashed again.
func (a *Authenticator) under(ctx context.Context, pepper []byte, outdated bool, plain string) (Identity, error) {
	hash := Hash(pepper, plain)
	if id, ok := a.cache.Get([32]byte(hash)); ok {
		return id, nil
	}
	key, err := a.keys.APIKeyByHash(ctx, hash)
	if err == nil && subtle.ConstantTimeCompare(key.Hash, hash) != 1 {
		err = errRefused
	}
	id, err := identify(key, err)
	if err != nil {
		return id, err
	}
	if outdated {
		a.peppers.Seal(key, plain)
		if err := a.keys.Rehash(ctx, hash, key); err != nil {
			return Identity{}, err
		}
	}
	a.cache.Put([32]byte(hash), id)
	a.uses.note(key.ID)
	return id, nil
}

// identify is who a key belongs to, as it was found. Of a suspended account it says no more than which key that is.
func identify(key *models.APIKey, err error) (Identity, error) {
	switch {
	case err != nil && models.CodeOf(err) == models.CodeNotFound:
		return Identity{}, errRefused
	case err != nil:
		return Identity{}, err
	case key.RevokedAt != nil:
		return Identity{}, errRefused
	case key.Account == models.AccountSuspended:
		return Identity{AccountID: key.AccountID, KeyID: key.ID}, models.ErrSuspended
	}
	id := Identity{AccountID: key.AccountID, KeyID: key.ID, Role: key.Role, Scopes: key.Scopes, Within: models.Place{ProjectID: key.ProjectID}}
	if key.UserID != nil {
		id.UserID = *key.UserID
		var ok bool
		if id, ok = id.asMember(key.Member); !ok {
			return Identity{}, errRefused
		}
	}
	if key.ExpiresAt != nil {
		id.Until = *key.ExpiresAt
	}
	return id, nil
}
