package auth

import (
	"context"
	"crypto/subtle"
	"time"

	"github.com/spark-games/spark/models"
)

// cacheFor is how long a key is cached without asking the database again, and so how late a revocation is noticed. A second makes
// that one query per second for each key in use, however many requests it sends.
const cacheFor = time.Second

// cacheKeys limits the size of the cache.
const cacheKeys = 4096

// Authenticator turns a presented key into an identity. It is safe for concurrent use.
type Authenticator struct {
	keys   Keys
	pepper []byte
	cache  *cache
}

// NewAuthenticator makes an authenticator for keys that were hashed with the pepper.
func NewAuthenticator(keys Keys, pepper []byte) *Authenticator {
	return &Authenticator{keys: keys, pepper: pepper, cache: newCache(cacheKeys, cacheFor, time.Now)}
}

// errRefused is the same error whatever was wrong with a key.
var errRefused = models.NewError(models.CodeUnauthorized, "a valid API key is required")

// Authenticate returns the identity that the key belongs to. A key that is mistyped, unknown or revoked is CodeUnauthorized;
// any other error means that the key could not be checked.
func (a *Authenticator) Authenticate(ctx context.Context, plain string) (Identity, error) {
	if !Valid(plain) {
		return Identity{}, errRefused
	}
	hash := Hash(a.pepper, plain)
	if id, ok := a.cache.get([32]byte(hash)); ok {
		return id, nil
	}
	key, err := a.keys.APIKeyByHash(ctx, hash)
	switch {
	case err != nil && models.CodeOf(err) == models.CodeNotFound:
		return Identity{}, errRefused
	case err != nil:
		return Identity{}, err
	case key.RevokedAt != nil, subtle.ConstantTimeCompare(key.Hash, hash) != 1:
		return Identity{}, errRefused
	}
	id := Identity{AccountID: key.AccountID, KeyID: key.ID, Role: key.Role}
	a.cache.put([32]byte(hash), id)
	return id, nil
}
