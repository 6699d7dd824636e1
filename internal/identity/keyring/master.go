package keyring

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Masters keeps the platform's master keys.
type Masters interface {
	// AdoptMasterKeys makes these the only keys with the role master that work.
	AdoptMasterKeys(ctx context.Context, keys []*models.APIKey) error
}

// MasterName is the name of the master keys that the configuration has.
const MasterName = "master key of the configuration"

// AdoptMaster makes the configured master keys, with commas between, work, and no others that were configured before: a key that is taken
// out of the configuration is revoked. To change it without a moment in which one of several processes refuses it, configure the old and
// the new one for a while.
func (k *Keyring) AdoptMaster(ctx context.Context, peppers *auth.Peppers, configured string) error {
	var keys []*models.APIKey
	for plain := range strings.SplitSeq(configured, ",") {
		if plain = strings.TrimSpace(plain); plain == "" {
			continue
		}
		if !auth.Valid(plain) {
			return errors.New("SPARK_MASTER_KEY is not a key of Spark's form: spark keys generate prints one")
		}
		key := record(peppers, plain, models.SystemAccountID, MasterName)
		key.Role = models.RoleMaster
		keys = append(keys, key)
	}
	if err := k.Store.AdoptMasterKeys(ctx, keys); err != nil {
		return fmt.Errorf("keep the master key: %w", err)
	}
	return nil
}
