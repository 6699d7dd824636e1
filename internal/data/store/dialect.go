package store

import (
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3/database"
)

// dialect holds the few differences between the two databases.
type dialect interface {
	// migrations are goose's name of the dialect and the folder of its SQL files.
	migrations() (name database.Dialect, folder string)
	// bind writes a query's placeholders, which are question marks, as the driver takes them.
	bind(query string) string
	clock
	// lock locks the selected rows against other writers, but not against those who only refer to them by their key. It waits
	// for rows that others have locked, or passes over them. SQLite has one writer and needs neither.
	lock(pass bool) string
	// lockWhole is lock, also against those who keep the rows as they are, with keep. It waits.
	lockWhole() string
	keep() string
	// lockName locks a name, which an expression gives, until the transaction ends; with pass it is a boolean and does not wait. "" where
	// transactions that write take turns anyway.
	lockName(name string, pass bool) string
	// unlimited lifts the time limit of statements for the rest of a transaction; "" where there is none.
	unlimited() string
	// rows is a query for the records, with its arguments.
	rows(r *records) (sql string, args []any)
	// writesInQueries reports whether WITH may update and insert, so that a change and its event are one statement.
	writesInQueries() bool
}

// clock is how the two databases tell the time.
type clock interface {
	// now is the database's clock, the same throughout a statement so that an index on a time can be used.
	now() string
	// nowText is the clock as text: "2006-01-02 15:04:05.999999+00:00".
	nowText() string
	// nowPlus is the clock plus as many microseconds as an integer expression says.
	nowPlus(micros string) string
	// age is how many seconds a time is ago.
	age(of string) string
	// hour is the hour of a time, in UTC, as text: 2026-01-31 07.
	hour(of string) string
	// timestamp is a time for a comparison with one that the database wrote, or to write one for such a comparison.
	timestamp(t time.Time) any
}

// time is a time that may be missing, for a record.
func (tx *tx) time(t *time.Time) any {
	if t == nil {
		return nil
	}
	return tx.dialect.timestamp(*t)
}

// What lock does with rows that others have locked.
const (
	waitLocked = false
	passLocked = true
)

// micros is a duration for nowPlus.
func micros(d time.Duration) string { return strconv.FormatInt(d.Microseconds(), 10) }

type postgresDialect struct{}

func (postgresDialect) migrations() (name database.Dialect, folder string) {
	return database.DialectPostgres, "migrations/postgres"
}

func (postgresDialect) bind(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = after
	}
}

func (postgresDialect) now() string { return "statement_timestamp()" }
func (postgresDialect) nowText() string {
	return "to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00'"
}

func (postgresDialect) nowPlus(micros string) string {
	return "statement_timestamp() + (" + micros + ") * interval '1 microsecond'"
}
func (postgresDialect) age(of string) string {
	return "extract(epoch FROM statement_timestamp() - (" + of + "))"
}
func (postgresDialect) hour(of string) string {
	return "to_char((" + of + ") AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"
}
func (postgresDialect) timestamp(t time.Time) any { return t.UTC() }
func (postgresDialect) lock(pass bool) string {
	if pass {
		return " FOR NO KEY UPDATE SKIP LOCKED"
	}
	return " FOR NO KEY UPDATE"
}
func (postgresDialect) lockWhole() string { return " FOR UPDATE" }
func (postgresDialect) keep() string      { return " FOR KEY SHARE" }
func (postgresDialect) lockName(name string, pass bool) string {
	if pass {
		return "pg_try_advisory_xact_lock(hashtextextended(" + name + ", 0))"
	}
	return "pg_advisory_xact_lock(hashtextextended(" + name + ", 0))"
}
func (postgresDialect) unlimited() string     { return "SET LOCAL statement_timeout = 0" }
func (postgresDialect) writesInQueries() bool { return true }

type sqliteDialect struct{}

func (sqliteDialect) migrations() (name database.Dialect, folder string) {
	return database.DialectSQLite3, "migrations/sqlite"
}

func (sqliteDialect) bind(query string) string { return query }

func (sqliteDialect) now() string       { return "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')" }
func (d sqliteDialect) nowText() string { return d.now() }
func (sqliteDialect) nowPlus(micros string) string {
	return "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now', printf('%+.3f seconds', (" + micros + ") / 1e6))"
}
func (sqliteDialect) age(of string) string {
	return "(julianday('now') - julianday((" + of + "))) * 86400"
}

func (sqliteDialect) hour(of string) string { return "strftime('%Y-%m-%d %H', " + of + ")" }

// timestamp has the form of now, to the digit: SQLite compares texts.
func (sqliteDialect) timestamp(t time.Time) any {
	return t.UTC().Format("2006-01-02 15:04:05.000-07:00")
}

func (sqliteDialect) lock(bool) string             { return "" }
func (sqliteDialect) lockWhole() string            { return "" }
func (sqliteDialect) keep() string                 { return "" }
func (sqliteDialect) lockName(string, bool) string { return "" }
func (sqliteDialect) unlimited() string            { return "" }
func (sqliteDialect) writesInQueries() bool        { return false }
