package telemetry

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestEveryVerdictHasAName(t *testing.T) {
	t.Parallel()
	for v := jobs.Succeeded; v <= jobs.Lost; v++ {
		require.NotEmpty(t, verdicts[v], v)
	}
	require.Len(t, verdicts, int(jobs.Lost)+1)
}

func TestMetricsCount(t *testing.T) {
	t.Parallel()
	m := NewMetrics()
	m.JobStarted(models.KindBuild, -time.Second) // clocks differ: never negative
	require.InDelta(t, 1, testutil.ToFloat64(m.running.WithLabelValues("build")), 0)
	m.JobEnded(models.KindBuild, jobs.Failed, models.CodeCompileFailed, time.Second)
	m.JobStopped(models.KindBuild)
	require.InDelta(t, 0, testutil.ToFloat64(m.running.WithLabelValues("build")), 0)
	require.InDelta(t, 1, testutil.ToFloat64(m.ended.WithLabelValues("build", "failed", "compile_failed")), 0)
	m.TaskDropped(models.KindExport)
	m.StaleResult(models.KindExport)
	m.HandlerStuck(models.KindExport)
	m.Reaped(3)
	problems, err := testutil.GatherAndLint(m.Registry)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestLoggerRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	_, err := NewLogger("chatty", "json")
	require.Error(t, err)
	for _, format := range []string{"json", "console", "auto"} {
		log, err := NewLogger("info", format)
		require.NoError(t, err)
		require.NotNil(t, log)
	}
}
