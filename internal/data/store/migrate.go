package store

import (
	"context"
	"embed"
	"fmt"
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
	if err := d.refuseNewer(ctx, p); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	return d.refuseNewer(ctx, p) // a newer one may have held the lock before
}

// refuseNewer is an error if the database has migrations that this program does not have: a newer one has migrated it.
func (d *db) refuseNewer(ctx context.Context, p *goose.Provider) error {
	current, _, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	known := map[int64]bool{0: true} // goose's own first row
	for _, m := range p.ListSources() {
		known[m.Version] = true
	}
	name, _ := d.dialect.migrations()
	versions, err := database.NewStore(name, goose.DefaultTablename)
	if err != nil {
		return err
	}
	applied, err := versions.ListMigrations(ctx, d.migrations)
	if err != nil {
		return err
	}
	for _, m := range applied {
		if !known[m.Version] {
			return fmt.Errorf("the schema of the database has version %d, and this program has version %d and does not know migration %d: "+
				"a newer Spark has migrated the database. Start that one, or restore a backup from before the upgrade",
				current, schemaVersion(), m.Version)
		}
	}
	return nil
}

// schemaVersion is the newest migration that this program has.
func schemaVersion() (version int64) {
	files, err := migrations.ReadDir("migrations/postgres")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, f := range files {
		if v, err := goose.NumericComponent(f.Name()); err == nil {
			version = max(version, v)
		}
	}
	return version
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
