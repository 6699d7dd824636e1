package store

import (
	"context"
	"strconv"

	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// Keys counts the API keys that are not revoked.
func (s *Accounts) Keys(ctx context.Context) (n int, err error) {
	n, err = liveKeys(s.read(ctx))
	return n, s.wrap(err)
}

func liveKeys(tx *gorm.DB) (n int, err error) {
	return n, tx.Raw("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL").Scan(&n).Error
}

// FirstKey is the oldest admin key that is not revoked, or the oldest of all when they are: its account is the one of who set the
// platform up.
func (s *Accounts) FirstKey(ctx context.Context) (*models.APIKey, error) {
	return one[models.APIKey](s.db, s.read(ctx).Where("role = ?", models.RoleAdmin).Order("revoked_at IS NOT NULL, created_at, id"), "key")
}

// KeyStored reports whether a hash is that of a key, revoked or not.
func (s *Accounts) KeyStored(ctx context.Context, hash []byte) (stored bool, err error) {
	err = s.read(ctx).Raw("SELECT count(*) > 0 FROM api_keys WHERE hash = ?", hash).Scan(&stored).Error
	return stored, s.wrap(err)
}

// CreateFirstKey stores the platform's first account and key with the check value of its pepper, unless there is a key that is not
// revoked; it reports whether it did. If all admin keys were revoked, the key is one more of the account of the oldest.
func (s *Accounts) CreateFirstKey(ctx context.Context, check []byte, a *models.Account, k *models.APIKey) (created bool, err error) {
	err = s.write(ctx, func(tx *tx) error {
		created = false
		if err := tx.oneAtATime(); err != nil {
			return err
		}
		if n, err := liveKeys(tx.DB); err != nil || n > 0 {
			return err
		}
		var owners []string
		err := tx.Raw("SELECT account_id FROM api_keys WHERE role = ? ORDER BY created_at, id LIMIT 1", models.RoleAdmin).Scan(&owners).Error
		switch {
		case err != nil:
			return err
		case len(owners) > 0:
			k.AccountID = owners[0]
		default:
			if err := tx.Exec("INSERT INTO accounts (id, name) VALUES (?, ?)", a.ID, a.Name).Error; err != nil {
				return err
			}
		}
		created = true
		if err := tx.replacePepper(check, k); err != nil {
			return err
		}
		return tx.record("key.create_first", resource{k.AccountID, "key", k.ID}, keyDetails(k))
	})
	return created, err
}

// ReplacePepper revokes all keys, which were hashed with a pepper that is lost, and stores one with a new pepper instead. It
// returns how many were revoked.
func (s *Accounts) ReplacePepper(ctx context.Context, check []byte, k *models.APIKey) (revoked int, err error) {
	err = s.write(ctx, func(tx *tx) error {
		if err := tx.oneAtATime(); err != nil {
			return err
		}
		gone := tx.Exec("UPDATE api_keys SET revoked_at = " + s.dialect.now() + " WHERE revoked_at IS NULL")
		if gone.Error != nil {
			return gone.Error
		}
		revoked = int(gone.RowsAffected)
		if err := tx.replacePepper(check, k); err != nil {
			return err
		}
		return tx.record("pepper.replace", resource{k.AccountID, "key", k.ID}, details{"revoked": strconv.Itoa(revoked)})
	})
	return revoked, err
}

func (tx *tx) replacePepper(check []byte, k *models.APIKey) error {
	err := tx.Exec("INSERT INTO pepper_check (id, value) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value", check).Error
	if err != nil {
		return err
	}
	return tx.createKey(k)
}

// oneAtATime serializes transactions about the first key and the pepper, also between processes that start concurrently.
func (tx *tx) oneAtATime() error {
	return tx.Exec("UPDATE accounts SET weight = weight WHERE id = ?", models.SystemAccountID).Error
}

// AdoptMasterKeys makes these the only keys with the role master that work of those with their name, which is the same for all of them.
func (s *Accounts) AdoptMasterKeys(ctx context.Context, keys []*models.APIKey) error {
	return s.write(ctx, func(tx *tx) error {
		if err := tx.oneAtATime(); err != nil {
			return err
		}
		hashes := [][]byte{{}} // of no key
		for _, k := range keys {
			hashes = append(hashes, k.Hash)
		}
		gone := tx.Exec("UPDATE api_keys SET revoked_at = "+s.dialect.now()+" WHERE role = ? AND account_id = ? AND revoked_at IS NULL AND hash NOT IN ?",
			models.RoleMaster, models.SystemAccountID, hashes)
		if gone.Error != nil {
			return gone.Error
		}
		if gone.RowsAffected > 0 {
			if err := tx.record("key.retire_masters", resource{}, details{"revoked": strconv.FormatInt(gone.RowsAffected, 10)}); err != nil {
				return err
			}
		}
		for _, k := range keys {
			var stored []models.APIKey
			if err := tx.Raw("SELECT * FROM api_keys WHERE hash = ?", k.Hash).Scan(&stored).Error; err != nil {
				return err
			}
			var err error
			switch {
			case len(stored) == 0:
				if err = tx.createKey(k); err == nil {
					err = tx.record("key.adopt_master", resource{"", "key", k.ID})
				}
			case stored[0].Role != models.RoleMaster:
				err = models.NewError(models.CodeConflict, "it is the key of an account already")
			case stored[0].RevokedAt != nil:
				if err = tx.Exec("UPDATE api_keys SET revoked_at = NULL WHERE id = ?", stored[0].ID).Error; err == nil {
					err = tx.record("key.adopt_master", resource{"", "key", stored[0].ID})
				}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
