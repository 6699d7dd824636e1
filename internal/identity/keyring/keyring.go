// Package keyring keeps what the platform's keys depend on: the pepper that they are hashed with, and the key of the data
// folder's owner. Both are files in the data folder, unless the pepper is configured. The database holds a check value of the
// pepper, so that a start with a different pepper is refused, instead of every key.
package keyring

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Store is the database.
type Store interface {
	// Keys counts the keys that are not revoked.
	Keys(ctx context.Context) (int, error)
	// FirstKey is the oldest admin key, one that is not revoked before others, or a *models.Error with CodeNotFound.
	FirstKey(ctx context.Context) (*models.APIKey, error)
	// KeyStored reports whether a hash is that of a key, revoked or not.
	KeyStored(ctx context.Context, hash []byte) (bool, error)
	// CreateFirstKey makes an account and its key, hashed with a pepper, unless there is a key that is not revoked. If all admin keys were
	// revoked, the key is one more of the account of the oldest, whose id it gets.
	CreateFirstKey(ctx context.Context, check []byte, a *models.Account, k *models.APIKey) (created bool, err error)
	CreateAPIKey(ctx context.Context, k *models.APIKey) error
	// APIKeys are all keys that are not revoked, oldest first.
	APIKeys(ctx context.Context) ([]models.APIKey, error)
	RevokeAPIKey(ctx context.Context, id string) error
	APIKeyByHash(ctx context.Context, hash []byte) (*models.APIKey, error)
	Peppers
	Masters
}

// Peppers keeps what the pepper is recognized by.
type Peppers interface {
	// AdoptPepper stores a pepper's check value unless there is one, and returns the stored one.
	AdoptPepper(ctx context.Context, check []byte) (inForce []byte, err error)
	// ReplacePepper revokes all keys, and makes one with a new pepper.
	ReplacePepper(ctx context.Context, check []byte, k *models.APIKey) (revoked int, err error)
}

// Keyring is the pepper and the local key of one data folder.
type Keyring struct {
	Store      Store
	Configured string // the pepper of the configuration; "" is kept in PepperFile
	PepperFile string
	KeyFile    string
}

// LostError says that the platform's keys cannot be checked, and what to do.
type LostError struct{ text string }

func (e *LostError) Error() string { return e.text }

// Open returns the pepper. A platform without keys gets its first key, and a pepper if none is configured; made reports this.
// The error is a *LostError if there are keys and the pepper is lost, or is not the one that they were hashed with.
func (k *Keyring) Open(ctx context.Context) (pepper []byte, made bool, err error) {
	n, err := k.Store.Keys(ctx)
	if err == nil && n == 0 {
		if pepper, made, err = k.begin(ctx); made {
			return pepper, true, err
		}
	}
	if err != nil {
		return nil, false, err
	}
	if pepper, err = k.pepper(); err != nil {
		return nil, false, err
	}
	if len(pepper) == 0 {
		return nil, false, &LostError{"the pepper is gone, and without it no API key of this platform works. It was in " + k.PepperFile +
			", or in SPARK_KEY_PEPPER. Put it back from a backup; or revoke all keys and make a new one: spark keys create --local"}
	}
	inForce, err := k.Store.AdoptPepper(ctx, auth.PepperCheck(pepper))
	if err == nil && !bytes.Equal(inForce, auth.PepperCheck(pepper)) {
		err = &LostError{"the pepper in " + k.source() + " is another one than this platform's API keys were made with, and none of them " +
			"would work. Put the right one back; or revoke all keys and make a new one: spark keys create --local --force"}
	}
	return pepper, false, err
}

// begin makes the first account and key, and reports whether it did: another process may be faster. The key's file is written
// before the key is stored, so that the next start can use the file if a crash happens in between.
func (k *Keyring) begin(ctx context.Context) (pepper []byte, made bool, err error) {
	if pepper, err = k.pepper(); err == nil && len(pepper) == 0 {
		pepper = newPepper()
		err = WriteFile(k.PepperFile, string(pepper))
	}
	if err != nil {
		return nil, false, fmt.Errorf("keep the pepper: %w", err)
	}
	plain, written, err := k.firstKey(ctx, pepper)
	if err != nil {
		return nil, false, fmt.Errorf("keep the first API key: %w", err)
	}
	account := &models.Account{ID: models.NewID(), Name: "default", Weight: 1}
	made, err = k.Store.CreateFirstKey(ctx, auth.PepperCheck(pepper), account, record(pepper, plain, account.ID, "first key"))
	if written && err == nil && !made {
		err = os.Remove(k.KeyFile) // not a key: the first one is in the other process's folder
	}
	return pepper, made, err
}

