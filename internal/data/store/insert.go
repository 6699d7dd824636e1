package store

import "strings"

// insert builds a statement with many rows.
type insert struct {
	head string
	rows int
	cols int
	args []any
}

func newInsert(into string, rows, cols int) *insert {
	return &insert{head: "INSERT INTO " + into + " VALUES ", cols: cols, args: make([]any, 0, rows*cols)}
}

func (i *insert) row(values ...any) {
	i.rows++
	i.args = append(i.args, values...)
}

func (i *insert) text(tail string) string {
	one := "(" + strings.Repeat("?, ", i.cols-1) + "?)"
	return i.head + strings.TrimSuffix(strings.Repeat(one+", ", i.rows), ", ") + " " + tail
}
