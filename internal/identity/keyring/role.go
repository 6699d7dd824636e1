package keyring

import (
	"context"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// CreateFor writes a new key of the first account with a role that is not the admin's to FileOf it, for the folder's owner to pass
// on. Earlier keys of the role keep working. It replaces no lost pepper.
func (k *Keyring) CreateFor(ctx context.Context, role models.Role) (*models.APIKey, error) {
	pepper, _, err := k.Open(ctx)
	if err != nil {
		return nil, err
	}
	first, err := k.Store.FirstKey(ctx)
	if err != nil {
		return nil, err
	}
	plain, _ := auth.NewKey()
	key := record(pepper, plain, first.AccountID, "local "+string(role)+" key")
	key.Role = role
	if err := k.Store.CreateAPIKey(ctx, key); err != nil {
		return nil, err
	}
	return key, WriteFile(k.FileOf(role), plain)
}

// FileOf is where a new key of a role is written.
func (k *Keyring) FileOf(role models.Role) string {
	if role == models.RoleAdmin {
		return k.KeyFile
	}
	return k.KeyFile + "-" + string(role)
}
