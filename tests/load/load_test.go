package main

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// Every scenario works against the real programs. How fast they are is not looked at: the machine does other things, too.
func TestScenarios(t *testing.T) {
	t.Parallel()
	o := options{long: 500 * time.Millisecond, rounds: 1, watchers: 20}
	all, w, err := measure(t.Context(), o, t.TempDir(), testenv.Postgres(t), testenv.Redis(t), io.Discard)
	require.NoError(t, err)
	require.Len(t, all, 6)
	for _, one := range all {
		require.NoError(t, one.first, one.name)
		require.Zero(t, one.errors, one.name)
		require.Equal(t, int(one.scenario.rate/2), one.n, one.name)
		require.Positive(t, one.p50, one.name)
		require.LessOrEqual(t, one.p50, one.p95, one.name)
		require.LessOrEqual(t, one.p95, one.p99, one.name)
	}
	require.Positive(t, w.told.Load(), "the account's stream tells of the submissions")
	text := report(all, w, o.rounds, o.long)
	for _, one := range all {
		require.Contains(t, text, "| "+one.name+" ")
	}
}

// A server that stalls delays those that were to come meanwhile, and their times say so.
func TestStallsAreNotHidden(t *testing.T) {
	t.Parallel()
	const rate, stall = 200, 500 * time.Millisecond
	free := make(chan struct{})
	time.AfterFunc(stall, func() { close(free) })
	samples := drive(t.Context(), rate, stall, func(ctx context.Context, _ int) error {
		select {
		case <-free:
		case <-ctx.Done():
		}
		return nil
	})
	f := sum(samples, stall)
	require.Equal(t, rate/2, f.n, "all are sent, whatever becomes of the first")
	require.GreaterOrEqual(t, f.p99, stall*9/10, "the first waited for all of it")
	require.GreaterOrEqual(t, f.p50, stall/3, "and the others for what was left")
}

func TestFigures(t *testing.T) {
	t.Parallel()
	var samples []sample
	for n := range 200 {
		samples = append(samples, sample{took: time.Duration(n+1) * time.Millisecond})
	}
	boom := errors.New("boom")
	samples[7].err = boom
	f := sum(samples, 2*time.Second)
	require.Equal(t, figures{n: 200, errors: 1, rate: 100, p50: 100 * time.Millisecond, p95: 190 * time.Millisecond, p99: 198 * time.Millisecond, first: boom}, f)
	require.Zero(t, sum(nil, time.Second).p99)

	m := median([]figures{{n: 1, p95: 3, rate: 1}, {n: 1, p95: 100, rate: 3, errors: 2, first: boom}, {n: 1, p95: 5, rate: 2}})
	require.Equal(t, figures{n: 3, errors: 2, first: boom, p95: 5, rate: 2}, m)
}

func TestAims(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		most   time.Duration
		f      figures
		missed bool
	}{
		{0, figures{p95: time.Hour}, false},
		{25 * time.Millisecond, figures{p95: 25 * time.Millisecond}, false},
		{25 * time.Millisecond, figures{p95: 26 * time.Millisecond}, true},
		{25 * time.Millisecond, figures{errors: 1}, true},
		{0, figures{errors: 1}, true},
	} {
		o := outcome{scenario{name: "x", most: tt.most}, tt.f}
		require.Equal(t, tt.missed, o.failed() != "", "%+v", tt)
		require.Equal(t, tt.missed, missed([]outcome{{}, o}))
	}
}
