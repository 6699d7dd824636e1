package schedule

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	at := func(h, m int) time.Time { return time.Date(2026, 3, 1, h, m, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		policy   models.CatchUp
		due, now time.Time
		runs     []time.Time
		next     time.Time
	}{
		"on time":              {models.CatchUpNone, at(1, 0), at(1, 0).Add(time.Second), []time.Time{at(1, 0)}, at(2, 0)},
		"not yet":              {models.CatchUpAll, at(1, 0), at(0, 59), nil, at(1, 0)},
		"missed, none":         {models.CatchUpNone, at(1, 0), at(4, 30), nil, at(5, 0)},
		"missed, none, on the": {models.CatchUpNone, at(1, 0), at(4, 0), []time.Time{at(4, 0)}, at(5, 0)},
		"missed, once":         {models.CatchUpOnce, at(1, 0), at(4, 30), []time.Time{at(4, 0)}, at(5, 0)},
		"missed, all":          {models.CatchUpAll, at(1, 0), at(4, 30), []time.Time{at(1, 0), at(2, 0), at(3, 0), at(4, 0)}, at(5, 0)},
	} {
		runs, next, err := Times("0 * * * *", c.policy, c.due, c.now)
		require.NoError(t, err, name)
		require.Equal(t, c.runs, runs, name)
		require.Equal(t, c.next, next, name)
	}
	_, _, err := Times("0 0 30 2 *", models.CatchUpAll, at(0, 0), at(1, 0))
	require.Error(t, err, "a day that never comes")
	_, _, err = Times("every now and then", models.CatchUpAll, at(0, 0), at(1, 0))
	require.Error(t, err)
}

func FuzzTimes(f *testing.F) {
	f.Add("*/5 * * * *", int64(0), int64(10_000))
	f.Add("@daily", int64(1_000_000), int64(5))
	f.Fuzz(func(t *testing.T, expr string, due, late int64) {
		from := time.Unix(due%4_000_000_000, 0)
		now := from.Add(time.Duration(late%1_000_000) * time.Second)
		_, next, err := Times(expr, models.CatchUpAll, from, now)
		if err == nil && !next.After(now) {
			t.Fatalf("next %s is not after %s", next, now)
		}
	})
}
