package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/models"
)

func newKeyring(cfg *config.Config, s keyring.Store) *keyring.Keyring {
	return &keyring.Keyring{Store: s, Configured: cfg.Keys.Pepper.Reveal(), Accepted: cfg.Keys.Accepted(), PepperFile: cfg.PepperFile(), KeyFile: cfg.KeyFile()}
}

// GenerateKey makes a text of a key's form, which no platform knows.
func GenerateKey() string {
	plain, _ := auth.NewKey()
	return plain
}

// openKeys returns the peppers, after the platform's first key was made if it had none. The key is in its file and nowhere else.
func (p *parts) openKeys(ctx context.Context) (peppers *auth.Peppers, err error) {
	peppers, made, err := newKeyring(p.cfg, p.store.Accounts).Open(ctx)
	if made {
		p.log.Info("made the first API key", zap.String("file", p.cfg.KeyFile()))
	}
	return peppers, err
}

// localKey is the key in the data folder.
func (p *parts) localKey(ctx context.Context) (*models.APIKey, error) {
	keys := newKeyring(p.cfg, p.store.Accounts)
	peppers, _, err := keys.Open(ctx)
	if err != nil {
		return nil, err
	}
	return keys.Local(ctx, peppers)
}

// LocalKey is the result of CreateLocalKey: the key is in File, and Revoked keys were revoked because their pepper is lost.
type LocalKey struct {
	File, Prefix, AccountID string
	Revoked                 int
}

// CreateLocalKey writes a new API key to the data folder, for anyone who may write there. The platform may be running, unless
// the pepper has to be replaced, which a running platform would not notice.
func CreateLocalKey(ctx context.Context, dataDir, role string, force bool) (made LocalKey, err error) {
	err = withLocalKeys(ctx, dataDir, func(ctx context.Context, cfg *config.Config, keys *keyring.Keyring) (err error) {
		unlock, running := lockFolder(cfg.DataDir)
		if running == nil {
			defer func() { err = errors.Join(err, unlock()) }()
		} else if _, _, err := keys.Open(ctx); err != nil {
			return fmt.Errorf("%w (stop the Spark that runs on this folder first)", err)
		}
		if role := models.Role(role); role != models.RoleAdmin {
			key, err := keys.CreateFor(ctx, role, force)
			if err == nil {
				made = LocalKey{File: keys.FileOf(role), Prefix: key.Prefix, AccountID: key.AccountID}
			}
			return err
		}
		c, err := keys.Create(ctx, force)
		if err == nil {
			made = LocalKey{File: cfg.KeyFile(), Prefix: c.Key.Prefix, AccountID: c.Key.AccountID, Revoked: c.Revoked}
		}
		return err
	})
	return made, err
}

// LocalKeys are the keys that work, of all accounts, for the owner of the data folder.
func LocalKeys(ctx context.Context, dataDir string) (list []models.APIKey, err error) {
	err = withLocalKeys(ctx, dataDir, func(ctx context.Context, _ *config.Config, keys *keyring.Keyring) (err error) {
		list, err = keys.Store.APIKeys(ctx)
		return err
	})
	return list, err
}

// RevokeLocalKey revokes one key by its prefix or id, for the owner of the data folder. The platform may be running.
func RevokeLocalKey(ctx context.Context, dataDir, prefixOrID string) (revoked *models.APIKey, err error) {
	err = withLocalKeys(ctx, dataDir, func(ctx context.Context, _ *config.Config, keys *keyring.Keyring) (err error) {
		revoked, err = keys.Revoke(ctx, prefixOrID)
		return err
	})
	return revoked, err
}

// PepperUse is how many keys that work were hashed with one of the peppers.
type PepperUse = keyring.PepperUse

// Peppers tells how many keys hang on each of the configured peppers, for the owner of the data folder. With revoke, those whose
// pepper is not configured any more are revoked.
func Peppers(ctx context.Context, dataDir string, revoke bool) (uses []PepperUse, revoked int, err error) {
	err = withLocalKeys(ctx, dataDir, func(ctx context.Context, _ *config.Config, keys *keyring.Keyring) (err error) {
		uses, revoked, err = keys.Uses(ctx, revoke)
		return err
	})
	return uses, revoked, err
}

// withLocalKeys calls f with the keys of a data folder, or of the configured one.
func withLocalKeys(ctx context.Context, dataDir string, f func(context.Context, *config.Config, *keyring.Keyring) error) (err error) {
	ctx = models.Locally(ctx)
	cfg, err := local(ctx, dataDir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(cfg.DataDir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no data folder %s; the platform makes it when it first starts, with its first key", cfg.DataDir)
	}
	db, err := store.OpenMigrated(ctx, cfg.Database())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return f(ctx, cfg, newKeyring(cfg, db.Accounts))
}
