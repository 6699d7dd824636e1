// Package store is the database: the only importer of gorm. It implements the interfaces that jobs, internal/api/httpapi,
// internal/transport/schedule and the handlers declare, over Postgres and over SQLite (pure Go), with one set of queries.
//
// Each exported method is one transaction. Times that decide anything — leases, what is due — come from the database's
// clock. Schema changes are numbered SQL files, see migrations.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5/pgconn"
	"go.uber.org/zap"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/spark-games/spark/models"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	r, w    *gorm.DB // the same for Postgres; SQLite has one writer
	dialect dialect
	intake  *intake
	log     *zap.Logger
}

// Open connects to "postgres://…" or "sqlite:///path/to/file.db" and brings the schema up to date.
func Open(ctx context.Context, rawURL string, log *zap.Logger) (*Store, error) {
	s := &Store{log: log}
	var err error
	switch scheme, rest, _ := strings.Cut(rawURL, "://"); scheme {
	case "postgres", "postgresql":
		err = s.openPostgres(rawURL)
	case "sqlite":
		err = s.openSQLite(rest)
	default:
		err = errors.New(`a database URL starts with "postgres://" or "sqlite://"`)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate database: %w", err), s.close())
	}
	s.intake = newIntake(s)
	return s, nil
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		Logger:                 logger.Discard, // errors are returned, and logged by who handles them
		SkipDefaultTransaction: true,
		TranslateError:         true,
	}
}

func (s *Store) openPostgres(rawURL string) error {
	db, err := gorm.Open(postgres.New(postgres.Config{DSN: rawURL}), gormConfig())
	if err != nil {
		return redactURL(err, rawURL)
	}
	pool, err := db.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	s.r, s.w, s.dialect = db, db, postgresDialect{}
	return nil
}

// openSQLite opens one writing connection, which spares the busy-waiting of SQLite's own lock, and several for reading.
// synchronous(FULL) makes a commit survive a power failure, as an accepted job must.
func (s *Store) openSQLite(path string) error {
	const pragmas = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_time_format=sqlite"
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + pragmas
	open := func(dsn string, conns int) (*gorm.DB, error) {
		db, err := gorm.Open(sqlite.Open(dsn), gormConfig())
		if err != nil {
			return nil, err
		}
		pool, err := db.DB()
		if err != nil {
			return nil, err
		}
		pool.SetMaxOpenConns(conns)
		pool.SetMaxIdleConns(conns)
		return db, nil
	}
	var err error
	if s.w, err = open(dsn+"&_txlock=immediate", 1); err != nil {
		return err
	}
	if s.r, err = open(dsn+"&_pragma=query_only(1)", max(4, runtime.NumCPU())); err != nil {
		return err
	}
	s.dialect = sqliteDialect{}
	return nil
}

// redactURL keeps the password of a database URL out of an error.
func redactURL(err error, rawURL string) error {
	u, perr := url.Parse(rawURL)
	if perr != nil || u.User == nil {
		return err
	}
	if pw, ok := u.User.Password(); ok && pw != "" {
		return errors.New(strings.ReplaceAll(strings.ReplaceAll(err.Error(), rawURL, u.Redacted()), pw, "xxxxx"))
	}
	return err
}

// Close ends the group commit and the connections. Calls under way fail.
func (s *Store) Close() error {
	s.intake.close()
	return s.close()
}

func (s *Store) close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.r, s.w} {
		if db == nil {
			continue
		}
		if pool, err := db.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping tells whether the database answers and takes writes.
func (s *Store) Ping(ctx context.Context) error {
	return s.tx(ctx, func(tx *gorm.DB) error {
		// A write that is one, since a full disk answers questions.
		return tx.Exec(fmt.Sprintf(`INSERT INTO rollups (scope, rolled_to) VALUES ('ping', %s)
			ON CONFLICT (scope) DO UPDATE SET rolled_to = excluded.rolled_to`, s.dialect.now())).Error
	})
}

// tx runs f in a transaction on the writer.
func (s *Store) tx(ctx context.Context, f func(tx *gorm.DB) error) error {
	return s.wrap(s.w.WithContext(ctx).Transaction(f))
}

// read is a session for queries outside a transaction.
func (s *Store) read(ctx context.Context) *gorm.DB { return s.r.WithContext(ctx) }

// wrap says what a failure of the database means to the caller. A violated constraint is a conflict; what does not answer
// or has no room is "unavailable", which the API answers with 503 and Retry-After; a query that is itself wrong stays a
// bare error. Errors that already say what they are pass.
func (s *Store) wrap(err error) error {
	var known *models.Error
	if err == nil || errors.As(err, &known) || isControl(err) {
		return err
	}
	if t, ok := s.w.Dialector.(gorm.ErrorTranslator); ok {
		err = t.Translate(err)
	}
	var pgErr *pgconn.PgError
	switch {
	case errors.Is(err, gorm.ErrForeignKeyViolated), errors.Is(err, gorm.ErrDuplicatedKey), errors.Is(err, gorm.ErrCheckConstraintViolated):
		return models.WrapError(models.CodeConflict, "it refers to something that is gone, or is there already", err)
	case errors.As(err, &pgErr) && !passing(pgErr.Code):
		return err
	}
	return models.WrapError(models.CodeUnavailable, "the database is not available, try again soon", err)
}

// passing tells the classes of Postgres' errors that go away: lost connections, rollbacks for the sake of others, a
// read-only standby, too few resources, an operator's intervention, a broken disk.
func passing(code string) bool {
	switch code[:2] {
	case "08", "25", "40", "53", "57", "58":
		return true
	}
	return false
}
