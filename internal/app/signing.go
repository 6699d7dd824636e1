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
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// attestor signs the provenance of what this worker makes, and makes its public key known. It is nil when there is no key:
// a platform of several processes must be given one, since one that a worker made for itself would go with the machine.
func (a *App) attestor(ctx context.Context) (jobs.Attestor, error) {
	key, err := a.signingKey()
	if err != nil {
		return nil, err
	}
	if key == nil {
		a.log.Warn("artifacts are not signed: SPARK_SIGNING_KEY_FILE names no key")
		return nil, nil //nolint:nilnil // no attestor is what is meant
	}
	s, err := provenance.NewSigner(key, provenance.Builder{ID: a.cfg.BuilderID, Version: versions()})
	if err != nil {
		return nil, fmt.Errorf("signing key: %s: %w", a.signingKeyFile(), err)
	}
	text, err := s.Public().PEM()
	if err != nil {
		return nil, err
	}
	if err := a.store.Provenance.SaveSigningKey(ctx, models.SigningKey{ID: s.Public().ID, PublicKey: text}); err != nil {
		return nil, err
	}
	a.log.Info("artifacts are signed", zap.String("key", s.Public().ID))
	return s, nil
}

func (a *App) signingKeyFile() string {
	if f := a.cfg.SigningKeyFile; f != "" {
		return f
	}
	return a.cfg.SigningKey()
}

// signingKey reads the private key. A platform that is all in one process, which holds the lock of its data folder, makes
// one when there is none.
func (a *App) signingKey() ([]byte, error) {
	embedded := a.cfg.RedisURL.Reveal() == ""
	if a.cfg.SigningKeyFile == "" && !embedded {
		return nil, nil
	}
	key, err := os.ReadFile(a.signingKeyFile())
	if a.cfg.SigningKeyFile == "" && errors.Is(err, fs.ErrNotExist) {
		if key, err = provenance.NewKey(); err == nil {
			err = writeSecret(a.cfg.SigningKey(), string(key))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return key, nil
}

// versions are those of the program's parts that decide on what it makes.
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
