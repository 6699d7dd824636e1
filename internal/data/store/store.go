// Package store is the database, and the only importer of gorm. It supports Postgres and SQLite (pure Go) with one set of
// queries.
//
// It has a facet for each kind of thing that it stores (Accounts, Projects, Jobs, …) over one database, so that a change may
// span facets in one transaction: a finished job stores its artifact. Each exported method is one transaction. The consumer of a
// facet declares the few methods that it needs. A method that takes an account refuses the empty one; methods that read across
// accounts are in Platform, and what anyone may read says so in its name.
//
// Times that decide anything, such as leases and what is due, come from the database's clock. Schema changes are numbered SQL
// files, see migrations.
package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	Accounts   *Accounts
	People     *People
	Projects   *Projects
	Jobs       *Jobs
	Stream     *Stream
	Ledger     *Ledger
	Backlog    *Backlog
	Artifacts  *Artifacts
	Provenance *Provenance
	Usage      *Usage
	Schedules  *Schedules
	Platform   *Platform
	Retention  *Retention
	Answers    *Answers
	Places     *Places
	Spending   *Spending
	Storage    *Storage
	Assets     *Assets
	Uploads    *Uploads
	Audit      *Audit
	Workers    *Workers
	Templates  *Templates
	Erasure    *Erasure
	Exports    *Exports
	Operations *Operations
	Webhooks   *Webhooks
	Deliveries *Deliveries

	db      *db
	batches []interface{ close() }
}

// Open connects to "postgres://…" or "sqlite:///path/to/file.db" and brings the schema up to date. It is for a database that no
// other process uses meanwhile; otherwise see Migrate and OpenMigrated.
func Open(ctx context.Context, rawURL string, options ...Option) (*Store, error) {
	return openWith(ctx, rawURL, options, func(d *db) error {
		if _, err := d.migrate(ctx, anyway); err != nil {
			return fmt.Errorf("migrate database: %w", err)
		}
		return nil
	})
}

// OpenMigrated is Open for a database whose schema is what the program needs, or a newer one on which it works. Every other
// schema is an error that says what to do, and stays as it is.
func OpenMigrated(ctx context.Context, rawURL string, options ...Option) (*Store, error) {
	return openWith(ctx, rawURL, options, func(d *db) error {
		s, err := d.schema(ctx)
		if err != nil {
			return fmt.Errorf("read the schema of the database: %w", err)
		}
		return s.current()
	})
}

// openWith connects, and prepares the schema.
func openWith(ctx context.Context, rawURL string, options []Option, prepare func(*db) error) (*Store, error) {
	d, err := connect(rawURL, options...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), d.close())
	}
	if err := prepare(d); err != nil {
		return nil, errors.Join(err, d.close())
	}
	if err := d.seed(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("seed database: %w", err), d.close())
	}
	q := d.queue()
	in, ledger, answers := newIntake(q), newLedger(q), newAnswers(d)
	return &Store{
		Uploads:  &Uploads{d},
		Accounts: &Accounts{d}, People: &People{d}, Projects: &Projects{d, &turns{}}, Jobs: &Jobs{d, in},
		Stream: &Stream{d, q}, Ledger: ledger, Backlog: &Backlog{db: q},
		Artifacts: &Artifacts{d}, Provenance: &Provenance{d}, Usage: &Usage{d}, Schedules: &Schedules{d}, Platform: &Platform{d}, Retention: &Retention{d},
		Answers: answers, Places: &Places{d}, Spending: &Spending{d}, Storage: &Storage{d}, Workers: &Workers{d}, Audit: &Audit{d}, Templates: &Templates{d},
		Erasure: &Erasure{d}, Exports: &Exports{d}, Assets: &Assets{d}, Operations: &Operations{q}, Webhooks: &Webhooks{d}, Deliveries: &Deliveries{q}, db: d,
		batches: []interface{ close() }{in, ledger, answers.keep},
	}, nil
}

// Close ends the group commits and the connections. Calls under way fail.
func (s *Store) Close() error {
	for _, b := range s.batches {
		b.close()
	}
	return s.db.close()
}

// Ping reports whether the database answers and takes writes, and whether a connection can be had of each kind that requests and jobs use, before
// ctx ends: a process whose connections are all in use for so long cannot serve.
func (s *Store) Ping(ctx context.Context) error {
	err := s.db.write(ctx, func(tx *tx) error {
		// The check is a real write, because a full disk still answers queries.
		return tx.Exec(fmt.Sprintf(`INSERT INTO probes (name, at) VALUES ('database', %s)
			ON CONFLICT (name) DO UPDATE SET at = excluded.at`, s.db.dialect.now())).Error
	})
	for _, pool := range []*gorm.DB{s.db.r, s.db.fast} {
		if err == nil && pool != nil && pool != s.db.w {
			err = s.db.wrap(pool.WithContext(ctx).Exec("SELECT 1").Error)
		}
	}
	return err
}
