package jobs

import (
	"context"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// RepairStore is what the repairer needs of the store.
type RepairStore interface {
	// ReapExpired takes running jobs whose lease has expired from their lost workers: they are queued again, cancelled if that
	// was requested, or failed as poisonous if they lost too many workers. The effects are valid even with an error.
	ReapExpired(ctx context.Context, limit int) (Effects, error)
	// Expire fails jobs that had not started when they expired. The effects are valid even with an error.
	Expire(ctx context.Context, limit int) (Effects, error)
	// Unclaimed lists dispatches that were released longer ago than age and not claimed.
	Unclaimed(ctx context.Context, age time.Duration, limit int) ([]Dispatch, error)
	Withdraw(ctx context.Context, ds []Dispatch) error
	// Recall takes back the releases of what was paused meanwhile, and names the jobs.
	Recall(ctx context.Context) (jobs []string, err error)
}

// Repairer finds what was lost between the database, Redis and the workers, and what has expired. Any number may run concurrently: each repair is a
// compare-and-swap.
type Repairer struct {
	Store     RepairStore
	Transport Transport
	Every     time.Duration
	Grace     time.Duration // a release younger than this may still arrive
	Log       *zap.Logger
	Changed   func(jobs []string, queues []models.Queue)
	Observer  RepairObserver
}

// RepairObserver receives what was repaired, for metrics.
type RepairObserver interface {
	Reaped(n int)                      // jobs were taken from lost workers
	Redispatched(k models.Kind, n int) // jobs whose task was lost were dispatched again
	RepairFailed()
}

// repairBatch limits how many lost jobs one run takes, and unclaimedMost how many releases it looks at: more than all windows
// hold, since a lost one may be younger than many that merely wait in a paused queue.
const (
	repairBatch   = 500
	unclaimedMost = 200_000
)

// Run repairs until ctx is done, first immediately: a platform that starts finds what its predecessor left.
func (r *Repairer) Run(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	for {
		r.runOnce(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *Repairer) runOnce(ctx context.Context) {
	if err := r.reap(ctx); err != nil && ctx.Err() == nil {
		r.Observer.RepairFailed()
		r.Log.Warn("expired leases could not be reaped", zap.Error(err))
	}
	if err := r.expire(ctx); err != nil && ctx.Err() == nil {
		r.Observer.RepairFailed()
		r.Log.Warn("expired jobs could not be ended", zap.Error(err))
	}
	if err := r.recall(ctx); err != nil && ctx.Err() == nil {
		r.Observer.RepairFailed()
		r.Log.Warn("what was paused could not be taken back", zap.Error(err))
	}
	if err := r.redispatch(ctx); err != nil && ctx.Err() == nil {
		r.Observer.RepairFailed()
		r.Log.Warn("unclaimed jobs could not be dispatched again", zap.Error(err))
	}
}

func (r *Repairer) reap(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	effects, err := r.Store.ReapExpired(ctx, repairBatch)
	if len(effects.Jobs) > 0 {
		r.Log.Warn("took jobs from lost workers", zap.Int("jobs", len(effects.Jobs)))
		r.Observer.Reaped(len(effects.Jobs))
		r.Changed(effects.Jobs, effects.Queues)
	}
	return err
}

func (r *Repairer) expire(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	effects, err := r.Store.Expire(ctx, repairBatch)
	if len(effects.Jobs) > 0 {
		r.Changed(effects.Jobs, effects.Queues)
	}
	return err
}

func (r *Repairer) recall(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	recalled, err := r.Store.Recall(ctx)
	if len(recalled) > 0 {
		r.Changed(recalled, nil)
	}
	return err
}

func (r *Repairer) redispatch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	waiting, err := r.Store.Unclaimed(ctx, r.Grace, unclaimedMost)
	if err != nil || len(waiting) == 0 {
		return err
	}
	lost, err := r.Transport.Lost(ctx, waiting)
	if err != nil || len(lost) == 0 {
		return err
	}
	if err := r.Store.Withdraw(ctx, lost); err != nil {
		return err
	}
	r.Log.Warn("dispatched jobs had no task and are dispatched again", zap.Int("jobs", len(lost)))
	queues := make(map[models.Queue]int)
	for _, d := range lost {
		queues[d.Queue]++
	}
	for q, n := range queues {
		r.Observer.Redispatched(q.Kind, n)
	}
	r.Changed(jobIDs(lost), slices.Collect(maps.Keys(queues)))
	return nil
}
