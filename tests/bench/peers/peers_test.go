package peers_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/bench/peers"
)

// Every peer runs jobs to their end, and tells what it holds.
func TestPeersRunJobs(t *testing.T) {
	t.Parallel()
	if os.Getenv("SPARK_TEST_POSTGRES_URL") == "" {
		t.Fatal(`this test needs real services; run it with "make test", or "go run ./tests/services -fsync -- go -C tests/bench test ./..."`)
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	for i, c := range []struct {
		name string
		peer func(*peers.Env) peers.Peer
	}{
		{"spark", func(e *peers.Env) peers.Peer { return &peers.Spark{Env: e} }},
		{"embedded", func(e *peers.Env) peers.Peer { return &peers.Spark{Env: e, Embedded: true} }},
		{"grown", func(e *peers.Env) peers.Peer {
			grown, err := peers.Grown(t.Context(), e, 2*peers.GrownAccounts)
			require.NoError(t, err)
			return &peers.Spark{Env: e, From: grown}
		}},
		{"asynq", func(e *peers.Env) peers.Peer { return &peers.Asynq{Env: e} }},
		{"river", func(e *peers.Env) peers.Peer { return &peers.River{Env: e} }},
		{"bullmq", func(e *peers.Env) peers.Peer { return peers.BullMQ(e) }},
		{"graphile-worker", func(e *peers.Env) peers.Peer { return peers.Graphile(e) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env, err := peers.FromEnvironment(t.Context(), t.TempDir(), filepath.Join(cache, "spark-bench"))
			require.NoError(t, err)
			env.RedisDB = 100 + i
			runJobs(t, c.peer(env))
		})
	}
}

func runJobs(t *testing.T, p peers.Peer) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	require.NoError(t, p.Setup(ctx))
	defer func() { require.NoError(t, p.Close()) }() // before its context ends
	n, err := p.Submit(ctx, peers.Load{Callers: 4, Jobs: 20})
	require.NoError(t, err)
	require.Equal(t, 20, n)
	counts, err := p.Counts(ctx)
	require.NoError(t, err)
	require.NoError(t, counts.Check(20, 0))

	require.NoError(t, p.Work(ctx, 10))
	n, err = p.Submit(ctx, peers.Load{Callers: 2, Jobs: 10, Rate: 1000})
	require.NoError(t, err)
	require.Equal(t, 10, n)
	done, err := p.Finished(ctx, 30)
	require.NoError(t, err)
	require.Equal(t, 30, done)
	waits, err := p.Waits()
	require.NoError(t, err)
	require.Len(t, waits, 30)
	for _, w := range waits {
		require.Positive(t, w)
	}
	require.Eventually(t, func() bool {
		counts, err := p.Counts(ctx)
		return err == nil && counts.Check(30, 30) == nil
	}, time.Minute, 10*time.Millisecond)
}
