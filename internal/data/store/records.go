package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// records are the rows that a batch hands to one statement, as a query whose columns have the names and types given.
// However many rows there are, the statement's text is the same on Postgres, which prepares it once.
type records struct {
	columns []recordColumn
	rows    [][]any
}

type recordColumn struct{ name, typ string }

// newRecords makes an empty table of columns such as "id text".
func newRecords(columns ...string) *records {
	r := &records{}
	for _, c := range columns {
		name, typ, _ := strings.Cut(c, " ")
		r.columns = append(r.columns, recordColumn{name, typ})
	}
	return r
}

// add appends a row: strings, integers, floats, models.JSON, pointers to integers, times as the dialect has them; nil is NULL.
func (r *records) add(values ...any) { r.rows = append(r.rows, values) }

// with is the beginning of a statement that reads the rows as "r".
func (r *records) with(d dialect) (sql string, args []any) {
	names := make([]string, len(r.columns))
	for i, c := range r.columns {
		names[i] = c.name
	}
	source, args := d.rows(r)
	return "WITH r(" + strings.Join(names, ", ") + ") AS (" + source + ")", args
}

// rows passes an array a column.
func (postgresDialect) rows(r *records) (string, []any) {
	arrays := make([]string, len(r.columns))
	args := make([]any, len(r.columns))
	for i, c := range r.columns {
		arrays[i] = "CAST(CAST(? AS text) AS " + c.typ + "[])"
		var b strings.Builder
		b.WriteByte('{')
		for n, row := range r.rows {
			if n > 0 {
				b.WriteByte(',')
			}
			writeElement(&b, row[i])
		}
		b.WriteByte('}')
		args[i] = b.String()
	}
	return "SELECT * FROM unnest(" + strings.Join(arrays, ", ") + ")", args
}

// writeElement writes a value as an element of an array's text form (Postgres, "Array Input and Output Syntax").
func writeElement(b *strings.Builder, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("NULL")
	case string:
		writeQuoted(b, v)
	case models.JSON:
		if len(v) == 0 {
			b.WriteString("NULL")
			return
		}
		writeQuoted(b, string(v))
	case time.Time:
		b.WriteString(v.UTC().Format(`"` + time.RFC3339Nano + `"`))
	case *int64:
		if v == nil {
			b.WriteString("NULL")
			return
		}
		b.WriteString(strconv.FormatInt(*v, 10))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case int:
		b.WriteString(strconv.Itoa(v))
	case float64:
		b.WriteString(strconv.FormatFloat(v, 'g', -1, 64))
	default:
		writeQuoted(b, fmt.Sprint(v))
	}
}

var quoted = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	_, _ = quoted.WriteString(b, s) // a Builder takes everything
	b.WriteByte('"')
}

// rows passes every value as a parameter.
func (sqliteDialect) rows(r *records) (string, []any) {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(r.columns)), ", ") + ")"
	args := make([]any, 0, len(r.rows)*len(r.columns))
	for _, row := range r.rows {
		args = append(args, row...)
	}
	return "VALUES " + strings.TrimSuffix(strings.Repeat(one+", ", len(r.rows)), ", "), args
}
