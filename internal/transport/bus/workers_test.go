package bus_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

func TestWorkersPublishAndRemove(t *testing.T) {
	t.Parallel()
	url := testenv.Redis(t)
	r, err := redisconn.Open(url)
	require.NoError(t, err)
	defer r.Close()
	writer, reader := bus.NewWorkers(r), bus.NewWorkers(r)
	workers := func() (all []string) {
		reports, err := reader.Reports(t.Context())
		require.NoError(t, err)
		for _, r := range reports {
			all = append(all, r.Worker)
		}
		return all
	}
	require.Empty(t, workers())

	full := models.WorkerReport{Worker: "host/1/b", At: time.Now().UTC().Truncate(time.Second), Sandbox: "docker", Engines: []models.EngineStatus{
		{Name: "phaser", Version: "4.2.1", Outputs: []string{"web"}, Image: "sha256:1", Boxes: models.BoxCounts{Warm: 2, Waiting: 1}}}}
	require.NoError(t, writer.Publish(t.Context(), full, time.Minute))
	require.NoError(t, writer.Publish(t.Context(), models.WorkerReport{Worker: "host/2/a"}, time.Minute))
	require.NoError(t, writer.Publish(t.Context(), models.WorkerReport{Worker: "host/1/a"}, 100*time.Millisecond))
	got, err := reader.Reports(t.Context())
	require.NoError(t, err)
	require.Equal(t, full, got[len(got)-2])

	// One that is not renewed goes, and its id with it; one that is removed goes at once.
	require.Eventually(t, func() bool { return len(workers()) == 2 }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, []string{"host/1/b", "host/2/a"}, workers())
	require.NoError(t, writer.Remove(t.Context(), "host/1/b"))
	require.Equal(t, []string{"host/2/a"}, workers())
	raw := client(t, url)
	keys, err := raw.Keys(t.Context(), "*worker*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 2, "%v", keys)

	// What another release has written does not hide the others.
	require.NoError(t, writer.Publish(t.Context(), full, time.Minute))
	for _, k := range keys {
		if kind, _ := raw.Type(t.Context(), k).Result(); kind == "string" {
			require.NoError(t, raw.Set(t.Context(), k, "{", time.Minute).Err())
		}
	}
	require.Equal(t, []string{"host/1/b"}, workers())

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = reader.Reports(ended)
	require.ErrorIs(t, err, context.Canceled)
}

// A platform whose workers come and go, and that nobody asks how they are, does not gather their ids for ever.
func TestWorkersAreForgottenThatNobodyAsksFor(t *testing.T) {
	t.Parallel()
	url := testenv.Redis(t)
	r, err := redisconn.Open(url)
	require.NoError(t, err)
	defer r.Close()
	registry := bus.NewWorkers(r)
	require.NoError(t, registry.Publish(t.Context(), models.WorkerReport{Worker: "old"}, time.Minute))
	raw := client(t, url)
	keys, err := raw.Keys(t.Context(), "*worker-ids").Result()
	require.NoError(t, err)
	require.Len(t, keys, 1)
	ids := func() []string {
		list, err := raw.ZRange(t.Context(), keys[0], 0, -1).Result()
		require.NoError(t, err)
		return list
	}
	require.NoError(t, registry.Publish(t.Context(), models.WorkerReport{Worker: "new"}, time.Minute))
	require.ElementsMatch(t, []string{"old", "new"}, ids())
	require.NoError(t, raw.ZAdd(t.Context(), keys[0], redis.Z{Score: float64(time.Now().Add(-2 * time.Hour).Unix()), Member: "old"}).Err())
	require.NoError(t, registry.Publish(t.Context(), models.WorkerReport{Worker: "new"}, time.Minute))
	require.Equal(t, []string{"new"}, ids())
}

func client(t *testing.T, url string) *redis.Client {
	o, err := redis.ParseURL(url)
	require.NoError(t, err)
	c := redis.NewClient(o)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}
