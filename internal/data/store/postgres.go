package store

import (
	"context"
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
	"jit":                                 "off", // compiling takes longer than any of our statements
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
	migrating := config.Copy()
	maps.Copy(migrating.RuntimeParams, migrationLimits)
	signIn := stdlib.OptionBeforeConnect(d.signIn)
	d.migrations = stdlib.OpenDB(*migrating, signIn)
	d.migrations.SetMaxIdleConns(0)

	fast := config.Copy()
	maps.Copy(fast.RuntimeParams, queuePlans)
	for params, to := range map[*pgx.ConnConfig]**gorm.DB{config: &d.w, fast: &d.fast} {
		pool := stdlib.OpenDB(*params, signIn)
		pool.SetMaxOpenConns(16)
		pool.SetMaxIdleConns(8)
		pool.SetConnMaxIdleTime(5 * time.Minute)
		if *to, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig()); err != nil {
			return errors.Join(redactURL(err, rawURL), pool.Close())
		}
	}
	d.r, d.dialect = d.w, postgresDialect{}
	return nil
}

// signIn gives a new connection the user and password that the URL has now, which may have been rotated.
func (d *db) signIn(_ context.Context, to *pgx.ConnConfig) error {
	if d.url == nil {
		return nil
	}
	now, err := pgx.ParseConfig(d.url())
	if err != nil {
		return redactURL(err, d.url())
	}
	to.User, to.Password = now.User, now.Password
	return nil
}

// queuePlans are settings of the connections that move jobs. A queue is empty at one moment and deep at the next, so that its statistics
// mislead the planner: the indexes are right at any time. And planning one of these statements anew takes as long as running it.
var queuePlans = map[string]string{
	"enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
	"plan_cache_mode": "force_generic_plan",
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
