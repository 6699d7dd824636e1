package store

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

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

// cleanText makes text from outside storable: Postgres takes neither NUL nor invalid UTF-8.
func cleanText(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

// isControl tells the errors that steer the caller from those of the database.
func isControl(err error) bool {
	return errors.Is(err, jobs.ErrNotClaimable) || errors.Is(err, jobs.ErrStale)
}

// stateData is the data of an event that changes the state.
func stateData(state models.State, more map[string]any) models.JSON {
	data := map[string]any{"state": state}
	maps.Copy(data, more)
	return models.ToJSON(data)
}

func sortDispatches(ds []jobs.Dispatch) {
	slices.SortFunc(ds, func(a, b jobs.Dispatch) int { return strings.Compare(a.JobID, b.JobID) })
}
