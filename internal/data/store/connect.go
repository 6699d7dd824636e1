package store

import (
	"errors"
	"net/url"
	"runtime"
	"strings"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Option changes how a database is opened.
type Option func(*db)

// Rotating has new connections to Postgres sign in with the user and password of the URL as it is then.
func Rotating(url func() string) Option { return func(d *db) { d.url = url } }

// connect opens the database that a URL names.
func connect(rawURL string, options ...Option) (*db, error) {
	d := &db{known: migrations}
	for _, o := range options {
		o(d)
	}
	var err error
	switch scheme, rest, _ := strings.Cut(rawURL, "://"); scheme {
	case "postgres", "postgresql":
		err = d.openPostgres(rawURL)
	case "sqlite":
		err = d.openSQLite(rest)
	default:
		err = errors.New(`a database URL starts with "postgres://" or "sqlite://"`)
	}
	return d, err
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		Logger:                 logger.Discard, // errors are returned, and logged by who handles them
		SkipDefaultTransaction: true,
		TranslateError:         true,
	}
}

// openSQLite opens one connection for writing, which avoids the busy-waiting of SQLite's own lock, and several for reading.
// synchronous(FULL) makes a commit survive a power failure, as an accepted job must.
func (d *db) openSQLite(path string) error {
	const pragmas = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_time_format=sqlite"
	if err := makePrivate(path); err != nil {
		return err
	}
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
	if d.w, err = open(dsn+"&_txlock=immediate", 1); err != nil {
		return err
	}
	if d.r, err = open(dsn+"&_pragma=query_only(1)", max(4, runtime.NumCPU())); err != nil {
		return err
	}
	d.dialect = sqliteDialect{}
	d.migrations, err = d.w.DB()
	return err
}
