package keyring

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// CreateFor writes a new key of the first account with a role that is not the admin's to FileOf it, for the folder's owner to pass
// on. Earlier keys of the role keep working. While one of them is still in the file, it is replaced there only with force. It
// replaces no lost pepper.
func (k *Keyring) CreateFor(ctx context.Context, role models.Role, force bool) (*models.APIKey, error) {
	peppers, _, err := k.Open(ctx)
	if err != nil {
		return nil, err
	}
	first, err := k.Store.FirstKey(ctx)
	if err != nil {
		return nil, err
	}
	file := k.FileOf(role)
	if !force {
		if err := k.free(ctx, peppers, file); err != nil {
			return nil, err
		}
	}
	plain, _ := auth.NewKey()
	key := record(peppers, plain, first.AccountID, "local "+string(role)+" key")
	key.Role = role
	return key, keep(file, plain, func() error { return k.Store.CreateAPIKey(ctx, key) })
}

// free is CodeConflict if a file holds a key that works.
func (k *Keyring) free(ctx context.Context, peppers *auth.Peppers, file string) error {
	plain, err := ReadFile(file)
	if err != nil || plain == "" {
		return err
	}
	held, err := peppers.Find(ctx, k.Store, plain)
	switch {
	case err == nil:
		return models.NewError(models.CodeConflict, fmt.Sprintf("an earlier key (%s…) is still in %s: move that file; or use --force to "+
			"replace it, and the key keeps working until it is revoked: spark keys revoke --local %s", held.Prefix, file, held.Prefix))
	case models.CodeOf(err) == models.CodeNotFound:
		return nil
	}
	return err
}

// FileOf is where a new key of a role is written.
func (k *Keyring) FileOf(role models.Role) string {
	if role == models.RoleAdmin {
		return k.KeyFile
	}
	return k.KeyFile + "-" + string(role)
}
