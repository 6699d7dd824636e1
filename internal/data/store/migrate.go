package store

import (
	"context"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date. On Postgres, an advisory lock lets several processes start concurrently.
func (d *db) migrate(ctx context.Context) error {
	p, err := d.migrator()
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// migrator knows the numbered SQL files and the migrations that need Go. A migration with a lower number that was merged later
// is applied too: numbers are assigned in branches, which are merged in any order.
func (d *db) migrator() (*goose.Provider, error) {
	dialect, folder := d.dialect.migrations()
	options := []goose.ProviderOption{goose.WithGoMigrations(d.treesFromManifests()), goose.WithAllowOutofOrder(true)}
	if dialect == database.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, d.migrations, files, options...)
}
