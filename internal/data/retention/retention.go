// Package retention removes what is not kept any longer, by policy: in the background, a small batch at a time, and never at more
// than half of one connection's time. Any number of schedulers may do so concurrently. docs/retention.md says what goes when.
package retention

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Policy says how long one sort of thing is kept.
type Policy struct {
	Name string
	Keep time.Duration // 0 is for ever
	// Remove removes one batch of what is older than keep.
	Remove func(ctx context.Context, keep time.Duration) (models.Pruning, error)
}

// Pruner applies policies.
type Pruner struct {
	Policies []Policy
	Every    time.Duration
	Log      *zap.Logger
	Observer Observer
}

// Observer receives what was removed, for metrics.
type Observer interface {
	// Pruned reports how many of a sort of thing were removed.
	Pruned(what string, n int)
	// Kept reports what a policy has left: the oldest is of this time, or the zero time if there is none.
	Kept(policy string, keep time.Duration, oldest time.Time)
	RetentionFailed()
}

// batchWithin bounds one batch, for a database that neither answers nor breaks the connection.
const batchWithin = time.Minute

// Run applies the policies until ctx is done, first immediately.
func (p *Pruner) Run(ctx context.Context) {
	tick := time.NewTicker(p.Every)
	defer tick.Stop()
	for {
		for _, policy := range p.Policies {
			if policy.Keep > 0 {
				p.apply(ctx, policy)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// apply removes batch after batch, with pauses in between that are as long as the batches.
func (p *Pruner) apply(ctx context.Context, policy Policy) {
	removed := make(map[string]int)
	for {
		begun := time.Now()
		done, err := p.batch(ctx, policy)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			p.Observer.RetentionFailed()
			p.Log.Warn("old things could not be removed, will try again", zap.String("policy", policy.Name), zap.Error(err))
			return
		}
		for what, n := range done.Removed {
			p.Observer.Pruned(what, n)
			removed[what] += n
		}
		p.Observer.Kept(policy.Name, policy.Keep, done.Oldest)
		if !done.More {
			break
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Since(begun)):
		}
	}
	if len(removed) > 0 {
		p.Log.Info("old things were removed", zap.String("policy", policy.Name), zap.Any("removed", removed))
	}
}

func (p *Pruner) batch(ctx context.Context, policy Policy) (models.Pruning, error) {
	ctx, cancel := context.WithTimeout(ctx, batchWithin)
	defer cancel()
	return policy.Remove(ctx, policy.Keep)
}
