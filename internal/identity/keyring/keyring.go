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
	auth.Keys
	Peppers
	Masters
}

// Peppers keeps what the peppers are recognized by.
type Peppers interface {
	// AdoptPeppers makes the first of these check values the one in force, if the one that is in force is among them or there is none, and
	// returns what is in force then. Lost counts the keys that were hashed with a pepper that is none of these.
	AdoptPeppers(ctx context.Context, checks [][]byte) (inForce []byte, lost int, err error)
	// ReplacePepper revokes all keys, and makes one with a new pepper.
	ReplacePepper(ctx context.Context, check []byte, k *models.APIKey) (revoked int, err error)
	// RevokeLost revokes the keys that were hashed with a pepper that is none of these.
	RevokeLost(ctx context.Context, checks [][]byte) (revoked int, err error)
	// PepperUse counts the keys that work by the check value of their pepper.
	PepperUse(ctx context.Context) ([]models.PepperUse, error)
}

// Keyring is the peppers and the local key of one data folder.
type Keyring struct {
	Store      Store
	Configured string   // the pepper of the configuration; "" is kept in PepperFile
	Accepted   []string // further ones, which keys were hashed with before, or will be
	PepperFile string
	KeyFile    string
}

// LostError says that the platform's keys cannot be checked, and what to do.
type LostError struct{ text string }

func (e *LostError) Error() string { return e.text }

// Open returns the peppers. A platform without keys gets its first key, and a pepper if none is configured; made reports this.
// The error is a *LostError if there are keys and the pepper is lost, or is not the one that they were hashed with.
func (k *Keyring) Open(ctx context.Context) (peppers *auth.Peppers, made bool, err error) {
	n, err := k.Store.Keys(ctx)
	if err == nil && n == 0 {
		if peppers, made, err = k.begin(ctx); made {
			return peppers, true, err
		}
	}
	if err != nil {
		return nil, false, err
	}
	pepper, err := k.pepper()
	if err != nil {
		return nil, false, err
	}
	if len(pepper) == 0 {
		return nil, false, &LostError{"the pepper is gone, and without it no API key of this platform works. It was in " + k.PepperFile +
			", or in SPARK_KEY_PEPPER. Put it back from a backup; or revoke all keys and make a new one: spark keys create --local"}
	}
	peppers = k.with(pepper)
	inForce, lost, err := k.Store.AdoptPeppers(ctx, peppers.Checks())
	switch {
	case err == nil && !bytes.Equal(inForce, auth.PepperCheck(pepper)):
		err = &LostError{"the pepper in " + k.source() + " is another one than this platform's API keys were made with, and none of them " +
			"would work. Put the right one back, or beside it into keys.accepted_peppers (SPARK_KEYS_ACCEPTED_PEPPERS); or revoke all keys and " +
			"make a new one: spark keys create --local --force"}
	case err == nil && lost > 0:
		err = &UnusedError{lost}
	}
	return peppers, false, err
}

// with are the peppers of which this one is current.
func (k *Keyring) with(pepper []byte) *auth.Peppers {
	var accepted [][]byte
	for _, p := range k.Accepted {
		accepted = append(accepted, []byte(p))
	}
	return auth.NewPeppers(pepper, accepted...)
}

// UnusedError says that keys were hashed with a pepper that is not configured any more, and what to do.
type UnusedError struct{ Keys int }

func (e *UnusedError) Error() string {
	return fmt.Sprintf("%d API keys that work were hashed with a pepper that is not configured any more. Put it back into keys.accepted_peppers "+
		"(SPARK_KEYS_ACCEPTED_PEPPERS) until they have been used, or revoke them: spark keys peppers --revoke", e.Keys)
}

