package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

// Embed starts the platform for one command of the command line, on a free loopback port and embedded stores. Without a data
// folder it uses a temporary one, which stop removes. installing, if not nil, is called while engines' packages are being
// installed.
func Embed(ctx context.Context, dataDir string, quiet bool, installing func(engine string, bytes int64)) (
	url, key string, stop func(context.Context) error, err error,
) {
	cfg, err := config.Load()
	if err != nil {
		return "", "", nil, err
	}
	cfg.HTTP.Addr, cfg.TLS, cfg.Issuers = "127.0.0.1:0", config.TLS{}, nil // for this command alone
	cfg.DatabaseURL, cfg.RedisURL, cfg.BlobDir = models.Secret{}, models.Secret{}, ""
	remove := func() error { return nil }
	if cfg.DataDir = dataDir; dataDir == "" {
		if cfg.DataDir, err = os.MkdirTemp("", "spark-"); err != nil {
			return "", "", nil, err
		}
		remove = func() error { return os.RemoveAll(cfg.DataDir) }
	}
	if quiet {
		cfg.LogLevel = "error"
	}
	log, err := telemetry.NewLogger(cfg.LogLevel, cfg.LogFormat)
	if err != nil {
		return "", "", nil, errors.Join(err, remove())
	}
	a, err := Start(ctx, cfg, log, AllInOne...)
	if err != nil {
		return "", "", nil, errors.Join(err, remove())
	}
	a.toolchains.Watch(func(p toolchain.Progress) {
		if !p.Done && installing != nil {
			installing(p.Engine, p.Bytes)
		}
	})
	if _, err = a.localKey(ctx); models.CodeOf(err) == models.CodeNotFound {
		err = fmt.Errorf("the API key is not in %s, where it should be; make a new one: spark keys create --local --data-dir %s", cfg.KeyFile(), dataDir)
	}
	var plain string
	if err == nil {
		plain, err = keyring.ReadFile(cfg.KeyFile())
	}
	stop = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, cfg.ShutdownTimeout)
		defer cancel()
		return errors.Join(a.Close(ctx), remove())
	}
	if err != nil {
		return "", "", nil, errors.Join(err, stop(ctx))
	}
	return a.URL(), plain, stop, nil
}
