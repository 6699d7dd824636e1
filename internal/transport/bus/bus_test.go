package bus_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// What a process has no room for is others' business, not its own.
func TestDueIsHeardByOthersOnly(t *testing.T) {
	t.Parallel()
	url := testenv.Redis(t)
	q := models.Queue{Kind: models.KindBuild, Priority: models.PriorityLow}
	heard := make(map[string]chan models.Queue)
	buses := make(map[string]*bus.Bus)
	var running sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(func() { stop(); running.Wait() })
	for _, name := range []string{"a", "b"} {
		r, err := redisconn.Open(url, zap.NewNop())
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, r.Close()) })
		heard[name] = make(chan models.Queue, 1000)
		b, hears := bus.New(r, zap.NewNop()), heard[name]
		b.OnDue = func(qs ...models.Queue) { hears <- qs[0] }
		buses[name] = b
		running.Go(func() { b.Run(ctx) })
	}
	until := func(from, to string) { // the other one listens
		for {
			buses[from].Due(q)
			select {
			case got := <-heard[to]:
				require.Equal(t, q, got)
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	until("a", "b")
	until("b", "a")
	buses["a"].Due(models.Queue{Kind: models.KindExport, Priority: models.PriorityLow})
	last := models.Queue{Kind: models.KindBuild, Priority: models.PriorityCritical}
	for got := q; got != last; { // the hints before may have been sent more than once
		buses["b"].Due(last)
		got = <-heard["a"]
		require.NotEqual(t, models.KindExport, got.Kind, "its own")
	}
}