// begin makes the first account and key, and reports whether it did: another process may be faster. The key's file is written
// before the key is stored, so that the next start can use the file if a crash happens in between.
func (k *Keyring) begin(ctx context.Context) (peppers *auth.Peppers, made bool, err error) {
	pepper, err := k.pepper()
	if err == nil && len(pepper) == 0 {
		pepper = newPepper()
		err = WriteFile(k.PepperFile, string(pepper))
	}
	if err != nil {
		return nil, false, fmt.Errorf("keep the pepper: %w", err)
	}
	peppers = k.with(pepper)
	plain, written, err := k.firstKey(ctx, peppers)
	if err != nil {
		return nil, false, fmt.Errorf("keep the first API key: %w", err)
	}
	account := &models.Account{ID: models.NewID(), Name: "default", Weight: 1}
	made, err = k.Store.CreateFirstKey(ctx, auth.PepperCheck(pepper), account, record(peppers, plain, account.ID, "first key"))
	if written && err == nil && !made {
		err = os.Remove(k.KeyFile) // not a key: the first one is in the other process's folder
	}
	return peppers, made, err
}

// firstKey is the key that a killed start left in KeyFile, or a new one, which is then written there: also in the place of one
// that was revoked, which never works again.
func (k *Keyring) firstKey(ctx context.Context, peppers *auth.Peppers) (plain string, written bool, err error) {
	if plain, err = ReadFile(k.KeyFile); err != nil {
		return "", false, err
	}
	if auth.Valid(plain) {
		revoked, err := k.stored(ctx, peppers, plain)
		if err != nil || !revoked {
			return plain, false, err
		}
	}
	plain, _ = auth.NewKey()
	return plain, true, WriteFile(k.KeyFile, plain)
}

// Local is the record of the key in KeyFile. Without the file, or with one of another platform, it is CodeNotFound.
func (k *Keyring) Local(ctx context.Context, peppers *auth.Peppers) (*models.APIKey, error) {
	plain, err := ReadFile(k.KeyFile)
	if err != nil {
		return nil, err
	}
	return peppers.Find(ctx, k.Store, plain)
}

// Created is what Create has made.
type Created struct {
	Key     *models.APIKey
	Revoked int // keys that were revoked because their pepper was replaced
}

// Create writes a new key of the first account to KeyFile. If the pepper is lost, it makes a new one and revokes all earlier
// keys. If the pepper is not the one of the keys, which may be a mistake, it does so only with force.
func (k *Keyring) Create(ctx context.Context, force bool) (*Created, error) {
	peppers, made, err := k.Open(ctx)
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
		pepper, err := k.pepper()
		if err != nil {
			return nil, err
		}
		if len(pepper) > 0 && !force {
			return nil, lost
		}
		if peppers = nil; len(pepper) > 0 {
			peppers = k.with(pepper)
		}
	}
	return k.add(ctx, peppers, first.AccountID, isLost)
}

// add keeps a key, replacing all others if their pepper is lost.
func (k *Keyring) add(ctx context.Context, peppers *auth.Peppers, account string, lost bool) (*Created, error) {
	fresh := peppers == nil
	if fresh {
		peppers = k.with(newPepper())
	}
	plain, _ := auth.NewKey()
	c := &Created{Key: record(peppers, plain, account, "local key")}
	return c, keep(k.KeyFile, plain, func() (err error) {
		if !lost {
			return k.Store.CreateAPIKey(ctx, c.Key)
		}
		c.Revoked, err = k.Store.ReplacePepper(ctx, peppers.Checks()[0], c.Key)
		if err == nil && fresh {
			err = WriteFile(k.PepperFile, string(peppers.Current()))
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

func record(peppers *auth.Peppers, plain, account, name string) *models.APIKey {
	key := &models.APIKey{ID: models.NewID(), AccountID: account, Name: name, Role: models.RoleAdmin, Prefix: auth.Prefix(plain)}
	peppers.Seal(key, plain)
	return key
}

// stored reports whether a key is one of the platform's, revoked or not.
func (k *Keyring) stored(ctx context.Context, peppers *auth.Peppers, plain string) (bool, error) {
	for _, pepper := range peppers.All() {
		if there, err := k.Store.KeyStored(ctx, auth.Hash(pepper, plain)); there || err != nil {
			return there, err
		}
	}
	return false, nil
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
