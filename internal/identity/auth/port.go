package auth

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Keys finds API keys.
type Keys interface {
	// APIKeyByHash returns the key with a hash, revoked or not, or a *models.Error with CodeNotFound.
	APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error)
}
