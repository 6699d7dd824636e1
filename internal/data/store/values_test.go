package store

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// echo passes a row through the database as a batch's records, and reads it back.
func echo(t testing.TB, s *Store, text string, doc models.JSON, number int64, unknown *int64, fraction float64) {
	t.Helper()
	recs := newRecords("body text", "doc json", "number bigint", "unknown bigint", "fraction float8")
	recs.add("first", models.JSON(nil), 0, nil, 0.5)
	recs.add(text, doc, number, unknown, fraction)
	with, args := recs.with(s.db.dialect)
	var rows []struct {
		Body     string
		Doc      models.JSON
		Number   int64
		Unknown  *int64
		Fraction float64
	}
	require.NoError(t, s.db.r.Raw(with+" SELECT * FROM r", args...).Scan(&rows).Error)
	require.Len(t, rows, 2)
	require.Equal(t, "first", rows[0].Body)
	require.Nil(t, rows[0].Doc)
	require.Nil(t, rows[0].Unknown)
	require.Equal(t, text, rows[1].Body)
	require.Equal(t, string(doc), string(rows[1].Doc))
	require.Equal(t, number, rows[1].Number)
	require.Equal(t, unknown, rows[1].Unknown)
	require.Equal(t, fraction, rows[1].Fraction)
}

// nasty are texts that an array's text form could be broken by.
var nasty = []string{"", "NULL", "null", `"`, `\`, `\"`, `","`, "{", "}", "{}", "a,b", " a ", "\n\t\r", "ü→🎮", "'; DROP TABLE jobs; --", "?", "@name", `\\`, strings.Repeat(`"\`, 1000)}

func TestRecordsPassEveryValue(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		seven := int64(7)
		for _, text := range nasty {
			echo(t, s, text, models.ToJSON(map[string]string{text: text + "\x00"}), math.MinInt64, &seven, 0.1)
			echo(t, s, text, nil, math.MaxInt64, nil, 1e-300)
		}
	})
}

func FuzzRecords(f *testing.F) {
	for _, text := range nasty {
		f.Add(text, int64(-1), 0.25)
	}
	s := open(f, testenv.PostgresFrom(f, "store_"+schema(), migrated))
	f.Fuzz(func(t *testing.T, text string, number int64, fraction float64) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || math.IsNaN(fraction) || math.IsInf(fraction, 0) {
			t.Skip("is cleaned before it comes here")
		}
		echo(t, s, text, models.ToJSON(text), number, &number, fraction)
	})
}
