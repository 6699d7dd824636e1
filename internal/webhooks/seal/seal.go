// Package seal encrypts the secrets and headers of webhooks, which Spark has to know to send them, so that a copy of the database does not
// tell them.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spark-games/spark/models"
)

const (
	version  = 1  // of what is sealed
	minKey   = 16 // characters
	keyBytes = 32
)

var (
	errSealed = errors.New("what was sealed is damaged, or was sealed with another webhooks.key")
	errNoKey  = models.NewError(models.CodeUnavailable, "webhooks are not configured on this platform: it has no webhooks.key")
)

// Box seals with AES-256-GCM under a key that is derived from each of some secrets: the first seals, all of them open. What is sealed is bound to
// the id of what it belongs to. The zero Box is that of a platform without a key, and refuses everything with CodeUnavailable.
type Box struct{ ciphers []cipher.AEAD }

// New makes a box from a list of secrets with commas between, as they are configured: the current one, and those that it replaces.
func New(keys models.Secret) (*Box, error) {
	b := new(Box)
	for text := range strings.SplitSeq(keys.Reveal(), ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if len(text) < minKey {
			return nil, fmt.Errorf("webhooks.key: a key has at least %d characters", minKey)
		}
		raw, err := hkdf.Key(sha256.New, []byte(text), nil, "spark webhooks 1", keyBytes)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			return nil, err
		}
		sealed, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		b.ciphers = append(b.ciphers, sealed)
	}
	return b, nil
}

// FromFile makes a box from the key in a file, which is made if it is not there. Of several processes that make it at once, one does.
func FromFile(path string) (*Box, error) {
	raw := make([]byte, keyBytes)
	_, _ = rand.Read(raw)                                    // never fails
	draft, err := os.CreateTemp(filepath.Dir(path), ".key-") // only its owner may read it
	if err != nil {
		return nil, err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(base64.RawURLEncoding.EncodeToString(raw) + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return New(models.NewSecret(strings.TrimSpace(string(text))))
}

// Seal encrypts something that belongs to an id.
func (b *Box) Seal(id string, plain []byte) ([]byte, error) {
	if len(b.ciphers) == 0 {
		return nil, errNoKey
	}
	sealed := b.ciphers[0].Seal(nil, nil, plain, []byte(id)) //nolint:gosec // this cipher makes the nonce itself, and takes none
	return append([]byte{version}, sealed...), nil
}

// Open is the inverse of Seal, for the same id.
func (b *Box) Open(id string, sealed []byte) ([]byte, error) {
	if len(b.ciphers) == 0 {
		return nil, errNoKey
	}
	if len(sealed) == 0 || sealed[0] != version {
		return nil, errSealed
	}
	for _, c := range b.ciphers {
		if plain, err := c.Open(nil, nil, sealed[1:], []byte(id)); err == nil {
			return plain, nil
		}
	}
	return nil, errSealed
}
