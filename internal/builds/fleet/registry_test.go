package fleet_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/builds/fleet"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func presence(t *testing.T) *bus.Presence {
	r, err := redisconn.Open(testenv.Redis(t), zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return bus.NewPresence(r)
}

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

func TestRegistry(t *testing.T) {
	t.Parallel()
	entries := presence(t)
	registry := fleet.NewRegistry(entries)
	full := models.WorkerReport{Worker: "host/1/b", At: time.Now().UTC().Truncate(time.Second), Sandbox: "docker", Engines: []models.EngineStatus{
		{Name: "phaser", Version: "4.2.1", Outputs: []string{"web"}, Image: "sha256:1", Sandboxes: models.SandboxCounts{Warm: 2, Waiting: 1}}}}
	require.NoError(t, registry.Publish(t.Context(), full, time.Minute))
	require.NoError(t, registry.Publish(t.Context(), models.WorkerReport{Worker: "host/1/a"}, time.Minute))
	got, err := registry.Reports(t.Context())
	require.NoError(t, err)
	require.Equal(t, []models.WorkerReport{{Worker: "host/1/a"}, full}, got)

	// A report from another release does not hide the others.
	require.NoError(t, entries.Put(t.Context(), "host/1/a", []byte("{"), time.Minute))
	got, err = registry.Reports(t.Context())
	require.NoError(t, err)
	require.Equal(t, []models.WorkerReport{full}, got)

	require.NoError(t, registry.Remove(t.Context(), full.Worker))
	got, err = registry.Reports(t.Context())
	require.NoError(t, err)
	require.Empty(t, got)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = registry.Reports(ended)
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err))
}

// A publisher's report is there once it has published, and gone once it has stopped.
func TestPublisher(t *testing.T) {
	t.Parallel()
	registry := fleet.NewRegistry(presence(t))
	p := &fleet.Publisher{Registry: registry, Worker: "w", Log: zap.NewNop(),
		Report: func() models.WorkerReport { return models.WorkerReport{Sandbox: "local"} }}
	p.Publish(t.Context())
	got, err := registry.Reports(t.Context())
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "w", got[0].Worker)
	require.WithinDuration(t, time.Now(), got[0].At, time.Minute)

	ctx, stop := context.WithCancel(t.Context())
	stop()
	p.Run(ctx)
	got, err = registry.Reports(t.Context())
	require.NoError(t, err)
	require.Empty(t, got)
}

// The isolation of builds is answered from memory: a look takes in what the workers have published, and forgets it when they cannot
// be asked.
func TestIsolation(t *testing.T) {
	t.Parallel()
	registry := fleet.NewRegistry(presence(t))
	e := &fleet.Engines{Registry: registry}
	require.Equal(t, models.BuildIsolation{}, e.Isolation())
	for worker, isolation := range map[string]string{"a": "docker", "b": "confined"} {
		require.NoError(t, registry.Publish(t.Context(), models.WorkerReport{Worker: worker, Engines: []models.EngineStatus{
			{Name: "phaser", Version: "4.2.1", Available: true, Isolation: isolation, Notice: "as it is"}, {Name: "three", Version: "1", Isolation: "open"}}}, time.Minute))
	}
	require.Equal(t, models.BuildIsolation{}, e.Isolation(), "nobody has looked")
	e.LookAtIsolation(t.Context())
	require.Equal(t, models.BuildIsolation{Least: "confined", Notices: 1}, e.Isolation())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	e.LookAtIsolation(ended)
	require.Equal(t, models.BuildIsolation{}, e.Isolation())
	e.WatchIsolation(ended)
}
