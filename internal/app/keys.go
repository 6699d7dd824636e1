package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/models"
)

func newKeyring(cfg *config.Config, s keyring.Store) *keyring.Keyring {
	return &keyring.Keyring{Store: s, Configured: cfg.KeyPepper.Reveal(), PepperFile: cfg.PepperFile(), KeyFile: cfg.KeyFile()}
}

// openKeys returns the pepper, after the platform's first key was made if it had none. The key is in its file and nowhere else.
func (p *parts) openKeys(ctx context.Context) (pepper []byte, err error) {
	pepper, made, err := newKeyring(p.cfg, p.store.Accounts).Open(ctx)
	if made {
		p.log.Info("made the first API key", zap.String("file", p.cfg.KeyFile()))
	}
	return pepper, err
}

// localKey is the key in the data folder.
func (p *parts) localKey(ctx context.Context) (*models.APIKey, error) {
	keys := newKeyring(p.cfg, p.store.Accounts)
	pepper, _, err := keys.Open(ctx)
	if err != nil {
		return nil, err
	}
	return keys.Local(ctx, pepper)
}

// LocalKey is the result of CreateLocalKey: the key is in File, and Revoked keys were revoked because their pepper is lost.
type LocalKey struct {
	File, Prefix, AccountID string
	Revoked                 int
}

// CreateLocalKey writes a new API key to the data folder, for anyone who may write there. The platform may be running, unless
// the pepper has to be replaced, which a running platform would not notice.
func CreateLocalKey(ctx context.Context, dataDir, role string, force bool) (made LocalKey, err error) {
	cfg, err := config.Load()
	if err != nil {
		return LocalKey{}, err
	}
	if err := cfg.Override("", dataDir); err != nil {
		return LocalKey{}, err
	}
	if _, err := os.Stat(cfg.DataDir); errors.Is(err, fs.ErrNotExist) {
		return LocalKey{}, fmt.Errorf("there is no data folder %s; the platform makes it when it first starts, with its first key", cfg.DataDir)
	}
	unlock, running := lockFolder(cfg.DataDir)
	if running == nil {
		defer func() { err = errors.Join(err, unlock()) }()
	}
	db, err := store.Open(ctx, cfg.Database())
	if err != nil {
		return LocalKey{}, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	keys := newKeyring(cfg, db.Accounts)
	if running != nil {
		if _, _, err := keys.Open(ctx); err != nil {
			return LocalKey{}, fmt.Errorf("%w (stop the Spark that runs on this folder first)", err)
		}
	}
	if role := models.Role(role); role != models.RoleAdmin {
		key, err := keys.CreateFor(ctx, role)
		if err != nil {
			return LocalKey{}, err
		}
		return LocalKey{File: keys.FileOf(role), Prefix: key.Prefix, AccountID: key.AccountID}, nil
	}
	c, err := keys.Create(ctx, force)
	if err != nil {
		return LocalKey{}, err
	}
	return LocalKey{File: cfg.KeyFile(), Prefix: c.Key.Prefix, AccountID: c.Key.AccountID, Revoked: c.Revoked}, nil
}
