package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// attestor signs the provenance of artifacts and publishes its public key. It is nil when there is no key: the workers of a
// platform of several processes must be given one, because a key that a worker made for itself would be lost with the machine.
func (w *worker) attestor(ctx context.Context) (jobs.Attestor, error) {
	a, err := w.signing(ctx)
	if err != nil {
		return nil, err
	}
	if a == nil {
		w.log.Warn("artifacts are not signed: SPARK_SIGNING_KEY_FILE names no key")
		return nil, nil //nolint:nilnil // nil means no attestor
	}
	return a, nil
}

// signing is what signs with the process's key, now and after it was rotated, and has published the public one; nil if there is no key.
func (p *parts) signing(ctx context.Context) (*attestor, error) {
	key, err := p.signingKey()
	if err != nil || key == nil {
		return nil, err
	}
	a := &attestor{}
	if err := p.sign(ctx, a, key); err != nil {
		return nil, err
	}
	p.rotations.on("provenance.signing_key", func() {
		p.rotated("provenance.signing_key", p.sign(context.WithoutCancel(ctx), a, []byte(p.cfg.SigningKey.Reveal())))
	})
	return a, nil
}

// attestor signs with the key that is current. The public keys of earlier ones stay published.
type attestor struct {
	signer atomic.Pointer[provenance.Signer]
}

// Attest implements jobs.Attestor.
func (a *attestor) Attest(ctx context.Context, p models.Provenance) ([]byte, error) {
	return a.signer.Load().Attest(ctx, p)
}

// Checkpoint signs what is left of entries of the audit that were removed.
func (a *attestor) Checkpoint(ctx context.Context, c models.Checkpoint) ([]byte, error) {
	return a.signer.Load().Checkpoint(ctx, c)
}

// sign publishes a key, and has the attestor use it from now on.
func (p *parts) sign(ctx context.Context, a *attestor, key []byte) error {
	s, err := provenance.NewSigner(key, provenance.Builder{ID: p.cfg.BuilderID, Version: versions()})
	if err != nil {
		return fmt.Errorf("signing key: %w", err)
	}
	text, err := s.Public().PEM()
	if err != nil {
		return err
	}
	if err := p.store.Provenance.SaveSigningKey(ctx, models.SigningKey{ID: s.Public().ID, PublicKey: text}); err != nil {
		return err
	}
	a.signer.Store(s)
	p.log.Info("what this process makes is signed", zap.String("key", s.Public().ID))
	return nil
}

// signingKey is the private key. An all-in-one platform, which holds the lock of its data folder, makes one if there is none.
func (p *parts) signingKey() ([]byte, error) {
	if key := p.cfg.SigningKey.Reveal(); key != "" {
		return []byte(key), nil
	}
	if p.cfg.RedisURL.Reveal() != "" {
		return nil, nil
	}
	key, err := os.ReadFile(p.cfg.SigningKeyFile())
	if errors.Is(err, fs.ErrNotExist) {
		if key, err = provenance.NewKey(); err == nil {
			err = keyring.WriteFile(p.cfg.SigningKeyFile(), string(key))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return key, nil
}

// version is the program's version, for people.
func version() string {
	if v := versions()["spark"]; v != "" && v != "unknown" && v != "(devel)" {
		return v
	}
	return "development"
}

// versions are those of the parts of the program that determine its output.
func versions() map[string]string {
	v := map[string]string{"spark": "unknown", "go": runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v["spark"] = info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v["revision"] = s.Value
		}
	}
	return v
}
