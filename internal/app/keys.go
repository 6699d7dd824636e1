package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// firstKey makes the platform's first account and key unless there is one, and returns the pepper that keys are hashed
// with. The key is kept in the data folder for the local user. It is written before it is stored, so that a crash in
// between leaves a file that the next start takes up.
func (a *App) firstKey(ctx context.Context) (pepper []byte, err error) {
	pepper, err = a.pepper()
	if err != nil {
		return nil, err
	}
	plain, err := readSecret(a.cfg.KeyFile())
	if err != nil {
		return nil, err
	}
	made := !auth.Valid(plain)
	if made {
		plain, _ = auth.NewKey()
		if err := writeSecret(a.cfg.KeyFile(), plain); err != nil {
			return nil, fmt.Errorf("keep the first API key: %w", err)
		}
	}
	account := &models.Account{ID: models.NewID(), Name: "default", Weight: 1}
	key := &models.APIKey{ID: models.NewID(), AccountID: account.ID, Name: "first key", Role: models.RoleAdmin,
		Hash: auth.Hash(pepper, plain), Prefix: auth.Prefix(plain)}
	created, err := a.store.Accounts.CreateFirstKey(ctx, account, key)
	if created {
		a.key = plain
	} else if made {
		err = errors.Join(err, os.Remove(a.cfg.KeyFile())) // the platform has keys already, made elsewhere
	}
	return pepper, err
}

// localKey is the record of the key in the data folder.
func (a *App) localKey(ctx context.Context) (*models.APIKey, error) {
	pepper, err := a.pepper()
	if err != nil {
		return nil, err
	}
	plain, err := readSecret(a.cfg.KeyFile())
	if err != nil {
		return nil, err
	}
	return a.store.Accounts.APIKeyByHash(ctx, auth.Hash(pepper, plain))
}

// pepper is the configured one, or one that is made once and kept in the data folder.
func (a *App) pepper() ([]byte, error) {
	if p := a.cfg.KeyPepper.Reveal(); p != "" {
		return []byte(p), nil
	}
	path := a.cfg.PepperFile()
	p, err := readSecret(path)
	if err != nil || p != "" {
		return []byte(p), err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	p = hex.EncodeToString(raw)
	return []byte(p), writeSecret(path, p)
}

func readSecret(path string) (string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(b)), err
}

// writeSecret puts a file in place that only its owner can read, whole or not at all.
func writeSecret(path, content string) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, werr := tmp.WriteString(content + "\n")
	if err := errors.Join(werr, tmp.Sync(), tmp.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return os.Rename(tmp.Name(), path)
}
