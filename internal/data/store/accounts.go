package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Accounts is the tenants and their API keys.
type Accounts struct{ *db }

// CreateAccount stores a new account.
func (s *Accounts) CreateAccount(ctx context.Context, a *models.Account) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec("INSERT INTO accounts (id, name, weight) VALUES (?, ?, ?)", a.ID, cleanText(a.Name), max(a.Weight, 1)).Error
	})
}

// CreateAPIKey stores a new key of an account.
func (s *Accounts) CreateAPIKey(ctx context.Context, k *models.APIKey) error {
	return s.write(ctx, func(tx *tx) error { return tx.createKey(k) })
}

func (tx *tx) createKey(k *models.APIKey) error {
	if err := needAccount(k.AccountID); err != nil {
		return err
	}
	return tx.Exec("INSERT INTO api_keys (id, account_id, name, role, hash, prefix) VALUES (?, ?, ?, ?, ?, ?)",
		k.ID, k.AccountID, cleanText(k.Name), k.Role, k.Hash, k.Prefix).Error
}

// APIKey finds a key that is not revoked.
func (s *Accounts) APIKey(ctx context.Context, id string) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Where("id = ? AND revoked_at IS NULL", id), "key")
}

// APIKeyByHash finds a key that is not revoked.
func (s *Accounts) APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Where("hash = ? AND revoked_at IS NULL", hash), "key")
}
