package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// attestor signs the provenance of artifacts and publishes its public key. It is nil when there is no key: the workers of a
// platform of several processes must be given one, because a key that a worker made for itself would be lost with the machine.
func (w *worker) attestor(ctx context.Context) (jobs.Attestor, error) {
	key, err := w.signingKey()
	if err != nil {
		return nil, err
	}
	if key == nil {
		w.log.Warn("artifacts are not signed: SPARK_SIGNING_KEY_FILE names no key")
		return nil, nil //nolint:nilnil // nil means no attestor
	}
	s, err := provenance.NewSigner(key, provenance.Builder{ID: w.cfg.BuilderID, Version: versions()})
	if err != nil {
		return nil, fmt.Errorf("signing key: %s: %w", w.signingKeyFile(), err)
	}
	text, err := s.Public().PEM()
	if err != nil {
		return nil, err
	}
	if err := w.store.Provenance.SaveSigningKey(ctx, models.SigningKey{ID: s.Public().ID, PublicKey: text}); err != nil {
		return nil, err
	}
	w.log.Info("artifacts are signed", zap.String("key", s.Public().ID))
	return s, nil
}

func (w *worker) signingKeyFile() string {
	if f := w.cfg.SigningKeyFile; f != "" {
		return f
	}
	return w.cfg.SigningKey()
}

// signingKey reads the private key. An all-in-one platform, which holds the lock of its data folder, makes one if there is none.
func (w *worker) signingKey() ([]byte, error) {
	embedded := w.cfg.RedisURL.Reveal() == ""
	if w.cfg.SigningKeyFile == "" && !embedded {
		return nil, nil
	}
	key, err := os.ReadFile(w.signingKeyFile())
	if w.cfg.SigningKeyFile == "" && errors.Is(err, fs.ErrNotExist) {
		if key, err = provenance.NewKey(); err == nil {
			err = keyring.WriteFile(w.cfg.SigningKey(), string(key))
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
