package store

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// CreateAPIKey stores a new key of an account.
func (s *Accounts) CreateAPIKey(ctx context.Context, k *models.APIKey) error {
	return s.write(ctx, func(tx *tx) error {
		var deleted int
		if err := tx.Raw("SELECT count(*) FROM accounts WHERE id = ? AND deleted_at IS NOT NULL", k.AccountID).Scan(&deleted).Error; err != nil {
			return err
		}
		if deleted > 0 {
			return errRestoreFirst
		}
		if err := tx.createKey(k); err != nil {
			return err
		}
		return tx.record("key.create", resource{k.AccountID, "key", k.ID}, keyDetails(k))
	})
}

func keyDetails(k *models.APIKey) details {
	return details{"role": string(k.Role), "scopes": k.Scopes, "project_id": k.ProjectID}
}

func (tx *tx) createKey(k *models.APIKey) error {
	if err := needAccount(k.AccountID); err != nil {
		return err
	}
	if k.ProjectID != "" {
		var there int
		err := tx.Raw("SELECT count(*) FROM projects WHERE id = ? AND account_id = ? AND deleted_at IS NULL", k.ProjectID, k.AccountID).Scan(&there).Error
		if err != nil {
			return err
		}
		if there == 0 {
			return models.FieldError("/project_id", "the account has no such project")
		}
	}
	return tx.Raw(`INSERT INTO api_keys (id, account_id, user_id, name, role, scopes, project_id, hash, pepper, prefix, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING created_at`,
		k.ID, k.AccountID, k.UserID, cleanText(k.Name), k.Role, k.Scopes, k.ProjectID, k.Hash, orNull(k.Pepper), k.Prefix,
		tx.time(k.ExpiresAt)).Scan(&k.CreatedAt).Error
}

// orNull is what a column without a value gets: an empty slice would be a value.
func orNull(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// works is the condition of keys that are neither revoked nor expired.
func (s *Accounts) works() string {
	return "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > " + s.dialect.now() + ")"
}

// APIKeys are all keys that work, of every account, oldest first.
func (s *Accounts) APIKeys(ctx context.Context) ([]models.APIKey, error) {
	var keys []models.APIKey
	err := s.read(ctx).Where(s.works()).Order("created_at, id").Find(&keys).Error
	return keys, s.wrap(err)
}

// KeysOf lists the keys of an account that work, newest first.
func (s *Accounts) KeysOf(ctx context.Context, accountID string, p models.Page) ([]models.APIKey, error) {
	var keys []models.APIKey
	err := page(s.of(ctx, accountID), p).Where(s.works()).Find(&keys).Error
	return keys, s.wrap(err)
}

// KeyOf reads a key of an account that works.
func (s *Accounts) KeyOf(ctx context.Context, accountID, id string) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.of(ctx, accountID).Where("id = ?", id).Where(s.works()), "key")
}

// RevokeKeyOf revokes a key of an account for good.
func (s *Accounts) RevokeKeyOf(ctx context.Context, accountID, id string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.revoke(ctx, "id = ? AND account_id = ?", id, accountID)
}

// RevokeAPIKey revokes a key for good. One that is unknown or revoked already is CodeNotFound.
func (s *Accounts) RevokeAPIKey(ctx context.Context, id string) error {
	return s.revoke(ctx, "id = ?", id)
}

func (s *Accounts) revoke(ctx context.Context, which string, args ...any) error {
	return s.write(ctx, func(tx *tx) error {
		var revoked []models.APIKey
		err := tx.Raw("UPDATE api_keys SET revoked_at = "+s.dialect.now()+" WHERE revoked_at IS NULL AND "+which+" RETURNING id, account_id", args...).
			Scan(&revoked).Error
		if err == nil && len(revoked) == 0 {
			err = models.NewError(models.CodeNotFound, "no such key")
		}
		if err != nil {
			return err
		}
		return tx.record("key.revoke", resource{revoked[0].AccountID, "key", revoked[0].ID})
	})
}

// RotateKey stores a new key in the place of one of its account's that works, which then stops working after a time.
func (s *Accounts) RotateKey(ctx context.Context, id string, fresh *models.APIKey, overlap time.Duration) error {
	return s.write(ctx, func(tx *tx) error {
		if err := needAccount(fresh.AccountID); err != nil {
			return err
		}
		until := s.dialect.nowPlus(micros(overlap))
		sooner := "CASE WHEN expires_at < " + until + " THEN expires_at ELSE " + until + " END"
		old := tx.Exec("UPDATE api_keys SET replaced_at = "+s.dialect.now()+", expires_at = "+sooner+
			" WHERE replaced_at IS NULL AND id = ? AND account_id = ? AND "+s.works(), id, fresh.AccountID)
		if old.Error == nil && old.RowsAffected == 0 {
			return models.NewError(models.CodeNotFound, "no such key")
		}
		if old.Error != nil {
			return old.Error
		}
		if err := tx.createKey(fresh); err != nil {
			return err
		}
		return tx.record("key.rotate", resource{fresh.AccountID, "key", id}, details{"new_key_id": fresh.ID})
	})
}

// KeysUsed notes that keys were used.
func (s *Accounts) KeysUsed(ctx context.Context, ids []string) error {
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec("UPDATE api_keys SET last_used_at = "+s.dialect.now()+" WHERE id IN ?", ids).Error
	})
}

// withAccount reads a key with the state of its account, and, of a person's, with what the person may do there.
const withAccount = `SELECT k.*, a.state AS account, coalesce(m.role, '') AS member FROM api_keys k JOIN accounts a ON a.id = k.account_id
	LEFT JOIN users u ON u.id = k.user_id
	LEFT JOIN memberships m ON m.user_id = k.user_id AND m.account_id = k.account_id
	WHERE (k.user_id IS NULL OR u.disabled_at IS NULL AND m.role IS NOT NULL) AND `

// APIKey finds a key that works.
func (s *Accounts) APIKey(ctx context.Context, id string) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Raw(withAccount+"k.id = ? AND "+s.works(), id), "key")
}

// APIKeyByHash finds a key that works.
func (s *Accounts) APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Raw(withAccount+"k.hash = ? AND "+s.works(), hash), "key")
}
