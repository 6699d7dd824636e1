package app

import (
	"context"
	"fmt"
	"os"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/secrets"
	"github.com/spark-games/spark/models"
)

// Schema is how the schema of a database compares to what this program needs.
type Schema = store.Schema

// Migrate brings the schema of the configured database up to date, and returns the numbers of the migrations it has applied.
func Migrate(ctx context.Context, dataDir string) (applied []int64, err error) {
	cfg, err := local(ctx, dataDir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, err
	}
	return store.Migrate(models.Locally(ctx), cfg.Database())
}

// SchemaStatus reads how the schema of the configured database stands, and changes nothing.
func SchemaStatus(ctx context.Context, dataDir string) (s Schema, err error) {
	cfg, err := local(ctx, dataDir)
	if err != nil {
		return s, err
	}
	if cfg.DatabaseURL.Reveal() == "" {
		if _, err := os.Stat(cfg.DatabaseFile()); err != nil { // opening it would make it
			return s, fmt.Errorf("no database: %w", err)
		}
	}
	return store.SchemaOf(ctx, cfg.Database())
}

// local is the configuration with a data folder from the command line; "" leaves it to the environment. Its secrets are resolved.
func local(ctx context.Context, dataDir string) (*config.Config, error) {
	cfg, err := config.Load()
	if err != nil {
		return nil, err
	}
	if err := cfg.Override("", dataDir); err != nil {
		return nil, err
	}
	_, err = resolve(ctx, cfg, secrets.Options{})
	return cfg, err
}
