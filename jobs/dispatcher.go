package jobs

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Backlog is what the dispatcher needs of the store.
type Backlog interface {
	// WaitingQueues lists the queues in which jobs wait for their time, or to be dispatched.
	WaitingQueues(ctx context.Context) ([]models.Queue, error)
	// Released says how many of a queue's jobs are released.
	Released(ctx context.Context, q models.Queue) (QueueLoad, error)
	// Waiting says which accounts have due jobs in a queue, those that are held last.
	Waiting(ctx context.Context, q models.Queue) ([]AccountLoad, error)
	// Release marks due jobs as dispatched, up to each account's share, oldest first, each under a new dispatch number. It
	// returns them by share.
	Release(ctx context.Context, q models.Queue, shares []Share) ([][]Dispatch, error)
	// Withdraw takes releases back, so that their jobs are due again. Claimed ones are left alone.
	Withdraw(ctx context.Context, ds []Dispatch) error
}

// QueueLoad is the state of one queue.
type QueueLoad struct {
	Released int  // enqueued in Redis and not claimed yet
	Workers  int  // that run jobs of it
	Paused   bool // its kind is: none of it is released
}

// AccountLoad is an account with due jobs in a queue.
type AccountLoad struct {
	AccountID string
	Weight    int  // share, at least 1
	Busy      int  // its jobs of the kind that are released or running
	EndUsers  bool // jobs of its end users are among those that wait
	Caps
	Held bool // it has as many jobs released or running as it may
}

// Transport hands released jobs to the workers.
type Transport interface {
	// Enqueue makes a task of each bundle, whose jobs are of one queue and run one after another.
	Enqueue(ctx context.Context, bundles [][]Dispatch) error
	// Lost picks the dispatches for which no task is waiting or running any more.
	Lost(ctx context.Context, ds []Dispatch) ([]Dispatch, error)
}

// Dispatcher releases due jobs into Redis: fairly between accounts, and no more than the workers take in a moment, because
// what is in Redis is first in, first out. Each queue has a loop of its own, so that a deep one holds up no other. Any
// number of dispatchers may run at once.
type Dispatcher struct {
	Backlog   Backlog
	Transport Transport
	MinWindow int           // jobs of a queue in Redis even if no worker takes any; 0 is 1
	MaxWindow int           // jobs of a queue in Redis, at most
	Every     time.Duration // between checks for jobs that became due
	Log       *zap.Logger
	// Dispatched is called with how many jobs were dispatched, for metrics; it may be nil.
	Dispatched func(q models.Queue, n int)
	// Full tells other processes, in which workers may take more, that jobs of a queue are due; it may be nil.
	Full func(q models.Queue)

	once  sync.Once
	loops map[models.Queue]*queueLoop

	mu   sync.Mutex
	held map[string]*queueLoop // the jobs that loops count as ahead of the workers
}

// queueLoop releases the jobs of one queue.
type queueLoop struct {
	*Dispatcher
	queue  models.Queue
	wake   chan struct{}
	meter  meter
	rest   rest
	direct direct
	capped atomic.Bool // an account with a limit had due jobs, at the last look
}

func (d *Dispatcher) init() {
	d.once.Do(func() {
		d.loops, d.held = make(map[models.Queue]*queueLoop), make(map[string]*queueLoop)
		for _, q := range models.Queues() {
			d.loops[q] = &queueLoop{Dispatcher: d, queue: q, wake: make(chan struct{}, 1), rest: rest{enough: make(chan struct{}, 1)},
				direct: direct{hand: make(chan struct{}, 1)}}
		}
	})
}

// Notify says that queues may have due jobs by what this process did. It never blocks.
func (d *Dispatcher) Notify(queues ...models.Queue) { d.due(true, queues) }

// Hint says that queues may have due jobs, as another process tells, or as time goes by.
func (d *Dispatcher) Hint(queues ...models.Queue) { d.due(false, queues) }

func (d *Dispatcher) due(mine bool, queues []models.Queue) {
	d.init()
	for _, q := range queues {
		if l := d.loops[q]; l != nil {
			l.due(mine)
		}
	}
}

// Claimed implements Meter.
func (d *Dispatcher) Claimed(q models.Queue) {
	d.init()
	if l := d.loops[q]; l != nil {
		l.meter.claimed(time.Now())
		l.rest.claimed()
		if !l.known().quiet {
			l.notify() // there is room
		}
	}
}

