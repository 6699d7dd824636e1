package bus_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

func TestPresence(t *testing.T) {
	t.Parallel()
	url := testenv.Redis(t)
	r, err := redisconn.Open(url, zap.NewNop())
	require.NoError(t, err)
	defer r.Close()
	writer, reader := bus.NewPresence(r), bus.NewPresence(r)
	entries := func() (all []string) {
		list, err := reader.Entries(t.Context())
		require.NoError(t, err)
		for _, e := range list {
			all = append(all, string(e))
		}
		return all
	}
	require.Empty(t, entries())
	require.NoError(t, writer.Put(t.Context(), "host/1/b", []byte("b"), time.Minute))
	require.NoError(t, writer.Put(t.Context(), "host/2/a", []byte("c"), time.Minute))
	require.NoError(t, writer.Put(t.Context(), "host/1/a", []byte("a"), 100*time.Millisecond))

	// An entry that is not renewed expires, with its id; a deleted one is removed immediately.
	require.Eventually(t, func() bool { return len(entries()) == 2 }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, []string{"b", "c"}, entries())
	require.NoError(t, writer.Put(t.Context(), "host/1/b", []byte("B"), time.Minute))
	require.Equal(t, []string{"B", "c"}, entries())
	require.NoError(t, writer.Delete(t.Context(), "host/1/b"))
	require.Equal(t, []string{"c"}, entries())
	keys, err := client(t, url).Keys(t.Context(), "*worker*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 2, "%v", keys)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = reader.Entries(ended)
	require.ErrorIs(t, err, context.Canceled)
}

// The ids of workers that have gone do not accumulate, even if nobody reads the registry.
func TestPresenceForgetsWorkersThatNobodyAsksFor(t *testing.T) {
	t.Parallel()
	url := testenv.Redis(t)
	r, err := redisconn.Open(url, zap.NewNop())
	require.NoError(t, err)
	defer r.Close()
	presence := bus.NewPresence(r)
	require.NoError(t, presence.Put(t.Context(), "old", nil, time.Minute))
	raw := client(t, url)
	keys, err := raw.Keys(t.Context(), "*worker-ids").Result()
	require.NoError(t, err)
	require.Len(t, keys, 1)
	ids := func() []string {
		list, err := raw.ZRange(t.Context(), keys[0], 0, -1).Result()
		require.NoError(t, err)
		return list
	}
	require.NoError(t, presence.Put(t.Context(), "new", nil, time.Minute))
	require.ElementsMatch(t, []string{"old", "new"}, ids())
	require.NoError(t, raw.ZAdd(t.Context(), keys[0], redis.Z{Score: float64(time.Now().Add(-2 * time.Hour).Unix()), Member: "old"}).Err())
	require.NoError(t, presence.Put(t.Context(), "new", nil, time.Minute))
	require.Equal(t, []string{"new"}, ids())
}

func client(t *testing.T, url string) *redis.Client {
	o, err := redis.ParseURL(url)
	require.NoError(t, err)
	c := redis.NewClient(o)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}
