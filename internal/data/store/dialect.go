package store

import (
	"fmt"
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
	// now is the database's clock, the same throughout a statement so that an index on a time can be used.
	now() string
	// nowText is the clock as text: "2006-01-02 15:04:05.999999+00:00".
	nowText() string
	// nowPlus is the clock plus a fixed duration.
	nowPlus(d time.Duration) string
	// age is how many seconds a time is ago.
	age(of string) string
	// forUpdate locks the selected rows against other writers, but not against those who only refer to them by their key;
	// skipLocked passes over rows that others have locked. SQLite has one writer and needs neither.
	forUpdate() string
	skipLocked() string
	// unlimited lifts the time limit of statements for the rest of a transaction; "" where there is none.
	unlimited() string
	// writesInQueries reports whether WITH may update and insert, so that a change and its event are one statement.
	writesInQueries() bool
}

type postgresDialect struct{}

func (postgresDialect) migrations() (name database.Dialect, folder string) {
	return database.DialectPostgres, "migrations/postgres"
}

func (postgresDialect) bind(query string) string {
	for n := 1; strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", fmt.Sprintf("$%d", n), 1)
	}
	return query
}

func (postgresDialect) now() string { return "statement_timestamp()" }
func (postgresDialect) nowText() string {
	return "to_char(statement_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00'"
}

func (postgresDialect) nowPlus(d time.Duration) string {
	return fmt.Sprintf("statement_timestamp() + interval '%d microseconds'", d.Microseconds())
}
func (postgresDialect) age(of string) string {
	return "extract(epoch FROM statement_timestamp() - (" + of + "))"
}
func (postgresDialect) forUpdate() string     { return " FOR NO KEY UPDATE" }
func (postgresDialect) skipLocked() string    { return " FOR NO KEY UPDATE SKIP LOCKED" }
func (postgresDialect) unlimited() string     { return "SET LOCAL statement_timeout = 0" }
func (postgresDialect) writesInQueries() bool { return true }

type sqliteDialect struct{}

func (sqliteDialect) migrations() (name database.Dialect, folder string) {
	return database.DialectSQLite3, "migrations/sqlite"
}

func (sqliteDialect) bind(query string) string { return query }

func (sqliteDialect) now() string       { return "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')" }
func (d sqliteDialect) nowText() string { return d.now() }
func (sqliteDialect) nowPlus(d time.Duration) string {
	return fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f+00:00', 'now', '%+.3f seconds')", d.Seconds())
}
func (sqliteDialect) age(of string) string {
	return "(julianday('now') - julianday((" + of + "))) * 86400"
}
func (sqliteDialect) forUpdate() string     { return "" }
func (sqliteDialect) skipLocked() string    { return "" }
func (sqliteDialect) unlimited() string     { return "" }
func (sqliteDialect) writesInQueries() bool { return false }