// Ended implements Meter.
func (d *Dispatcher) Ended(q models.Queue, took time.Duration) {
	d.init()
	if l := d.loops[q]; l != nil {
		l.meter.ended(took)
	}
}

// Freed implements Meter. Where an account has a limit, the end of a job makes room for others of its own, of whatever kind.
func (d *Dispatcher) Freed(models.Queue) {
	d.init()
	for _, l := range d.loops {
		if l.capped.Load() {
			l.due(false)
		}
	}
}

func (l *queueLoop) notify() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// roundWithin bounds one round of a background loop: a database or a Redis that neither answers nor breaks the connection
// must not stop the loop for good.
const roundWithin = 30 * time.Second

// Run dispatches until ctx is done.
func (d *Dispatcher) Run(ctx context.Context) {
	d.init()
	var loops sync.WaitGroup
	defer loops.Wait()
	for _, l := range d.loops {
		loops.Go(func() { l.run(ctx) })
		loops.Go(func() { l.handOver(ctx) })
	}
	tick := time.NewTicker(d.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			waiting, err := d.waitingQueues(ctx)
			if err != nil {
				d.warn(ctx, "look for waiting jobs", err)
				continue
			}
			d.Hint(waiting...)
		}
	}
}

func (d *Dispatcher) waitingQueues(ctx context.Context) ([]models.Queue, error) {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	return d.Backlog.WaitingQueues(ctx)
}

func (l *queueLoop) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		l.rest.wait(ctx)
		if err := l.dispatch(ctx); err != nil {
			l.warn(ctx, "dispatch "+l.queue.Name(), err)
		}
	}
}

func (d *Dispatcher) warn(ctx context.Context, what string, err error) {
	if ctx.Err() == nil {
		d.Log.Warn(what+" failed, will try again", zap.Error(err))
	}
}

// window is how many jobs of the queue may be in Redis.
func (l *queueLoop) window(workers int) int {
	return max(min(l.meter.window(time.Now(), workers), l.MaxWindow), l.MinWindow)
}

// dispatch fills the queue's window.
func (l *queueLoop) dispatch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	began := l.known()
	seen := l.rest.claims()
	load, err := l.Backlog.Released(ctx, l.queue)
	if err != nil {
		return err
	}
	if load.Paused {
		l.tell(l.looked(began, load, nil, true)) // so that none is released as it is stored
		return nil
	}
	window := l.window(load.Workers)
	room := window - load.Released
	// One larger release costs less than many small ones.
	worth := (window + 3) / 4
	if room < worth {
		l.rest.until(seen, worth-room, load.Workers)
		l.tell(l.looked(began, load, nil, true))
		return nil // the workers have enough ahead of them
	}
	accounts, err := l.Backlog.Waiting(ctx, l.queue)
	if err != nil {
		return err
	}
	l.capped.Store(slices.ContainsFunc(accounts, func(a AccountLoad) bool { return a.Any() }))
	accounts = slices.DeleteFunc(accounts, func(a AccountLoad) bool { return a.Held })
	var ds []Dispatch
	if shares := FairShares(accounts, room); len(shares) > 0 {
		batches, err := l.Backlog.Release(ctx, l.queue, shares)
		if err != nil {
			return err
		}
		ds = interleave(batches)
	}
	full := len(ds) == room
	l.tell(l.looked(began, load, ds, full || len(accounts) > 1))
	switch {
	case full:
		l.rest.until(seen, worth, load.Workers)
	case len(ds) > 0 && len(accounts) > 1:
		l.notify() // an account had fewer jobs than its share: distribute the rest
	}
	return l.enqueue(ctx, ds)
}

// tell has other processes look too.
func (l *queueLoop) tell(others bool) {
	if others && l.Full != nil {
		l.Full(l.queue)
	}
}

// enqueue hands released jobs to the workers. What cannot be enqueued is withdrawn; if that fails too, the repairer finds it.
func (l *queueLoop) enqueue(ctx context.Context, ds []Dispatch) error {
	if len(ds) == 0 {
		return nil
	}
	if err := l.Transport.Enqueue(ctx, slices.Collect(slices.Chunk(ds, l.meter.bundle(len(ds))))); err != nil {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		for _, d := range ds {
			l.JobChanged(d.JobID)
		}
		if werr := l.Backlog.Withdraw(undo, ds); werr != nil {
			l.Log.Warn("withdrawing a release failed, the repairer will do it", zap.Error(werr))
		}
		return err
	}
	if l.Dispatched != nil {
		l.Dispatched(l.queue, len(ds))
	}
	return nil
}
