package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/pressly/goose/v3/database"
)

// table is one of the database's tables, as its own catalog describes it.
type table struct {
	name    string
	columns []column
	refers  []string // to other tables
}

type column struct{ name, kind string } // of the database's own type

func (t *table) has(name string) bool {
	return slices.ContainsFunc(t.columns, func(c column) bool { return c.name == name })
}

// catalogs are queries for the columns of all tables with their types, in order, and for which tables refer to which.
var catalogs = map[database.Dialect]struct{ columns, references string }{
	database.DialectPostgres: {
		columns: `SELECT t.relname, c.attname, format_type(c.atttypid, NULL) FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid
			WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') AND NOT t.relispartition
				AND c.attnum > 0 AND NOT c.attisdropped AND c.attgenerated = '' ORDER BY t.relname, c.attnum`,
		references: `SELECT t.relname, o.relname FROM pg_constraint r JOIN pg_class t ON t.oid = r.conrelid JOIN pg_class o ON o.oid = r.confrelid
			WHERE r.contype = 'f' AND t.relnamespace = current_schema()::regnamespace AND NOT t.relispartition`,
	},
	database.DialectSQLite3: {
		columns: `SELECT t.name, c.name, lower(c.type) FROM sqlite_master t JOIN pragma_table_info(t.name) c
			WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`,
		references: `SELECT t.name, r."table" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) r WHERE t.type = 'table'`,
	},
}

// queryer is a connection, a pool or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// tables are all tables, each after those that it refers to, so that rows can be inserted in this order.
func (d *db) tables(ctx context.Context, q queryer) (ordered []table, err error) {
	var all []table
	dialect, _ := d.dialect.migrations()
	err = eachText(ctx, q, catalogs[dialect].columns, 3, func(f []string) {
		if len(all) == 0 || all[len(all)-1].name != f[0] {
			all = append(all, table{name: f[0]})
		}
		last := &all[len(all)-1]
		last.columns = append(last.columns, column{f[1], f[2]})
	})
	if err != nil {
		return nil, err
	}
	err = eachText(ctx, q, catalogs[dialect].references, 2, func(f []string) {
		for i := range all {
			if all[i].name == f[0] && f[0] != f[1] {
				all[i].refers = append(all[i].refers, f[1])
			}
		}
	})
	placed := make(map[string]bool)
	var place func(t table)
	place = func(t table) {
		if placed[t.name] {
			return
		}
		placed[t.name] = true
		for _, other := range all {
			if slices.Contains(t.refers, other.name) {
				place(other)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range all {
		place(t)
	}
	return ordered, err
}

// eachText calls f with each row of a query that has n columns of text.
func eachText(ctx context.Context, q queryer, query string, n int, f func([]string)) error {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		fields, into := make([]string, n), make([]any, n)
		for i := range fields {
			into[i] = &fields[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		f(fields)
	}
	return rows.Err()
}

// quote writes a name as SQL does.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
