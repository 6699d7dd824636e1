package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Schema is how the schema of a database compares to what this program needs.
type Schema struct {
	Version int64 // the newest migration that the database has; 0 if it has none
	Program int64 // the newest that the program has

	Pending   []int64 // migrations that the database lacks, ascending
	NeedsStop bool    // one of them must be applied while no process of the platform runs

	// Newer are migrations that the program does not know: a newer one has applied them. Those that stop it are in Unfit.
	Newer, Unfit []int64
}

// SchemaOf reads how the schema of a database stands. It changes nothing.
func SchemaOf(ctx context.Context, rawURL string) (s Schema, err error) {
	err = withDB(rawURL, func(d *db) (err error) {
		s, err = d.schema(ctx)
		return err
	})
	return s, err
}

// ErrNotMigrated is the error of a database whose schema lacks something that the program needs.
var ErrNotMigrated = errors.New(`run "spark migrate" first, or start with --migrate (SPARK_MIGRATE=true)`)

// current is an error if the program does not work on the schema as it is.
func (s Schema) current() error {
	if err := s.fits(); err != nil || len(s.Pending) == 0 {
		return err
	}
	if s.Version == 0 {
		return fmt.Errorf("the database is empty: %w", ErrNotMigrated)
	}
	return fmt.Errorf("the schema of the database has version %d, and this program needs version %d (%d migrations are missing): %w",
		s.Version, s.Program, len(s.Pending), ErrNotMigrated)
}

// fits is an error if a newer program has migrated the database to a schema on which this one does not work.
func (s Schema) fits() error {
	if len(s.Unfit) == 0 {
		return nil
	}
	return fmt.Errorf("the schema of the database has version %d, and this program has version %d and does not know migration %d: "+
		"a newer Spark has migrated the database. Start that one, or restore a backup from before the upgrade",
		s.Version, s.Program, s.Unfit[0])
}

// schema reads how the schema stands.
func (d *db) schema(ctx context.Context) (s Schema, err error) {
	known, err := d.versions()
	if err != nil {
		return s, err
	}
	if s.Program, err = newest(d.known); err != nil {
		return s, err
	}
	applied, err := d.applied(ctx)
	if err != nil {
		return s, err
	}
	for _, v := range applied {
		s.Version = max(s.Version, v)
		if !slices.Contains(known, v) {
			s.Newer = append(s.Newer, v)
		}
	}
	if s.Unfit, err = d.unfit(ctx, s.Newer, applied, known); err != nil {
		return s, err
	}
	files, err := d.files()
	if err != nil {
		return s, err
	}
	for _, v := range known {
		if slices.Contains(applied, v) {
			continue
		}
		s.Pending = append(s.Pending, v)
		stop, err := marked(files, v)
		if err != nil {
			return s, err
		}
		s.NeedsStop = s.NeedsStop || stop
	}
	return s, nil
}

// versions are the numbers of the program's migrations, ascending.
func (d *db) versions() (all []int64, err error) {
	p, err := d.migrator()
	if err != nil {
		return nil, err
	}
	for _, m := range p.ListSources() {
		all = append(all, m.Version)
	}
	return all, nil
}

// applied are the numbers of the migrations that the database has, ascending.
func (d *db) applied(ctx context.Context) ([]int64, error) { return d.appliedIn(ctx, d.migrations) }

func (d *db) appliedIn(ctx context.Context, q database.DBTxConn) (all []int64, err error) {
	tables, err := d.tables(ctx, q)
	if err != nil || !slices.ContainsFunc(tables, func(t table) bool { return t.name == goose.DefaultTablename }) {
		return nil, err
	}
	name, _ := d.dialect.migrations()
	store, err := database.NewStore(name, goose.DefaultTablename)
	if err != nil {
		return nil, err
	}
	rows, err := store.ListMigrations(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		if m.Version > 0 { // the first row is goose's own
			all = append(all, m.Version)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// unfit are those of the newer migrations on which the program does not work, according to the database.
func (d *db) unfit(ctx context.Context, newer, applied, known []int64) (all []int64, err error) {
	worksWith := make(map[int64]int64)
	if len(newer) > 0 && slices.Contains(applied, compatibleSince) {
		rows, err := d.migrations.QueryContext(ctx, "SELECT version, works_with FROM compatible_migrations")
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var version, with int64
			if err := rows.Scan(&version, &with); err != nil {
				return nil, err
			}
			worksWith[version] = with
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	for _, v := range newer {
		if with, told := worksWith[v]; !told || !slices.Contains(known, with) {
			all = append(all, v)
		}
	}
	return all, nil
}

// compatibleSince is the migration that makes the table of compatible migrations.
const compatibleSince = 30

// marked reports whether a migration needs stopped processes. Those in Go do not.
func marked(files fs.FS, version int64) (bool, error) {
	names, err := fs.Glob(files, fmt.Sprintf("%05d_*.sql", version))
	if err != nil || len(names) == 0 {
		return false, err
	}
	text, err := fs.ReadFile(files, names[0])
	return needsStop.Match(text), err
}

// schemaVersion is the newest migration that this program has.
func schemaVersion() int64 {
	version, err := newest(migrations)
	if err != nil {
		panic(err) // they are part of the program
	}
	return version
}

// newest is the highest number of the migrations in a file system.
func newest(files fs.FS) (version int64, err error) {
	entries, err := fs.ReadDir(files, "migrations/postgres")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if v, err := goose.NumericComponent(e.Name()); err == nil {
			version = max(version, v)
		}
	}
	return version, nil
}
