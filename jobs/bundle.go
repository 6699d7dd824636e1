package jobs

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// bundleWithin is how long jobs wait for others of their bundle. Those that have not begun by then are released anew, each
// to whichever worker is free.
const bundleWithin = 2 * bundleTime

// ExecuteBundle runs dispatched jobs of one queue to their ends, one after another: while the result of one is stored, the next is
// claimed and runs. It returns when nothing of them is running any more. stop ends when the worker has no more time to let jobs
// finish; an attempt is then cancelled and handed back.
func (e *Executor) ExecuteBundle(stop context.Context, ds []Dispatch) {
	e.active.Add(1)
	defer e.active.Done()
	b := bundle{rest: ds}
	gaveBack := make(chan struct{})
	late := time.AfterFunc(bundleWithin, func() { defer close(gaveBack); e.giveBack(stop, b.takeAll()) })
	defer func() {
		if !late.Stop() {
			<-gaveBack
		}
	}()
	var ending sync.WaitGroup
	defer ending.Wait()
	for {
		d, ok := b.next()
		if !ok {
			return
		}
		conclude, ok := e.take(stop, d)
		if !ok {
			e.giveBack(stop, append([]Dispatch{d}, b.takeAll()...))
			return
		}
		ending.Wait() // at most one result is on its way
		ending.Go(conclude)
	}
}

// bundle is the jobs of a task that have not begun.
type bundle struct {
	mu   sync.Mutex
	rest []Dispatch
}

func (b *bundle) next() (d Dispatch, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.rest) == 0 {
		return Dispatch{}, false
	}
	d, b.rest = b.rest[0], b.rest[1:]
	return d, true
}

func (b *bundle) takeAll() []Dispatch {
	b.mu.Lock()
	defer b.mu.Unlock()
	rest := b.rest
	b.rest = nil
	return rest
}

// giveBack has jobs released anew.
func (e *Executor) giveBack(stop context.Context, ds []Dispatch) {
	if len(ds) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stop), claimWithin)
	defer cancel()
	if err := e.Withdraw(ctx, ds); err != nil {
		e.Log.Warn("giving back jobs that were not taken failed, the repairer will do it", zap.Error(err))
		return
	}
	e.Changed(jobIDs(ds), []models.Queue{ds[0].Queue})
}
