package provenance

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// PublicKey verifies envelopes.
type PublicKey struct {
	ID  string // hex SHA-256 of the DER form, as "openssl pkey -pubin -outform DER | sha256sum" prints it
	key ed25519.PublicKey
}

func newPublicKey(key ed25519.PublicKey) (PublicKey, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return PublicKey{}, err
	}
	sum := sha256.Sum256(der)
	return PublicKey{ID: hex.EncodeToString(sum[:]), key: key}, nil
}

// PEM is the key as a file.
func (k PublicKey) PEM() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// ParsePublicKeys reads one or more public keys in PEM.
func ParsePublicKeys(text []byte) ([]PublicKey, error) {
	var keys []PublicKey
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		text = rest
		if block.Type != "PUBLIC KEY" {
			return nil, fmt.Errorf("a public key is expected, and this is a PEM block of type %q", block.Type)
		}
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("a public key cannot be read: %w", err)
		}
		key, ok := parsed.(ed25519.PublicKey)
		if !ok {
			return nil, errors.New("a public key is not an ed25519 key")
		}
		public, err := newPublicKey(key)
		if err != nil {
			return nil, err
		}
		keys = append(keys, public)
	}
	if len(keys) == 0 {
		return nil, errors.New("there is no public key in PEM")
	}
	if len(bytes.TrimSpace(text)) > 0 {
		return nil, errors.New("there is something other than public keys in PEM")
	}
	return keys, nil
}

// NewKey makes a private key, in PEM (PKCS#8).
func NewKey() ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// parsePrivateKey reads an ed25519 key in PEM (PKCS#8). Its errors show nothing of the content.
func parsePrivateKey(text []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("it contains no PRIVATE KEY in PEM (PKCS#8)")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("its private key cannot be read")
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("its private key is not an ed25519 key")
	}
	return key, nil
}
