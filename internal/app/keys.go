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
// with; made is the key if this call made it. The key is kept in the data folder for the local user. It is written before
// it is stored, so that a crash in between leaves a file that the next start takes up.
func (p *parts) firstKey(ctx context.Context) (pepper []byte, made string, err error) {
	pepper, err = p.pepper()
	if err != nil {
		return nil, "", err
	}
	plain, err := readSecret(p.cfg.KeyFile())
	if err != nil {
		return nil, "", err
	}
	fresh := !auth.Valid(plain)
	if fresh {
		plain, _ = auth.NewKey()
		if err := writeSecret(p.cfg.KeyFile(), plain); err != nil {
			return nil, "", fmt.Errorf("keep the first API key: %w", err)
		}
	}
	account := &models.Account{ID: models.NewID(), Name: "default", Weight: 1}
	key := &models.APIKey{ID: models.NewID(), AccountID: account.ID, Name: "first key", Role: models.RoleAdmin,
		Hash: auth.Hash(pepper, plain), Prefix: auth.Prefix(plain)}
	created, err := p.store.Accounts.CreateFirstKey(ctx, account, key)
	if created {
		made = plain
	} else if fresh {
		err = errors.Join(err, os.Remove(p.cfg.KeyFile())) // the platform has keys already, made elsewhere
	}
	return pepper, made, err
}

// localKey is the record of the key in the data folder.
func (p *parts) localKey(ctx context.Context) (*models.APIKey, error) {
	pepper, err := p.pepper()
	if err != nil {
		return nil, err
	}
	plain, err := readSecret(p.cfg.KeyFile())
	if err != nil {
		return nil, err
	}
	return p.store.Accounts.APIKeyByHash(ctx, auth.Hash(pepper, plain))
}

// pepper is the configured one, or one that is made once and kept in the data folder.
func (p *parts) pepper() ([]byte, error) {
	if given := p.cfg.KeyPepper.Reveal(); given != "" {
		return []byte(given), nil
	}
	path := p.cfg.PepperFile()
	kept, err := readSecret(path)
	if err != nil || kept != "" {
		return []byte(kept), err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	kept = hex.EncodeToString(raw)
	return []byte(kept), writeSecret(path, kept)
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
