package keyring

import (
	"context"
	"fmt"

	"github.com/spark-games/spark/models"
)

// Revoke revokes the key with a prefix, or with an id, and returns it. If several keys have the prefix it is CodeConflict, and
// they are told apart by their ids.
func (k *Keyring) Revoke(ctx context.Context, prefixOrID string) (*models.APIKey, error) {
	keys, err := k.Store.APIKeys(ctx)
	if err != nil {
		return nil, err
	}
	var found *models.APIKey
	for i, key := range keys {
		if key.Prefix != prefixOrID && key.ID != prefixOrID {
			continue
		}
		if found != nil {
			return nil, models.NewError(models.CodeConflict, fmt.Sprintf("several keys begin with %s: give the id of one of them instead", prefixOrID))
		}
		found = &keys[i]
	}
	if found == nil {
		return nil, models.NewError(models.CodeNotFound, fmt.Sprintf("no key that works has the prefix or id %q", prefixOrID))
	}
	return found, k.Store.RevokeAPIKey(ctx, found.ID)
}
