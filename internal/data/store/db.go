package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// db is the open database that all facets use.
type db struct {
	r, w       *gorm.DB // the same for Postgres; SQLite has one writer
	fast       *gorm.DB // for what moves jobs; nil for SQLite
	migrations *sql.DB  // without the time limits of Postgres; SQLite's is its writer's
	dialect    dialect
	known      fs.FS         // the migrations that this program has
	url        func() string // that new connections sign in with; nil is the one it was opened with
}

// tx is a transaction. Writes that several facets need are methods of it, so that they cannot be done outside of one.
type tx struct {
	*gorm.DB
	dialect  dialect
	act      *models.Act // what the transaction is part of; nil is the platform's own
	recorded bool        // it has an entry of the audit for that
}

// write runs f in a transaction. The first one of a request with an idempotency key is that of its effect, and notes the request.
func (d *db) write(ctx context.Context, f func(tx *tx) error) error {
	claim := models.ClaimFrom(ctx)
	if claim == nil || claim.Stored() {
		return d.transaction(ctx, f)
	}
	err := d.transaction(ctx, func(tx *tx) error {
		refused, err := tx.claim(claim)
		if err == nil && refused[claim] {
			err = models.ErrTwin
		}
		if err != nil {
			return err
		}
		return f(tx)
	})
	if err == nil {
		claim.SetStored()
	}
	return err
}

func (d *db) transaction(ctx context.Context, f func(tx *tx) error) error {
	act, recorded := models.ActFrom(ctx), false
	err := d.wrap(d.w.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		t := &tx{DB: g, dialect: d.dialect, act: act}
		err := f(t)
		recorded = t.recorded
		return err
	}))
	if err == nil && recorded {
		act.SetStored()
	}
	return err
}

// statement is write for what is one statement where the database can write in queries, and a transaction by itself.
func (d *db) statement(ctx context.Context, f func(tx *tx) error) error {
	if d.dialect.writesInQueries() {
		return d.wrap(f(&tx{DB: d.w.WithContext(ctx), dialect: d.dialect, act: models.ActFrom(ctx)}))
	}
	return d.write(ctx, f)
}

// queue is the same database for the facets that move jobs.
func (d *db) queue() *db {
	if d.fast == nil {
		return d
	}
	q := *d
	q.r, q.w = d.fast, d.fast
	return &q
}

// read is a session for queries outside a transaction.
func (d *db) read(ctx context.Context) *gorm.DB { return d.r.WithContext(ctx) }

// readLong calls f with a session for queries that may take longer than others, such as all of a table.
func (d *db) readLong(ctx context.Context, f func(q *gorm.DB) error) error {
	unlimited := d.dialect.unlimited()
	if unlimited == "" {
		return f(d.read(ctx))
	}
	var own error // of f, which may not be the database's
	err := d.read(ctx).Transaction(func(q *gorm.DB) error {
		if err := q.Exec(unlimited).Error; err != nil {
			return err
		}
		own = f(q)
		return own
	})
	if own != nil {
		return own
	}
	return d.wrap(err)
}

// of is read for the rows of one account. Without an account it is an error, never every account.
func (d *db) of(ctx context.Context, accountID string) *gorm.DB {
	q := d.read(ctx)
	if err := needAccount(accountID); err != nil {
		_ = q.AddError(err)
		return q
	}
	return q.Where("account_id = ?", accountID)
}

// needAccount refuses the empty account.
func needAccount(id string) error {
	if id == "" {
		return errNoAccount
	}
	return nil
}

// errNoAccount is a bug in the caller: it asked for something that belongs to an account without naming the account.
var errNoAccount = models.NewError(models.CodeInternal, "no account was named")

func (d *db) close() error {
	var errs []error
	for _, db := range []*gorm.DB{d.r, d.w, d.fast} {
		if db == nil {
			continue
		}
		if pool, err := db.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	if d.migrations != nil {
		errs = append(errs, d.migrations.Close())
	}
	return errors.Join(errs...)
}

// wrap translates a database error for the caller. A violated constraint is a conflict; a database that does not answer or has
// no room is "unavailable", which the API answers with 503 and Retry-After; an error in the query itself stays as it is. Errors
// that already have a code are returned unchanged.
func (d *db) wrap(err error) error {
	var known *models.Error
	if err == nil || errors.As(err, &known) || isControl(err) {
		return err
	}
	if t, ok := d.w.Dialector.(gorm.ErrorTranslator); ok {
		err = t.Translate(err)
	}
	var pgErr *pgconn.PgError
	switch {
	case errors.Is(err, gorm.ErrForeignKeyViolated), errors.Is(err, gorm.ErrDuplicatedKey), errors.Is(err, gorm.ErrCheckConstraintViolated):
		return models.WrapError(models.CodeConflict, "it refers to something that is gone, or is there already", err)
	case errors.As(err, &pgErr) && (pgErr.Code == undefinedColumn || pgErr.Code == undefinedTable):
		return models.WrapError(models.CodeUnavailable, fmt.Sprintf("the schema of the database does not fit this process, which has version %d: "+
			"after an upgrade, restart every process with the new program", schemaVersion()), err)
	case pgErr != nil && !passing(pgErr.Code):
		return err
	case pgErr != nil && pgErr.Code == lockNotAvailable:
		return models.WrapError(models.CodeUnavailable, "another change holds what this one needs, try again soon", err)
	}
	return models.WrapError(models.CodeUnavailable, "the database is not available, try again soon", err)
}

// Codes of Postgres' errors.
const (
	lockNotAvailable = "55P03" // after lock_timeout
	undefinedColumn  = "42703" // another process has migrated the database since this one started
	undefinedTable   = "42P01"
	planChanged      = "0A000" // a prepared SELECT * after a column was added; pgx prepares it again
)

// passing reports whether a class of Postgres errors is temporary: lost connections, rollbacks because of other transactions, a
// read-only standby, insufficient resources, an object in use, an operator's intervention or a timeout, a broken disk.
func passing(code string) bool {
	if code == planChanged {
		return true
	}
	switch code[:2] {
	case "08", "25", "40", "53", "55", "57", "58":
		return true
	}
	return false
}

// clock reads the database's clock.
func (d *db) clock(ctx context.Context) (time.Time, error) {
	var text string
	if err := d.read(ctx).Raw("SELECT " + d.dialect.nowText()).Scan(&text).Error; err != nil {
		return time.Time{}, d.wrap(err)
	}
	return parseClock(text)
}

// parseClock parses what the dialects' nowText gives.
func parseClock(text string) (time.Time, error) {
	t, err := time.Parse("2006-01-02 15:04:05.999999999-07:00", text)
	return t.UTC(), err
}

// isControl reports whether an error controls the flow of the caller, and is not from the database.
func isControl(err error) bool {
	return errors.Is(err, jobs.ErrNotClaimable) || errors.Is(err, jobs.ErrFired) || errors.Is(err, jobs.ErrStale) || errors.Is(err, jobs.ErrBehind)
}
