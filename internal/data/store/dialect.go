package store

import (
	"fmt"
	"time"
)

// dialect holds the few words in which the two databases differ.
type dialect interface {
	goose() string
	// now is the database's clock, the same throughout a statement so that an index on a time can be used.
	now() string
	// nowPlus is the clock plus a fixed duration.
	nowPlus(d time.Duration) string
	// age is how many seconds a time is ago.
	age(of string) string
	// forUpdate locks the selected rows against other writers, but not against those who only refer to them by their key;
	// skipLocked passes over rows that others have locked. SQLite has one writer and needs neither.
	forUpdate() string
	skipLocked() string
	// writesInQueries reports whether WITH may update and insert, so that a change and its event are one statement.
	writesInQueries() bool
}

type postgresDialect struct{}

func (postgresDialect) goose() string { return "postgres" }
func (postgresDialect) now() string   { return "statement_timestamp()" }
func (postgresDialect) nowPlus(d time.Duration) string {
	return fmt.Sprintf("statement_timestamp() + interval '%d microseconds'", d.Microseconds())
}
func (postgresDialect) age(of string) string {
	return "extract(epoch FROM statement_timestamp() - (" + of + "))"
}
func (postgresDialect) forUpdate() string     { return " FOR NO KEY UPDATE" }
func (postgresDialect) skipLocked() string    { return " FOR NO KEY UPDATE SKIP LOCKED" }
func (postgresDialect) writesInQueries() bool { return true }

type sqliteDialect struct{}

func (sqliteDialect) goose() string { return "sqlite3" }
func (sqliteDialect) now() string   { return "strftime('%Y-%m-%d %H:%M:%f+00:00', 'now')" }
func (sqliteDialect) nowPlus(d time.Duration) string {
	return fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f+00:00', 'now', '%+.3f seconds')", d.Seconds())
}
func (sqliteDialect) age(of string) string {
	return "(julianday('now') - julianday((" + of + "))) * 86400"
}
func (sqliteDialect) forUpdate() string     { return "" }
func (sqliteDialect) skipLocked() string    { return "" }
func (sqliteDialect) writesInQueries() bool { return false }
