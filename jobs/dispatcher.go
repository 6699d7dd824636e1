package jobs

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Backlog is what the dispatcher needs of the store.
type Backlog interface {
	// DueQueues lists the queues that have due jobs which are not dispatched.
	DueQueues(ctx context.Context) ([]models.Queue, error)
	// Load says how many of a queue's jobs are released and unclaimed, and which accounts have due jobs waiting.
	Load(ctx context.Context, q models.Queue) (QueueLoad, error)
	// Release marks up to n due jobs of an account as dispatched, oldest first, each under a new dispatch number.
	Release(ctx context.Context, q models.Queue, accountID string, n int) ([]Dispatch, error)
	// Withdraw takes releases back, so that their jobs are due again. Claimed ones are left alone.
	Withdraw(ctx context.Context, ds []Dispatch) error
}

// QueueLoad is the state of one queue.
type QueueLoad struct {
	Released int // enqueued in Redis and not claimed yet
	Accounts []AccountLoad
}

// AccountLoad is an account with due jobs in a queue.
type AccountLoad struct {
	AccountID string
	Weight    int // share, at least 1
	Busy      int // its jobs of the kind that are released or running
}

// Transport hands released jobs to the workers.
type Transport interface {
	Enqueue(ctx context.Context, ds []Dispatch) error
	// Lost picks the dispatches for which no task is waiting or running any more.
	Lost(ctx context.Context, ds []Dispatch) ([]Dispatch, error)
}

// Dispatcher releases due jobs into Redis: fairly between accounts, and at most Window ahead of the workers in a queue, because
// Redis is first in, first out. Any number of dispatchers may run concurrently.
type Dispatcher struct {
	Backlog   Backlog
	Transport Transport
	Window    int
	Every     time.Duration // between checks for jobs that became due
	Log       *zap.Logger
	// Dispatched is called with how many jobs were dispatched, for metrics; it may be nil.
	Dispatched func(q models.Queue, n int)

	mu    sync.Mutex
	dirty map[models.Queue]bool
	wake  chan struct{}
	once  sync.Once
}

func (d *Dispatcher) init() {
	d.once.Do(func() {
		d.dirty = make(map[models.Queue]bool)
		d.wake = make(chan struct{}, 1)
	})
}

// Notify says that a queue may have due jobs, or room. It never blocks.
func (d *Dispatcher) Notify(queues ...models.Queue) {
	if len(queues) == 0 {
		return
	}
	d.init()
	d.mu.Lock()
	for _, q := range queues {
		d.dirty[q] = true
	}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// roundWithin bounds one round of a background loop: a database or a Redis that neither answers nor breaks the connection
// must not stop the loop for good.
const roundWithin = 30 * time.Second

// Run dispatches until ctx is done.
func (d *Dispatcher) Run(ctx context.Context) {
	d.init()
	tick := time.NewTicker(d.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-tick.C:
			due, err := d.dueQueues(ctx)
			if err != nil {
				d.warn(ctx, "look for due jobs", err)
				continue
			}
			d.Notify(due...)
		}
		for q := range d.takeDirty() {
			if err := d.dispatch(ctx, q); err != nil {
				d.warn(ctx, "dispatch "+q.Name(), err)
			}
		}
	}
}

func (d *Dispatcher) dueQueues(ctx context.Context) ([]models.Queue, error) {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	return d.Backlog.DueQueues(ctx)
}

func (d *Dispatcher) takeDirty() map[models.Queue]bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := d.dirty
	d.dirty = make(map[models.Queue]bool)
	return taken
}

func (d *Dispatcher) warn(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		d.Log.Warn(what+" failed, will try again", zap.Error(err))
	}
}

// dispatch fills a queue's window. A release that cannot be enqueued is withdrawn; if that fails too, the repairer finds it.
func (d *Dispatcher) dispatch(ctx context.Context, q models.Queue) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	load, err := d.Backlog.Load(ctx, q)
	if err != nil {
		return err
	}
	room := d.Window - load.Released
	if room < (d.Window+3)/4 {
		return nil // the workers have enough ahead of them; one larger release costs less than many small ones
	}
	shares := fairShares(load.Accounts, room)
	batches := make([][]Dispatch, 0, len(shares))
	for _, s := range shares {
		ds, err := d.Backlog.Release(ctx, q, s.AccountID, s.N)
		if err != nil {
			return err
		}
		batches = append(batches, ds)
	}
	ds := interleave(batches)
	if len(ds) == 0 {
		return nil
	}
	if err := d.Transport.Enqueue(ctx, ds); err != nil {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if werr := d.Backlog.Withdraw(undo, ds); werr != nil {
			d.Log.Warn("withdrawing a release failed, the repairer will do it", zap.Error(werr))
		}
		return err
	}
	if d.Dispatched != nil {
		d.Dispatched(q, len(ds))
	}
	if len(ds) < room && len(load.Accounts) > 1 {
		d.Notify(q) // an account had fewer jobs than its share: distribute the rest
	}
	return nil
}
