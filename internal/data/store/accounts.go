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

// APIKeys are all keys that are not revoked, of every account, oldest first.
func (s *Accounts) APIKeys(ctx context.Context) ([]models.APIKey, error) {
	var keys []models.APIKey
	err := s.read(ctx).Where("revoked_at IS NULL").Order("created_at, id").Find(&keys).Error
	return keys, s.wrap(err)
}

// RevokeAPIKey revokes a key for good. One that is unknown or revoked already is CodeNotFound.
func (s *Accounts) RevokeAPIKey(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec("UPDATE api_keys SET revoked_at = "+s.dialect.now()+" WHERE id = ? AND revoked_at IS NULL", id)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such key")
		}
		return res.Error
	})
}

// APIKey finds a key that is not revoked.
func (s *Accounts) APIKey(ctx context.Context, id string) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Where("id = ? AND revoked_at IS NULL", id), "key")
}

// APIKeyByHash finds a key that is not revoked.
func (s *Accounts) APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Where("hash = ? AND revoked_at IS NULL", hash), "key")
}
