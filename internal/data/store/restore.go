package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// ErrNotEmpty is the error of restoring into a database that somebody uses.
var ErrNotEmpty = errors.New("the database is not empty: restore into a new one")

// Restoration is a database that is being filled from a snapshot, in one transaction. It is for one goroutine.
type Restoration struct {
	db     *db
	tx     *sql.Tx
	tables map[string]Table
	batch  []any // of rows
	into   Table
}

// Restore fills a new database with what f inserts: all of it, or nothing on an error. The schema becomes the one that consists
// of these migrations. A database with an account, a key, a project or a job is refused with ErrNotEmpty.
func Restore(ctx context.Context, rawURL string, migrations []int64, f func(*Restoration) error) error {
	return withDB(rawURL, func(d *db) error {
		if err := d.shape(ctx, migrations); err != nil {
			return err
		}
		tx, err := d.migrations.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		r := &Restoration{db: d, tx: tx, tables: make(map[string]Table)}
		if err = r.clear(ctx); err == nil {
			err = f(r)
		}
		if err == nil {
			err = r.flush(ctx)
		}
		if err == nil {
			err = r.restartStream(ctx)
		}
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	})
}

// shape applies migrations to a new database until it has these. It changes nothing if that cannot be.
func (d *db) shape(ctx context.Context, wanted []int64) error {
	known, err := d.versions()
	if err != nil {
		return err
	}
	for _, v := range wanted {
		if !slices.Contains(known, v) {
			return fmt.Errorf("it has the migration %d, which this program does not know: it is of a newer Spark", v)
		}
	}
	applied, err := d.applied(ctx)
	if err != nil {
		return err
	}
	if len(applied) > 0 {
		if err := d.unused(ctx, d.migrations); err != nil {
			return err
		}
	}
	for _, v := range applied {
		if !slices.Contains(wanted, v) {
			return fmt.Errorf("the schema of the database has the migration %d, which it lacks: restore into a database without tables, "+
				`and run "spark migrate" afterwards`, v)
		}
	}
	p, err := d.migrator()
	if err != nil {
		return err
	}
	for _, v := range wanted {
		if slices.Contains(applied, v) {
			continue
		}
		if _, err := p.ApplyVersion(ctx, v, true); err != nil {
			return err
		}
	}
	return nil
}

// unused is ErrNotEmpty if there is anything in the database besides what every new one has.
func (d *db) unused(ctx context.Context, q queryer) error {
	tables, err := d.tables(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range tables {
		where := ""
		switch t.name {
		case "accounts":
			where = " WHERE id <> '" + models.SystemAccountID + "'"
		case "api_keys", "projects", "jobs":
		default:
			continue
		}
		used := false
		err := eachText(ctx, q, "SELECT 'used' FROM "+t.name+where+" LIMIT 1", 1, func([]string) { used = true })
		if err != nil {
			return err
		}
		if used {
			return fmt.Errorf("%w (it has %s)", ErrNotEmpty, t.name)
		}
	}
	return nil
}

// clear removes what every new database has, and keeps processes that start meanwhile from adding to it.
func (r *Restoration) clear(ctx context.Context) error {
	if r.db.dialect.writesInQueries() {
		if _, err := r.tx.ExecContext(ctx, "LOCK TABLE accounts"); err != nil {
			return err
		}
	}
	if err := r.db.unused(ctx, r.tx); err != nil {
		return err
	}
	tables, err := r.db.tables(ctx, r.tx)
	if err != nil {
		return err
	}
	for _, t := range slices.Backward(tables) {
		if t.has("version_id") {
			continue // the migrations
		}
		if _, err := r.tx.ExecContext(ctx, "DELETE FROM "+quote(t.name)); err != nil { //nolint:gosec // a quoted name of the catalog
			return err
		}
		if r.tables[t.name], err = t.portable(); err != nil {
			return err
		}
	}
	return nil
}

// Insert adds a row to a table, with values as in ColumnKind. The table is the snapshot's.
func (r *Restoration) Insert(ctx context.Context, t Table, values []any) error {
	if r.into.Name != t.Name {
		if err := r.flush(ctx); err != nil {
			return err
		}
		own := r.tables[t.Name]
		if !sameColumns(own, t) {
			return fmt.Errorf("the table %s differs from that of the database", t.Name)
		}
		r.into = t
	}
	if len(values) != len(t.Columns) {
		return fmt.Errorf("a row of %s has %d values instead of %d", t.Name, len(values), len(t.Columns))
	}
	r.batch = append(r.batch, values...)
	if len(r.batch) >= batchValues {
		return r.flush(ctx)
	}
	return nil
}

// batchValues limits the values of one statement, below what either database takes.
const batchValues = 8000

// sameColumns compares tables whatever the order of their columns.
func sameColumns(a, b Table) bool {
	order := func(x, y Column) int { return strings.Compare(x.Name, y.Name) }
	return a.Name == b.Name && slices.Equal(slices.SortedFunc(slices.Values(a.Columns), order), slices.SortedFunc(slices.Values(b.Columns), order))
}

// flush inserts the rows of the batch.
func (r *Restoration) flush(ctx context.Context) error {
	width := len(r.into.Columns)
	if len(r.batch) == 0 {
		return nil
	}
	names := make([]string, width)
	for i, c := range r.into.Columns {
		names[i] = quote(c.Name)
	}
	var rows strings.Builder
	for i := range r.batch {
		switch {
		case i%width == 0 && i > 0:
			rows.WriteString("), (")
		case i > 0:
			rows.WriteString(", ")
		}
		if r.db.dialect.writesInQueries() {
			fmt.Fprintf(&rows, "$%d", i+1)
		} else {
			rows.WriteByte('?')
		}
	}
	//nolint:gosec // names of the catalog, quoted
	_, err := r.tx.ExecContext(ctx, "INSERT INTO "+quote(r.into.Name)+" ("+strings.Join(names, ", ")+") VALUES ("+rows.String()+")", r.batch...)
	clear(r.batch)
	r.batch = r.batch[:0]
	if err != nil {
		return fmt.Errorf("table %s: %w", r.into.Name, err)
	}
	return nil
}

// positionsOfARestore are more positions than a platform gives between a backup and its restoration.
const positionsOfARestore = 1 << 32

// restartStream makes every position that was ever given expire: those who followed the lost platform read again what there is. Which
// positions that one gave after the backup, nobody knows.
func (r *Restoration) restartStream(ctx context.Context) error {
	if _, ok := r.tables["event_bounds"]; !ok { // a backup of an older schema
		return nil
	}
	statements := []string{
		fmt.Sprintf("UPDATE event_bounds SET forgotten = (%s) + %d", newestPosition, int64(positionsOfARestore)),
		"DELETE FROM event_stream",
	}
	if r.db.dialect.writesInQueries() { // SQLite goes on after the greatest by itself
		statements = append(statements,
			"SELECT setval(pg_get_serial_sequence('event_stream', 'position'), (SELECT forgotten FROM event_bounds))",
			"SELECT setval(pg_get_serial_sequence('event_outbox', 'id'), (SELECT coalesce(max(id), 1) FROM event_outbox))")
	}
	for _, s := range statements {
		if _, err := r.tx.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
