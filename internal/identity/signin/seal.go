package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
)

// flow is what a sign-in needs until the browser comes back from the provider.
type flow struct {
	Issuer   string    `json:"issuer"`
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	ReturnTo string    `json:"return_to"`
	Until    time.Time `json:"until"`
}

// sealer encrypts and authenticates flows for the browsers that keep them.
type sealer struct{ aead cipher.AEAD }

func newSealer(secret []byte) sealer {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("spark sign-in flow 1"))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err == nil {
		var aead cipher.AEAD
		if aead, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return sealer{aead}
		}
	}
	panic("signin: " + err.Error()) // the key has the right size
}

func (s sealer) seal(f flow) (string, error) {
	raw, err := json.Marshal(f)
	//nolint:gosec // this AEAD makes its nonces itself
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, raw, nil)), err
}

var errSeal = errors.New("signin: not sealed by this platform")

func (s sealer) open(text string) (f flow, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return f, errSeal
	}
	if raw, err = s.aead.Open(nil, nil, raw, nil); err != nil {
		return f, errSeal
	}
	return f, json.Unmarshal(raw, &f)
}