// firstKey is the key that a killed start left in KeyFile, or a new one, which is then written there: also in the place of one
// that was revoked, which never works again.
func (k *Keyring) firstKey(ctx context.Context, pepper []byte) (plain string, written bool, err error) {
	if plain, err = ReadFile(k.KeyFile); err != nil {
		return "", false, err
	}
	if auth.Valid(plain) {
		revoked, err := k.Store.KeyStored(ctx, auth.Hash(pepper, plain))
		if err != nil || !revoked {
			return plain, false, err
		}
	}
	plain, _ = auth.NewKey()
	return plain, true, WriteFile(k.KeyFile, plain)
}

// Local is the record of the key in KeyFile. Without the file, or with one of another platform, it is CodeNotFound.
func (k *Keyring) Local(ctx context.Context, pepper []byte) (*models.APIKey, error) {
	plain, err := ReadFile(k.KeyFile)
	if err != nil {
		return nil, err
	}
	return k.Store.APIKeyByHash(ctx, auth.Hash(pepper, plain))
}

// Created is what Create has made.
type Created struct {
	Key     *models.APIKey
	Revoked int // keys that were revoked because their pepper was replaced
}

// Create writes a new key of the first account to KeyFile. If the pepper is lost, it makes a new one and revokes all earlier
// keys. If the pepper is not the one of the keys, which may be a mistake, it does so only with force.
func (k *Keyring) Create(ctx context.Context, force bool) (*Created, error) {
	pepper, made, err := k.Open(ctx)
	lost, isLost := errors.AsType[*LostError](err)
	if err != nil && !isLost {
		return nil, err
	}
	first, err := k.Store.FirstKey(ctx)
	if err != nil {
		return nil, err
	}
	if made {
		return &Created{Key: first}, nil
	}
	if isLost {
		if pepper, err = k.pepper(); err != nil {
			return nil, err
		}
		if len(pepper) > 0 && !force {
			return nil, lost
		}
	}
	return k.add(ctx, pepper, first.AccountID, isLost)
}

// add keeps a key, replacing all others if their pepper is lost.
func (k *Keyring) add(ctx context.Context, pepper []byte, account string, lost bool) (*Created, error) {
	fresh := len(pepper) == 0
	if fresh {
		pepper = newPepper()
	}
	plain, _ := auth.NewKey()
	c := &Created{Key: record(pepper, plain, account, "local key")}
	return c, keep(k.KeyFile, plain, func() (err error) {
		if !lost {
			return k.Store.CreateAPIKey(ctx, c.Key)
		}
		c.Revoked, err = k.Store.ReplacePepper(ctx, auth.PepperCheck(pepper), c.Key)
		if err == nil && fresh {
			err = WriteFile(k.PepperFile, string(pepper))
		}
		return err
	})
}

// keep writes a key to a file and then stores it, so that no key works that nobody has. If it cannot be stored, the file gets
// back what was in it.
func keep(file, plain string, store func() error) error {
	before, err := ReadFile(file)
	if err == nil {
		err = WriteFile(file, plain)
	}
	if err != nil {
		return err
	}
	if err = store(); err == nil {
		return nil
	}
	if before == "" {
		return errors.Join(err, os.Remove(file))
	}
	return errors.Join(err, WriteFile(file, before))
}

func record(pepper []byte, plain, account, name string) *models.APIKey {
	return &models.APIKey{ID: models.NewID(), AccountID: account, Name: name, Role: models.RoleAdmin,
		Hash: auth.Hash(pepper, plain), Prefix: auth.Prefix(plain)}
}

// pepper is the configured pepper or the file's; empty if there is none.
func (k *Keyring) pepper() ([]byte, error) {
	if k.Configured != "" {
		return []byte(k.Configured), nil
	}
	p, err := ReadFile(k.PepperFile)
	return []byte(p), err
}

func (k *Keyring) source() string {
	if k.Configured != "" {
		return "SPARK_KEY_PEPPER"
	}
	return k.PepperFile
}

func newPepper() []byte {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // it never fails
	return []byte(hex.EncodeToString(raw))
}
