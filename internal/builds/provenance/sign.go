package provenance

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/spark-games/spark/models"
)

// Builder is the builder of the artifacts, as statements name it.
type Builder struct {
	ID      string            // a URL; "" is DefaultBuilder
	Version map[string]string // of the parts that decide on what comes out: "spark" → "v1.2.3"
}

// Signer makes signed statements. It is safe for concurrent use. It implements jobs.Attestor.
type Signer struct {
	key     ed25519.PrivateKey
	public  PublicKey
	builder Builder
}

// NewSigner makes a signer with a private key in PEM (PKCS#8, ed25519).
func NewSigner(keyPEM []byte, b Builder) (*Signer, error) {
	key, err := parsePrivateKey(keyPEM)
	if err != nil {
		return nil, err
	}
	public, err := newPublicKey(key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	if b.ID == "" {
		b.ID = DefaultBuilder
	}
	return &Signer{key: key, public: public, builder: b}, nil
}

// Public is the key that verifies what the signer signs.
func (s *Signer) Public() PublicKey { return s.public }

// Attest makes the signed statement of an artifact.
func (s *Signer) Attest(ctx context.Context, p models.Provenance) ([]byte, error) {
	statement, err := newStatement(p, s.builder)
	if err != nil {
		return nil, err
	}
	return s.sign(ctx, PayloadType, statement)
}

func (s *Signer) sign(ctx context.Context, payloadType string, payload []byte) ([]byte, error) {
	signer, err := dsse.NewEnvelopeSigner(signing{s})
	if err != nil {
		return nil, err
	}
	envelope, err := signer.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope)
}

// signing adapts a Signer to the dsse package.
type signing struct{ *Signer }

func (s signing) KeyID() (string, error) { return s.public.ID, nil }
func (s signing) Sign(_ context.Context, data []byte) ([]byte, error) {
	return ed25519.Sign(s.key, data), nil
}

// verifying adapts a PublicKey to the dsse package.
type verifying struct{ PublicKey }

func (v verifying) KeyID() (string, error)   { return v.ID, nil }
func (v verifying) Public() crypto.PublicKey { return v.key }
func (v verifying) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(v.key, data, sig) {
		return errors.New("the signature is wrong")
	}
	return nil
}
