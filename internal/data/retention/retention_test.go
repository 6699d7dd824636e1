package retention

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// noted is an observer that takes notes.
type noted struct {
	mu     sync.Mutex
	pruned map[string]int
	oldest map[string]time.Time
	failed int
}

func (n *noted) note(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

func (n *noted) Pruned(what string, count int) { n.note(func() { n.pruned[what] += count }) }
func (n *noted) Kept(policy string, _ time.Duration, oldest time.Time) {
	n.note(func() { n.oldest[policy] = oldest })
}
func (n *noted) RetentionFailed() { n.note(func() { n.failed++ }) }

func TestPoliciesAreAppliedInBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const batch = time.Second // takes as long
		see := &noted{pruned: map[string]int{}, oldest: map[string]time.Time{}}
		oldest := time.Unix(7, 0)
		left := 5
		p := &Pruner{Every: time.Minute, Log: zap.NewNop(), Observer: see, Policies: []Policy{
			{Name: "broken", Keep: time.Hour, Remove: func(context.Context, time.Duration) (models.Pruning, error) {
				return models.Pruning{}, errors.New("away")
			}},
			{Name: "for ever", Remove: func(context.Context, time.Duration) (models.Pruning, error) {
				t.Error("it is kept")
				return models.Pruning{}, nil
			}},
			{Name: "jobs", Keep: 2 * time.Hour, Remove: func(_ context.Context, keep time.Duration) (models.Pruning, error) {
				time.Sleep(batch)
				left--
				if keep != 2*time.Hour || left < 0 {
					return models.Pruning{Oldest: oldest}, nil
				}
				return models.Pruning{Removed: map[string]int{"jobs": 2, "events": 3}, More: left > 0}, nil
			}},
			{Name: "silent", Keep: time.Hour, Remove: func(ctx context.Context, _ time.Duration) (models.Pruning, error) {
				<-ctx.Done() // a database that does not answer
				return models.Pruning{}, ctx.Err()
			}},
		}}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { p.Run(ctx); close(ended) }()
		removed := func() (all map[string]int) {
			synctest.Wait()
			see.note(func() { all = maps.Clone(see.pruned) })
			return all
		}
		time.Sleep(8 * batch) // half of the time it rests
		require.Equal(t, map[string]int{"jobs": 8, "events": 12}, removed())
		time.Sleep(10 * time.Minute)
		require.Equal(t, map[string]int{"jobs": 10, "events": 15}, removed())
		stop()
		<-ended
		require.Equal(t, map[string]time.Time{"jobs": oldest}, see.oldest)
		require.Greater(t, see.failed, 10, "each time, and the others go on")
	})
}
