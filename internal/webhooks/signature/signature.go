// Package signature signs webhooks as the Standard Webhooks specification says (https://www.standardwebhooks.com), so that the libraries
// that it publishes verify them. A receiver's side is client.VerifyWebhook.
package signature

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// The headers of a webhook.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// How secrets and public keys begin.
const (
	prefixSymmetric = "whsec_"
	prefixPrivate   = "whsk_"
	prefixPublic    = "whpk_"
)

// The bytes of a symmetric secret; those that are made here have madeBytes.
const (
	minBytes  = 24
	maxBytes  = 64
	madeBytes = 32
)

var errKey = errors.New("a secret is whsec_ and base64 of 24 to 64 bytes, or whsk_ and base64 of an ed25519 key")

// Key is what webhooks are signed with: a secret that both sides know (scheme v1), or an ed25519 key of which the receiver knows the public
// half only (v1a). It prints as nothing that is secret. The zero Key signs nothing.
type Key struct {
	shared  models.Secret // the bytes
	private models.Secret
}

// NewSymmetric makes a key of scheme v1.
func NewSymmetric() Key {
	return Key{shared: models.NewSecret(string(randomBytes(madeBytes)))}
}

// NewAsymmetric makes a key of scheme v1a.
func NewAsymmetric() Key {
	return Key{private: models.NewSecret(string(ed25519.NewKeyFromSeed(randomBytes(ed25519.SeedSize))))}
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// Parse reads what Secret returns, and secrets that a receiver has chosen. Its error quotes nothing of them.
func Parse(secret string) (Key, error) {
	if text, ok := strings.CutPrefix(secret, prefixSymmetric); ok {
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		if err != nil || len(raw) < minBytes || len(raw) > maxBytes {
			return Key{}, errKey
		}
		return Key{shared: models.NewSecret(string(raw))}, nil
	}
	text, ok := strings.CutPrefix(secret, prefixPrivate)
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if !ok || err != nil {
		return Key{}, errKey
	}
	switch len(raw) {
	case ed25519.SeedSize:
		raw = ed25519.NewKeyFromSeed(raw)
	case ed25519.PrivateKeySize:
		if again := ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize]); !again.Equal(ed25519.PrivateKey(raw)) {
			return Key{}, errKey // a public half of another key would give the private one away
		}
	default:
		return Key{}, errKey
	}
	return Key{private: models.NewSecret(string(raw))}, nil
}

// Bytes is what is stored of a key: the bytes of a secret, or the seed of an ed25519 key.
func (k Key) Bytes() []byte {
	if k.Asymmetric() {
		return ed25519.PrivateKey(k.private.Reveal()).Seed()
	}
	return []byte(k.shared.Reveal())
}

// FromBytes is the inverse of Bytes.
func FromBytes(raw []byte, asymmetric bool) (Key, error) {
	switch {
	case asymmetric && len(raw) == ed25519.SeedSize:
		return Key{private: models.NewSecret(string(ed25519.NewKeyFromSeed(raw)))}, nil
	case !asymmetric && len(raw) >= minBytes && len(raw) <= maxBytes:
		return Key{shared: models.NewSecret(string(raw))}, nil
	}
	return Key{}, errKey
}

// Secret is the key itself, whsec_… or whsk_….
func (k Key) Secret() string {
	switch {
	case !k.shared.IsZero():
		return prefixSymmetric + base64.StdEncoding.EncodeToString([]byte(k.shared.Reveal()))
	case !k.private.IsZero():
		return prefixPrivate + base64.StdEncoding.EncodeToString([]byte(k.private.Reveal()))
	}
	return ""
}

// Verification is what a receiver verifies with: the secret itself, or whpk_… of an asymmetric key.
func (k Key) Verification() string {
	if k.private.IsZero() {
		return k.Secret()
	}
	public := ed25519.PrivateKey(k.private.Reveal()).Public().(ed25519.PublicKey)
	return prefixPublic + base64.StdEncoding.EncodeToString(public)
}

// Asymmetric reports whether the receiver knows the public half only.
func (k Key) Asymmetric() bool { return !k.private.IsZero() }

// Sign is the header Webhook-Signature: one signature for each key, while one replaces another. The id has no full stop, space or comma,
// because it would end somewhere else for the receiver.
func Sign(id string, at time.Time, body []byte, keys ...Key) (string, error) {
	if id == "" || strings.ContainsAny(id, "., \r\n") {
		return "", fmt.Errorf("%q can be no webhook's id", models.Shorten(id, 60))
	}
	signed := append([]byte(id+"."+strconv.FormatInt(at.Unix(), 10)+"."), body...)
	all := make([]string, 0, len(keys))
	for _, key := range keys {
		switch {
		case !key.shared.IsZero():
			mac := hmac.New(sha256.New, []byte(key.shared.Reveal()))
			mac.Write(signed)
			all = append(all, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
		case !key.private.IsZero():
			all = append(all, "v1a,"+base64.StdEncoding.EncodeToString(ed25519.Sign(ed25519.PrivateKey(key.private.Reveal()), signed)))
		default:
			return "", errors.New("a key is missing")
		}
	}
	if len(all) == 0 {
		return "", errors.New("nothing to sign a webhook with")
	}
	return strings.Join(all, " "), nil
}

// Headers sets the three headers of a webhook.
func Headers(h http.Header, id string, at time.Time, body []byte, keys ...Key) error {
	signatures, err := Sign(id, at, body, keys...)
	if err != nil {
		return err
	}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(HeaderSignature, signatures)
	return nil
}
