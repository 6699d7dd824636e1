package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
)

// Snapshot is everything in a database at one moment, whatever is written meanwhile. It is for one goroutine.
type Snapshot struct {
	At         time.Time // by the database's clock: all that was committed before is in it
	Migrations []int64   // that the schema consists of, ascending
	Platform   string    // the platform's id
	Tables     []Table   // each after those that it refers to

	db *db
	tx *sql.Tx
}

// Table is a table as both databases have it.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Column is a column of a table.
type Column struct {
	Name string     `json:"name"`
	Kind ColumnKind `json:"kind"`
}

// ColumnKind is what a column holds: in Go an int64, a float64, a bool, a string, a []byte or a time.Time in UTC, or nil.
type ColumnKind string

// The kinds of columns.
const (
	KindInteger ColumnKind = "integer"
	KindReal    ColumnKind = "real"
	KindBoolean ColumnKind = "boolean"
	KindText    ColumnKind = "text" // also JSON
	KindBytes   ColumnKind = "bytes"
	KindTime    ColumnKind = "time"
)

// kinds are the databases' own types.
var kinds = map[string]ColumnKind{
	"smallint": KindInteger, "integer": KindInteger, "bigint": KindInteger,
	"real": KindReal, "double precision": KindReal,
	"boolean": KindBoolean,
	"text":    KindText, "json": KindText, "jsonb": KindText,
	"bytea": KindBytes, "blob": KindBytes,
	"timestamp with time zone": KindTime, "datetime": KindTime,
}

// ReadSnapshot calls f with a snapshot of a database, which other processes may be using and which stays as it is. The schema may
// be an older one; one that this program is too old for is refused.
func ReadSnapshot(ctx context.Context, rawURL string, f func(*Snapshot) error) error {
	return withDB(rawURL, func(d *db) error {
		schema, err := d.schema(ctx)
		if err != nil {
			return err
		}
		if err := schema.fits(); err != nil {
			return err
		}
		pool, options := d.migrations, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
		if !d.dialect.writesInQueries() { // a reader of SQLite sees one state during its transaction, and holds up nobody
			options = nil
			if pool, err = d.r.DB(); err != nil {
				return err
			}
		}
		tx, err := pool.BeginTx(ctx, options)
		if err != nil {
			return err
		}
		s := &Snapshot{db: d, tx: tx}
		if err = s.open(ctx); err == nil {
			err = f(s)
		}
		return errors.Join(err, tx.Rollback()) // nothing was written
	})
}

func (s *Snapshot) open(ctx context.Context) (err error) {
	if s.At, err = s.clock(ctx); err != nil {
		return err
	}
	tables, err := s.db.tables(ctx, s.tx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if t.name == goose.DefaultTablename {
			continue
		}
		portable, err := t.portable()
		if err != nil {
			return err
		}
		s.Tables = append(s.Tables, portable)
	}
	if err := s.tx.QueryRowContext(ctx, "SELECT value FROM platform_id WHERE id = 1").Scan(&s.Platform); err != nil {
		return fmt.Errorf("the database is not one of a platform: %w", err)
	}
	s.Migrations, err = s.db.appliedIn(ctx, s.tx)
	return err
}

func (s *Snapshot) clock(ctx context.Context) (time.Time, error) {
	var text string
	if err := s.tx.QueryRowContext(ctx, "SELECT "+s.db.dialect.nowText()).Scan(&text); err != nil {
		return time.Time{}, err
	}
	return parseClock(text)
}

// portable is the table without what is particular to its database.
func (t *table) portable() (Table, error) {
	p := Table{Name: t.name}
	for _, c := range t.columns {
		kind, ok := kinds[c.kind]
		if !ok {
			return p, fmt.Errorf("the column %s.%s has the type %s, which a backup cannot hold", t.name, c.name, c.kind)
		}
		p.Columns = append(p.Columns, Column{c.name, kind})
	}
	return p, nil
}

// unfinished leaves out what soon ends, and of which there is more than a backup has: files that arrive.
var unfinished = map[string]string{
	"asset_uploads":      " WHERE state <> 'open'",
	"asset_upload_parts": " WHERE 1 = 0",
}

// Rows calls yield with the values of each row of a table, in the order of its columns. They are valid until yield returns.
func (s *Snapshot) Rows(ctx context.Context, t Table, yield func(values []any) error) error {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		if columns[i] = quote(c.Name); c.Kind == KindText {
			columns[i] = "CAST(" + columns[i] + " AS text)" // JSON stays as it was written
		}
	}
	//nolint:gosec // names of the catalog, quoted
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + quote(t.Name) + unfinished[t.Name]
	rows, err := s.tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(t.Columns))
	for rows.Next() {
		into := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			into[i] = c.Kind.scan(&values[i])
		}
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if err := yield(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scan makes a scanner that stores a value of the kind, or nil.
func (k ColumnKind) scan(into *any) sql.Scanner {
	switch k {
	case KindInteger:
		return scanned[int64]{into}
	case KindReal:
		return scanned[float64]{into}
	case KindBoolean:
		return scanned[bool]{into}
	case KindBytes:
		return scanned[[]byte]{into}
	case KindTime:
		return scanned[time.Time]{into}
	}
	return scanned[string]{into}
}

type scanned[T any] struct{ into *any }

func (s scanned[T]) Scan(src any) error {
	var v sql.Null[T]
	if err := v.Scan(src); err != nil {
		return err
	}
	*s.into = nil
	if v.Valid {
		*s.into = any(v.V)
		switch v := any(v.V).(type) {
		case time.Time:
			*s.into = v.UTC()
		case []byte:
			if v == nil { // empty, as a driver gives it, and not NULL
				*s.into = []byte{}
			}
		}
	}
	return nil
}

// EachContent calls yield with the digest of every file that the snapshot refers to, some of them several times.
func (s *Snapshot) EachContent(ctx context.Context, yield func(sha256 string) error) error {
	q := s.db.r.Session(&gorm.Session{NewDB: true, Context: ctx})
	q.Statement.ConnPool = s.tx
	if err := eachContent(q, yield); err != nil || !slices.ContainsFunc(s.Tables, func(t Table) bool { return t.Name == "assets" }) {
		return err
	}
	return eachAsset(q, yield)
}
