package main

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/bench/peers"
	"github.com/spark-games/spark/tests/bench/results"
)

func TestEveryTargetIsMeasured(t *testing.T) {
	t.Parallel()
	measured := make(map[results.Key]bool)
	for _, w := range workloads {
		for _, s := range w.subjects {
			for _, f := range w.figures {
				require.False(t, measured[of(w.id, s, f)], "%s has %s twice", w.id, s)
				measured[of(w.id, s, f)] = true
			}
		}
	}
	for _, a := range targets {
		require.True(t, measured[a.Of], "%+v", a.Of)
		require.Positive(t, a.Limit)
		if a.Against != nil {
			require.True(t, measured[*a.Against], "%+v", *a.Against)
			require.NotEqual(t, a.Of, *a.Against)
		}
	}
}

func TestWorkloadsThatNeedARateComeAfterItIsMeasured(t *testing.T) {
	t.Parallel()
	noop := slices.IndexFunc(workloads, func(w workload) bool { return w.id == "noop" })
	for i, w := range workloads {
		if w.half {
			require.Less(t, noop, i)
			require.Subset(t, workloads[noop].subjects, w.subjects)
		}
	}
	r := &run{results: results.Results{}}
	half := workloads[slices.IndexFunc(workloads, func(w workload) bool { return w.half })]
	require.InDelta(t, idleRate, r.rate(half, spark), 1e-9, "without a figure")
	for _, v := range []float64{100, 400, 200} {
		r.results.Add(of("noop", spark, results.Rate), v)
	}
	require.InDelta(t, 100, r.rate(half, spark), 1e-9)
	require.InDelta(t, 100, r.rate(half, sparkGrown), 1e-9, "the same load shows what the growth costs")
	require.InDelta(t, idleRate, r.rate(workloads[noop+1], spark), 1e-9)
}

// fake is a peer that finishes everything, except for what it loses.
type fake struct {
	accepted, lost int
	working        bool
	closed         bool
}

func (f *fake) Setup(context.Context) error { return nil }

func (f *fake) Submit(_ context.Context, l peers.Load) (int, error) {
	f.accepted += l.Jobs
	return l.Jobs, nil
}

func (f *fake) Work(context.Context, int) error {
	f.working = true
	return nil
}

func (f *fake) Finished(_ context.Context, n int) (int, error) { return min(n, f.accepted), nil }

func (f *fake) Waits() ([]time.Duration, error) {
	return slices.Repeat([]time.Duration{time.Millisecond}, f.accepted), nil
}

func (f *fake) Counts(context.Context) (peers.Counts, error) {
	if f.working {
		return peers.Counts{Done: f.accepted - f.lost}, nil
	}
	return peers.Counts{Waiting: f.accepted - f.lost}, nil
}

func (f *fake) Close() error {
	f.closed = true
	return nil
}

func TestRoundsAddTheirFigures(t *testing.T) {
	t.Parallel()
	for how, figures := range map[measure][]results.Figure{submitting: rates, working: rates, draining: rates, waiting: waits} {
		got := results.Results{}
		rounds := func(p peers.Peer) *round {
			return &round{size: short, workload: workload{id: "w", how: how, callers: 4}, subject: "fake", peer: p, rate: 100, results: got,
				servers: peers.Servers{Postgres: os.Getpid(), Redis: os.Getpid()}, patience: time.Millisecond}
		}
		p := &fake{}
		require.NoError(t, rounds(p).run(t.Context()), "%v", how)
		for _, f := range figures {
			require.Len(t, got[of("w", "fake", f)], 1, "%v %s", how, f)
		}
		require.True(t, p.closed)
		require.ErrorContains(t, rounds(&fake{lost: 1}).run(t.Context()), "were accepted", "%v: a lost job fails the run", how)
	}
}
