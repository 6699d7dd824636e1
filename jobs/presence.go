package jobs

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// WorkerStore is where workers are known, and told to take no more jobs.
type WorkerStore interface {
	// Beat stores what a worker says of itself, and reports whether it is asked to take no more jobs.
	Beat(ctx context.Context, b models.Beat) (drain bool, err error)
	// Asked reports whether a worker is asked to take no more jobs, and writes nothing.
	Asked(ctx context.Context, id string) (drain bool, err error)
	// Gone removes a worker that has ended.
	Gone(ctx context.Context, id string) error
}

// Presence makes a worker known, and has it take no jobs while an administrator asks for that. It looks for that in the database, so
// that no message can be lost.
type Presence struct {
	Store    WorkerStore
	Executor *Executor
	Slots    models.Slots
	Log      *zap.Logger

	last models.Beat
	at   time.Time
}

const (
	// askEvery is how often a worker looks for what is asked of it, and beatEvery how often it says that it is there if nothing else has
	// changed. It has to do so several times in models.WorkerLostAfter.
	askEvery, beatEvery = 500 * time.Millisecond, 4 * time.Second
	presentWithin       = 3 * time.Second
)

// Run makes the worker known until ctx is done. What was asked last holds while the database is away.
func (p *Presence) Run(ctx context.Context) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		p.once(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), presentWithin)
	defer cancel()
	if err := p.Store.Gone(last, models.WorkerID(p.Executor.Owner)); err != nil {
		p.Log.Debug("removing this worker from the list failed; it will be taken for lost", zap.Error(err))
	}
}

func (p *Presence) once(parent context.Context) {
	ctx, cancel := context.WithTimeout(parent, presentWithin)
	defer cancel()
	beat := models.Beat{Name: p.Executor.Owner, Slots: p.Slots, Busy: p.Executor.Busy(), Stopping: p.Executor.draining.Load(),
		Draining: p.Executor.resting.Load()}
	changed := beat.Busy != p.last.Busy || beat.Stopping != p.last.Stopping || beat.Draining != p.last.Draining
	var drain bool
	var err error
	if beating := changed || time.Since(p.at) >= beatEvery; beating {
		if drain, err = p.Store.Beat(ctx, beat); err == nil {
			p.last, p.at = beat, time.Now()
		}
	} else {
		drain, err = p.Store.Asked(ctx, models.WorkerID(beat.Name))
	}
	if err != nil {
		if parent.Err() == nil {
			p.Log.Warn("this worker could not say that it is there", zap.Error(err))
		}
		return
	}
	if drain != beat.Draining {
		p.Log.Info("an administrator has said whether this worker takes jobs", zap.Bool("takes", !drain))
		p.Executor.Rest(drain)
	}
}

// Why a worker takes no tasks.
type holdReason int

const (
	holdSuspect holdReason = iota // has the worker to itself
	holdResting                   // an administrator asked for it
	holdStopping
)

// hold has the worker take no tasks for a reason, or ends that; others may remain.
func (e *Executor) hold(why holdReason, on bool) {
	e.holding.Lock()
	defer e.holding.Unlock()
	if e.held == nil {
		e.held = make(map[holdReason]bool)
	}
	if e.held[why] = on; !on {
		delete(e.held, why)
	}
	if len(e.held) > 0 {
		e.Source.Pause()
	} else {
		e.Source.Resume()
	}
}

// Rest has the worker take no more jobs, while those that run go on, or take some again.
func (e *Executor) Rest(on bool) {
	e.resting.Store(on)
	e.hold(holdResting, on)
}

// Busy is how many jobs the worker has taken and not ended. Once it is 0 after Rest, it stays so until the rest ends.
func (e *Executor) Busy() int {
	n := max(e.suspects.gate.count(), len(e.leases.fences()))
	if n == 0 && e.resting.Load() && e.seeking.Load() {
		n = 1 // it may have just claimed a suspect
	}
	return n
}
