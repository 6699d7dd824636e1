package auth

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/spark-games/spark/models"
)

// KeysByID finds API keys.
type KeysByID interface {
	// APIKey returns a key that is not revoked, or a *models.Error with CodeNotFound.
	APIKey(ctx context.Context, id string) (*models.APIKey, error)
}

// Holders knows whose a key is by its id, for what outlives the request that presented the key, such as a session. It is safe for
// concurrent use.
type Holders struct {
	keys  KeysByID
	cache *cache
}

// NewHolders makes the holders of keys. Like an Authenticator, it notices a revocation within cacheFor.
func NewHolders(keys KeysByID) *Holders {
	return &Holders{keys: keys, cache: newCache(cacheKeys, cacheFor, time.Now)}
}

// Holder returns who a key belongs to now. A key that is unknown or revoked is CodeUnauthorized; another error means that nobody
// could be asked.
func (h *Holders) Holder(ctx context.Context, keyID string) (Identity, error) {
	at := sha256.Sum256([]byte(keyID))
	if id, ok := h.cache.get(at); ok {
		return id, nil
	}
	key, err := h.keys.APIKey(ctx, keyID)
	switch {
	case err != nil && models.CodeOf(err) == models.CodeNotFound:
		return Identity{}, errRefused
	case err != nil:
		return Identity{}, err
	}
	id := Identity{AccountID: key.AccountID, KeyID: key.ID, Role: key.Role}
	h.cache.put(at, id)
	return id, nil
}
