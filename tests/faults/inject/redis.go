package inject

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/faults/cluster"
)

// FlushRedis is the fault after which everything that was released has to be released again.
const FlushRedis = "redis flushed"

// redisFaults break a Redis that is alone. One that Sentinels watch is replaced when it does not answer.
func redisFaults() []Fault {
	alone := func(c *cluster.Cluster) bool { return c.Sentinel == nil }
	return []Fault{
		{Type: "redis killed", Least: 200 * time.Millisecond, Most: 2 * time.Second, On: alone, Inject: killRedis},
		{Type: "redis restarted", Least: 0, Most: 200 * time.Millisecond, On: alone,
			Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				return Hit{"redis", c.Redis.Start}, c.Redis.Stop()
			}},
		{Type: "redis frozen", Least: time.Second, Most: 5 * time.Second, On: alone,
			Inject: func(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				return Hit{"redis", func(context.Context) error { return c.Redis.Resume() }}, c.Redis.Pause()
			}},
		{Type: FlushRedis, Inject: func(ctx context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
			return Hit{"redis", nothing}, onRedis(ctx, c, func(r *redis.Client) error { return r.FlushAll(ctx).Err() })
		}},
		{Type: "redis out of memory", Least: time.Second, Most: 5 * time.Second, On: alone, Inject: fillRedis},
		{Type: "redis failed over", Least: 2 * time.Second, Most: 5 * time.Second, On: func(c *cluster.Cluster) bool { return !alone(c) },
			Inject: func(ctx context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
				heal, err := c.FailOver(ctx)
				return Hit{"redis", heal}, err
			}},
	}
}

func killRedis(_ context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
	return Hit{"redis", c.Redis.Start}, c.Redis.Kill()
}

// fillRedis makes every write fail: the server's policy is to evict nothing.
func fillRedis(ctx context.Context, c *cluster.Cluster, _ *rand.Rand) (Hit, error) {
	limit := func(ctx context.Context, bytes string) error {
		return onRedis(ctx, c, func(r *redis.Client) error { return r.ConfigSet(ctx, "maxmemory", bytes).Err() })
	}
	return Hit{"redis", func(ctx context.Context) error { return limit(ctx, "0") }}, limit(ctx, "1")
}

func nothing(context.Context) error { return nil }

func onRedis(ctx context.Context, c *cluster.Cluster, f func(*redis.Client) error) error {
	addr, err := c.Master(ctx)
	if err != nil {
		return err
	}
	client := redis.NewClient(&redis.Options{Addr: addr})
	defer client.Close()
	return f(client)
}
