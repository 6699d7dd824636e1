package queue

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
)

// dequeue is asynq's request, as the hook sees it.
func dequeue(ctx context.Context, script string) redis.Cmder {
	return redis.NewCmd(ctx, "evalsha", script, 4, "asynq:{q}:pending", "asynq:{q}:paused", "asynq:{q}:active", "asynq:{q}:lease", 1, "x")
}

func TestWaiterHoldsTheLastEmptyAnswerOfARound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWaiter(3)
		ask := w.ProcessHook(func(context.Context, redis.Cmder) error { return redis.Nil })
		round := func() time.Duration {
			started := time.Now()
			for range 3 {
				require.Equal(t, redis.Nil, ask(t.Context(), dequeue(t.Context(), "sha")))
			}
			return time.Since(started)
		}
		require.Equal(t, idleFor, round(), "nothing comes: the wait is bounded")
		time.AfterFunc(30*time.Millisecond, w.wake)
		require.Equal(t, 30*time.Millisecond, round(), "a wake ends it immediately")

		// Work that appears while the round is being asked: the first question was too early to see it.
		calls := 0
		ask = w.ProcessHook(func(context.Context, redis.Cmder) error {
			if calls++; calls == 2 {
				w.wake()
			}
			return redis.Nil
		})
		require.Zero(t, round(), "a wake within the round is not missed")

		ask = w.ProcessHook(func(context.Context, redis.Cmder) error { return nil })
		require.NoError(t, ask(t.Context(), dequeue(t.Context(), "sha")), "an answer passes immediately")
		w.stop()
		ask = w.ProcessHook(func(context.Context, redis.Cmder) error { return redis.Nil })
		require.Zero(t, round(), "nothing waits for a server that stops")
	})
}

func TestWaiterLeavesOtherCommandsAlone(t *testing.T) {
	t.Parallel()
	for _, cmd := range []redis.Cmder{
		redis.NewCmd(t.Context(), "ping"),
		redis.NewCmd(t.Context(), "evalsha", "sha", 4, "asynq:{q}:active", "asynq:{q}:lease", "asynq:{q}:pending", "asynq:{q}:t:1", "1"),
		redis.NewCmd(t.Context(), "evalsha", "sha", 1, "asynq:{q}:pending"),
	} {
		require.False(t, isDequeue(cmd), cmd)
	}
	require.True(t, isDequeue(dequeue(t.Context(), "sha")))
}
