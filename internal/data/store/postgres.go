package store

import (
	"errors"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// limits are how long the server lets a session wait and work, whatever becomes of its client. The database's URL may name
// others.
var limits = map[string]string{
	"lock_timeout":                        "5s",
	"statement_timeout":                   "30s",
	"idle_in_transaction_session_timeout": "30s", // a process that hangs does not keep its locks
}

// migrationLimits are those of migrations, which may rewrite large tables.
var migrationLimits = map[string]string{"lock_timeout": "1min", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}

// connectWithin bounds how long making a connection may take, unless the URL says otherwise.
const connectWithin = 10 * time.Second

func (d *db) openPostgres(rawURL string) error {
	config, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return redactURL(err, rawURL)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectWithin
	}
	named := maps.Clone(config.RuntimeParams)
	maps.Copy(config.RuntimeParams, limits)
	maps.Copy(config.RuntimeParams, named)
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(5 * time.Minute)

	migrating := config.Copy()
	maps.Copy(migrating.RuntimeParams, migrationLimits)
	d.migrations = stdlib.OpenDB(*migrating)
	d.migrations.SetMaxIdleConns(0)

	db, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig())
	if err != nil {
		return errors.Join(redactURL(err, rawURL), pool.Close())
	}
	d.r, d.w, d.dialect = db, db, postgresDialect{}
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
