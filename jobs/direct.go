package jobs

import (
	"context"
	"maps"
	"time"

	"github.com/spark-games/spark/models"
)

// Direct lets a job be released by the statement that stores it, which on a platform that keeps up is most of them: that is one write
// less, and no look at the queue. Nobody is overtaken, since it happens only while nothing waits and the window has room.
type Direct interface {
	// Reserve takes a place in the window for a job that is about to be stored, if as far as this process knows nothing waits
	// before it. Follow it by HandOver or Forgo.
	Reserve(q models.Queue, jobID string) bool
	// HandOver sends a job that was stored as released to the workers. It never blocks: if the process ends before it is done, the
	// repairer does it.
	HandOver(d Dispatch)
	// Forgo gives the place back.
	Forgo(jobID string)
}

// direct is what a queue's loop knows between two looks. The dispatcher's mutex guards it.
type direct struct {
	quiet   bool // the last look left nothing waiting
	mine    bool // jobs have become due by this process's doing, since the last look
	others  int  // released by other processes and not claimed, at the last look
	ahead   int  // reserved or released by this process, and not changed since
	workers int  // that run jobs of the queue, at the last look
	stored  []Dispatch
	hand    chan struct{} // signalled when stored has more
}

// Reserve implements Direct.
func (d *Dispatcher) Reserve(q models.Queue, jobID string) bool {
	d.init()
	l := d.loops[q]
	d.mu.Lock()
	defer d.mu.Unlock()
	if !l.direct.quiet || l.direct.others+l.direct.ahead >= l.window(l.direct.workers) {
		return false
	}
	d.hold(l, jobID)
	return true
}

// hold counts a job as ahead of the workers until it changes.
func (d *Dispatcher) hold(l *queueLoop, jobID string) {
	if d.held[jobID] == nil {
		d.held[jobID] = l
		l.direct.ahead++
	}
}

// HandOver implements Direct.
func (d *Dispatcher) HandOver(job Dispatch) {
	l := d.loops[job.Queue]
	d.mu.Lock()
	l.direct.stored = append(l.direct.stored, job)
	d.mu.Unlock()
	select {
	case l.direct.hand <- struct{}{}:
	default:
	}
}

// Forgo implements Direct.
func (d *Dispatcher) Forgo(jobID string) { d.JobChanged(jobID) }

// JobChanged says that a job was claimed, cancelled or changed otherwise: it is not ahead of the workers any more. Tell it what
// all processes do.
func (d *Dispatcher) JobChanged(jobID string) {
	d.init()
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.held[jobID]; l != nil {
		delete(d.held, jobID)
		l.direct.ahead--
	}
}

// due has the loop look for jobs that may have become due, by this process's doing or not.
func (l *queueLoop) due(mine bool) {
	l.mu.Lock()
	l.direct.mine = l.direct.mine || mine
	l.mu.Unlock()
	l.notify()
}

func (l *queueLoop) known() direct {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.direct
}

// looked updates what was known when a look began by what it found and released. left says that due jobs may be left, for want of room; it
// reports whether other processes should hear of that.
func (l *queueLoop) looked(began direct, load QueueLoad, released []Dispatch, left bool) (tell bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if load.Released == 0 && began.ahead > 0 { // the hint of a change can be lost
		maps.DeleteFunc(l.held, func(_ string, of *queueLoop) bool { return of == l })
		l.direct.ahead = 0
	}
	l.direct.others, l.direct.workers = max(load.Released-began.ahead, 0), load.Workers
	for _, d := range released {
		l.hold(l, d.JobID)
	}
	l.direct.quiet = !left
	tell, l.direct.mine = left && l.direct.mine, false // whoever is told looks until nothing is left, as this process does
	return tell
}

// handOver sends stored releases to the workers until ctx is done.
func (l *queueLoop) handOver(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-l.direct.hand:
			l.sendStored(ctx)
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	l.sendStored(last)
}

func (l *queueLoop) sendStored(ctx context.Context) {
	l.mu.Lock()
	ds := l.direct.stored
	l.direct.stored = nil
	l.mu.Unlock()
	if len(ds) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	if err := l.enqueue(ctx, ds); err != nil {
		l.warn(ctx, "hand over to "+l.queue.Name(), err)
		l.due(true)
	}
}
