package lifecycle

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStopGoesBackwardsAndPastFailures(t *testing.T) {
	t.Parallel()
	var g Group
	var order []string
	broken := errors.New("broken")
	for _, name := range []string{"store", "queue", "api"} {
		g.OnStop(name, func(context.Context) error {
			order = append(order, name)
			if name == "queue" {
				return broken
			}
			return nil
		})
	}
	err := g.Stop(t.Context())
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "stop queue")
	require.Equal(t, []string{"api", "queue", "store"}, order)
	require.NoError(t, g.Stop(t.Context()), "a second stop has nothing to do")
}

func TestLoopsAreWaitedFor(t *testing.T) {
	t.Parallel()
	var g Group
	ended := false
	g.Go("loop", func(ctx context.Context) {
		<-ctx.Done()
		ended = true
	})
	require.NoError(t, g.Stop(t.Context()))
	require.True(t, ended)
}

func TestStopIsBounded(t *testing.T) {
	t.Parallel()
	var g Group
	release := make(chan struct{})
	g.Go("deaf", func(context.Context) { <-release })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, g.Stop(ctx), context.DeadlineExceeded)
	close(release)
}

func TestStopFromManySides(t *testing.T) {
	t.Parallel()
	for range 50 {
		var g Group
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { g.Go("loop", func(ctx context.Context) { <-ctx.Done() }) })
			wg.Go(func() { _ = g.Stop(context.Background()) })
		}
		wg.Wait()
		require.NoError(t, g.Stop(t.Context()))
	}
}
