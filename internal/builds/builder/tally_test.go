package builder

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestTally(t *testing.T) {
	t.Parallel()
	var tl tally
	list, reaped := tl.report()
	require.Empty(t, list)
	require.Zero(t, reaped)
	for i := range 1000 {
		tl.acquired("phaser@4.2.1", time.Duration(i), i%4 != 0)
	}
	tl.killed("three@1", "timeout")
	tl.killed("three@1", "timeout")
	tl.reap(3)
	list, reaped = tl.report()
	require.Equal(t, 3, reaped)
	require.Equal(t, []models.SandboxTally{
		// Of the last 256 waits, 744 to 999.
		{Engine: "phaser", Version: "4.2.1", Warm: 750, Cold: 250, P50: 871, P99: 996, Kills: map[string]int{}},
		{Engine: "three", Version: "1", Kills: map[string]int{"timeout": 2}},
	}, list)
	list[1].Kills["timeout"] = 99
	again, _ := tl.report()
	require.Equal(t, 2, again[1].Kills["timeout"], "a report is a copy")
}

func TestKillReason(t *testing.T) {
	t.Parallel()
	caused := func(cause error) context.Context {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(cause)
		return ctx
	}
	code := func(c models.Code) error { return models.NewError(c, "x") }
	for _, tt := range []struct {
		ctx  context.Context
		err  error
		want string
	}{
		{t.Context(), nil, ""},
		{t.Context(), code(models.CodeCompileFailed), ""},
		{t.Context(), code(models.CodeEngineUnavailable), ""},
		{t.Context(), errors.New("x"), ""},
		{t.Context(), code(models.CodeTimeout), "timeout"},
		{t.Context(), code(models.CodeOutOfMemory), "out_of_memory"},
		{t.Context(), code(models.CodeOutputTooLarge), "output_too_large"},
		{t.Context(), code(models.CodeUnavailable), "worker_stops"},
		{caused(jobs.ErrCancelled), code(models.CodeCancelled), "cancelled"},
		{caused(jobs.ErrTimeout), code(models.CodeCancelled), "timeout"},
		{caused(jobs.ErrLeaseLost), code(models.CodeCancelled), "lease_lost"},
		{caused(jobs.ErrWorkerStops), code(models.CodeCancelled), "worker_stops"},
	} {
		require.Equal(t, tt.want, killReason(tt.ctx, tt.err), "%v %v", context.Cause(tt.ctx), tt.err)
	}
}
