package redisconn_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// trips counts round trips: it is added last, so that it stands between the coalescer and the connection.
type trips struct{ singles, pipelines atomic.Int64 }

func (c *trips) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "evalsha" {
			c.singles.Add(1)
		}
		return next(ctx, cmd)
	}
}

func (c *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if cmds[0].Name() == "evalsha" { // a connection is opened with a pipeline, too
			c.pipelines.Add(1)
		}
		return next(ctx, cmds)
	}
}

func connect(t *testing.T, url string) (*redis.Client, *trips) {
	t.Helper()
	conn, err := redisconn.Open(url, zap.NewNop())
	require.NoError(t, err)
	client, counted := conn.NewClient(), &trips{}
	redisconn.Coalesce(client)
	client.AddHook(counted)
	t.Cleanup(func() {
		_ = client.Close()
		_ = conn.Close()
	})
	return client, counted
}

// Every caller gets the answer to its own script, and the failure of one is nobody else's.
func TestConcurrentScriptsShareRoundTrips(t *testing.T) {
	t.Parallel()
	client, counted := connect(t, testenv.Redis(t))
	script := redis.NewScript(`
		if ARGV[1] == "bad" then return redis.error_reply("it is bad") end
		return redis.call("INCRBY", KEYS[1], ARGV[1])`)
	const callers, each = 64, 50
	key := models.NewID()
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			own := fmt.Sprintf("%s.%d", key, i)
			for n := range each {
				got, err := script.Run(t.Context(), client, []string{own}, i+1).Int()
				if err != nil || got != (n+1)*(i+1) {
					t.Errorf("caller %d got %d, %v", i, got, err)
				}
				if v, err := script.Run(t.Context(), client, []string{own}, "bad").Result(); err == nil || err.Error() != "it is bad" {
					t.Errorf("caller %d, run %d: %v, %v", i, n, v, err)
				}
			}
		})
	}
	wg.Wait()
	require.Less(t, counted.singles.Load()+counted.pipelines.Load(), int64(2*callers*each), "some shared a round trip")
	require.NotZero(t, counted.pipelines.Load())
}

func TestLoneScriptIsNoPipeline(t *testing.T) {
	t.Parallel()
	client, counted := connect(t, testenv.Redis(t))
	script := redis.NewScript(`return ARGV[1]`)
	for range 10 {
		_, err := script.Run(t.Context(), client, nil, "x").Result()
		require.NoError(t, err)
	}
	require.Zero(t, counted.pipelines.Load())
}

// A server that is gone fails every waiting script, and its return serves the next.
func TestScriptsFailWithTheirServer(t *testing.T) {
	t.Parallel()
	server := testenv.StartRedis(t)
	client, _ := connect(t, server.URL())
	script := redis.NewScript(`return ARGV[1]`)
	run := func() error { _, err := script.Run(t.Context(), client, nil, "x").Result(); return err }
	require.NoError(t, run())
	server.Kill()
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			if run() == nil {
				t.Error("a dead server answered")
			}
		})
	}
	wg.Wait()
	server.Start()
	require.Eventually(t, func() bool { return run() == nil }, 20*time.Second, 10*time.Millisecond)
}
