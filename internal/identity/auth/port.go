package auth

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Keys finds API keys.
type Keys interface {
	// APIKeyByHash returns the key with a hash, revoked or not, or a *models.Error with CodeNotFound.
	APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error)
	// Rehash stores a key's hash and pepper in the place of its old hash.
	Rehash(ctx context.Context, old []byte, k *models.APIKey) error
}
