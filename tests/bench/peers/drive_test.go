package peers

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUnpacedLoadsEndAtTheirLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		load     Load
		accepted int
		took     time.Duration
	}{
		"so many jobs":          {Load{Callers: 4, Jobs: 40}, 40, 10 * time.Second},
		"an uneven share":       {Load{Callers: 4, Jobs: 41}, 41, 11 * time.Second},
		"so much time":          {Load{Callers: 4, Jobs: 1000, For: 5 * time.Second}, 20, 5 * time.Second},
		"fewer jobs than hands": {Load{Callers: 16, Jobs: 3}, 3, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				n, err := drive(t.Context(), c.load, func(context.Context, time.Time) error { time.Sleep(time.Second); return nil })
				require.NoError(t, err)
				require.Equal(t, c.accepted, n)
				require.Equal(t, c.took, time.Since(started))
			})
		})
	}
}

// Jobs are due at their moments even if every submission takes longer than the pause between two.
func TestPacedLoadsDoNotWaitForTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		var late atomic.Int64
		n, err := drive(t.Context(), Load{Callers: 1, Jobs: 1000, For: 10 * time.Second, Rate: 10}, func(_ context.Context, since time.Time) error {
			require.LessOrEqual(t, since.Sub(started), 10*time.Second)
			late.Store(int64(time.Since(since)))
			time.Sleep(time.Second)
			return nil
		})
		require.NoError(t, err)
		// The pauses are between a half and one and a half of a tenth of a second.
		require.InDelta(t, 100, n, 35)
		require.Greater(t, time.Duration(late.Load()), 50*time.Second, "what the last one waited for its turn is counted")
	})
}

func TestAFailedSubmissionEndsTheLoad(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, rate := range []float64{0, 1000} {
		var calls atomic.Int64
		n, err := drive(t.Context(), Load{Callers: 4, Jobs: 1 << 20, Rate: rate}, func(context.Context, time.Time) error {
			if calls.Add(1) == 10 {
				return broken
			}
			return nil
		})
		require.ErrorIs(t, err, broken)
		require.Less(t, n, 1<<20)
	}
}

func TestTally(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c tally
		since := time.Now()
		go func() {
			for range 3 {
				time.Sleep(time.Second)
				c.started(since)
				c.ended()
			}
		}()
		n, err := c.Finished(t.Context(), 2)
		require.NoError(t, err)
		require.Equal(t, 2, n)
		limited, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		n, err = c.Finished(limited, 4)
		require.NoError(t, err)
		require.Equal(t, 3, n, "as many as there were when the time was up")
		waits, err := c.Waits()
		require.NoError(t, err)
		require.Equal(t, []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}, waits)
	})
}

func TestPayloadsHaveOneLength(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{time.Now(), time.Unix(1_700_000_000, 0), time.Unix(1_700_000_000, 120_000_000)} {
		data := payload(at)
		require.Len(t, data, PayloadBytes())
		got, err := readPayload(data)
		require.NoError(t, err)
		require.True(t, at.Equal(got))
	}
}

func TestCountsAreChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		counts             Counts
		accepted, finished int
		ok                 bool
	}{
		{Counts{Waiting: 10}, 10, 0, true},
		{Counts{Done: 10}, 10, 10, true},
		{Counts{Waiting: 9}, 10, 0, false},            // one was lost
		{Counts{Waiting: 11}, 10, 0, false},           // one was invented
		{Counts{Waiting: 1, Done: 10}, 10, 10, false}, // one is left over
		{Counts{Done: 9}, 10, 10, false},
		{Counts{Waiting: 5, Done: 5}, 10, 4, true}, // one more has been finished since
		{Counts{Waiting: 7, Done: 3}, 10, 4, false},
	} {
		require.Equal(t, c.ok, c.counts.Check(c.accepted, c.finished) == nil, "%+v", c)
	}
}

func TestRowsOfJobsAreCopiedUnderNewIDs(t *testing.T) {
	t.Parallel()
	events := jobTable{name: "job_events", columns: []string{"job_id", "seq"}, ids: []string{"job_id"}}
	require.Equal(t, "INSERT INTO job_events (job_id, seq) SELECT "+
		"CASE WHEN r.job_id = ANY ($1) THEN left(r.job_id, 24) || lpad(to_hex(n), 12, '0') ELSE r.job_id END, r.seq "+
		"FROM job_events r, generate_series(1, $2::int) n WHERE r.job_id = ANY ($1)", events.copySQL())
}

func TestPinnedVersionsAreKnown(t *testing.T) {
	t.Parallel()
	require.Len(t, NodeVersions(), 2)
	for _, v := range NodeVersions() {
		require.Regexp(t, `^\S+ \d+\.\d+\.\d+$`, v)
	}
}
