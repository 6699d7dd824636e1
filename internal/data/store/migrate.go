package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema up to date and returns the numbers of the migrations that it has applied. On Postgres, an advisory
// lock lets several processes call it concurrently. A migration is a transaction: one that was interrupted has done nothing, and
// the next call continues with it. It is an error if a migration needs stopped processes and jobs are running.
func Migrate(ctx context.Context, rawURL string) (applied []int64, err error) {
	err = withDB(rawURL, func(d *db) error {
		applied, err = d.migrate(ctx, whenStopped)
		if err != nil {
			return fmt.Errorf("migrate database: %w", err)
		}
		if err := d.seed(ctx); err != nil || len(applied) == 0 {
			return err
		}
		return d.write(ctx, func(tx *tx) error {
			return tx.record("schema.migrate", resource{}, details{"versions": fmt.Sprint(applied)})
		})
	})
	return applied, err
}

// withDB calls f with a database that is opened for it alone.
func withDB(rawURL string, f func(*db) error) error {
	d, err := connect(rawURL)
	if err != nil {
		return errors.Join(fmt.Errorf("open database: %w", err), d.close())
	}
	return errors.Join(f(d), d.close())
}

// Whether migrations that need stopped processes are applied while jobs have leases: not when other processes may hold them.
const (
	whenStopped = false
	anyway      = true
)

// migrate applies the pending migrations.
func (d *db) migrate(ctx context.Context, leased bool) (applied []int64, err error) {
	s, err := d.schema(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.fits(); err != nil || len(s.Pending) == 0 {
		return nil, err
	}
	if s.NeedsStop && !leased {
		if err := d.stopped(ctx); err != nil {
			return nil, err
		}
	}
	p, err := d.migrator()
	if err != nil {
		return nil, err
	}
	results, err := p.Up(ctx)
	if partial := (*goose.PartialError)(nil); errors.As(err, &partial) {
		results = partial.Applied
	}
	for _, r := range results {
		applied = append(applied, r.Source.Version)
	}
	if err != nil {
		return applied, err
	}
	if s, err = d.schema(ctx); err != nil { // a newer program may have held the lock before
		return applied, err
	}
	return applied, s.fits()
}

// stopped is an error if a worker holds the lease of a job. The column, not the table, says where leases are: migrations move it.
func (d *db) stopped(ctx context.Context) error {
	tables, err := d.tables(ctx, d.migrations)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if !t.has("lease_expires_at") {
			continue
		}
		var leases int
		query := fmt.Sprintf("SELECT count(*) FROM %s WHERE lease_expires_at > %s", quote(t.name), d.dialect.now()) //nolint:gosec // a quoted name
		if err := d.migrations.QueryRowContext(ctx, query).Scan(&leases); err != nil {
			return err
		}
		if leases > 0 {
			return fmt.Errorf("%w: %d running jobs have a lease. Stop every api, worker and scheduler, wait ten seconds, and run it again",
				ErrNotStopped, leases)
		}
	}
	return nil
}

// ErrNotStopped is the error of a migration during which no process may run.
var ErrNotStopped = errors.New("a migration needs stopped processes")

// needsStop is how a migration's file says that no other process may run while it is applied.
var needsStop = regexp.MustCompile(`(?m)^-- \+spark stopped$`)

// files are the SQL files of the migrations for this database.
func (d *db) files() (fs.FS, error) {
	_, folder := d.dialect.migrations()
	return fs.Sub(d.known, folder)
}

// migrator knows the numbered SQL files and the migrations that need Go. A migration with a lower number that was merged later
// is applied too: numbers are assigned in branches, which are merged in any order.
func (d *db) migrator() (*goose.Provider, error) {
	dialect, _ := d.dialect.migrations()
	options := []goose.ProviderOption{goose.WithGoMigrations(d.treesFromManifests()), goose.WithAllowOutofOrder(true)}
	if dialect == database.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := d.files()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, d.migrations, files, options...)
}
