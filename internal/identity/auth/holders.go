package auth

import (
	"context"

	"github.com/spark-games/spark/internal/identity/recent"
	"github.com/spark-games/spark/models"
)

// KeysByID finds API keys.
type KeysByID interface {
	// APIKey returns a key that works, or a *models.Error with CodeNotFound.
	APIKey(ctx context.Context, id string) (*models.APIKey, error)
}

// Holders knows whose a key is by its id, for what outlives the request that presented the key, such as a session or a stream. It is safe
// for concurrent use.
type Holders struct {
	keys  KeysByID
	cache *recent.Cache[string, Identity]
}

// NewHolders makes the holders of keys. Like an Authenticator, it notices a revocation within cacheFor.
func NewHolders(keys KeysByID) *Holders {
	return &Holders{keys: keys, cache: recent.New[string, Identity](cacheKeys, cacheFor/2)}
}

// Holder returns who a key belongs to now. A key that is unknown, expired or revoked is CodeUnauthorized; another error means that nobody
// could be asked.
func (h *Holders) Holder(ctx context.Context, keyID string) (Identity, error) {
	return h.cache.Load(keyID, func() (Identity, error) {
		key, err := h.keys.APIKey(ctx, keyID)
		return identify(key, err)
	})
}
