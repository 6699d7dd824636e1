package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// A job that was running when its worker was lost is a suspect: it may be what killed it. It runs again alone in a worker,
// one at a time of those that were lost together, so that a worker's next death says whose fault it is; only deaths alone
// make a job poisonous. docs/decisions/0018-suspects.md has the reasons.

// SuspectStore is what running suspects needs of the store.
type SuspectStore interface {
	// ClaimSuspect makes a suspect of one of the queues running, as Claim does, if none of those that were lost with it
	// runs. It picks the one that was there at most deaths, of those that have waited so long. ErrNotClaimable when there
	// is none.
	ClaimSuspect(ctx context.Context, queues []models.Queue, owner string, waited, lease time.Duration) (*models.Job, error)
	// RunsAlone notes that the attempt has its worker to itself. ErrStale when the fence is gone.
	RunsAlone(ctx context.Context, f models.Fence) error
	// Clear takes the suspicion from an attempt. ErrStale when the fence is gone.
	Clear(ctx context.Context, f models.Fence) error
	// Survived takes back what the loss of an attempt's lease was taken for: its worker lives. It does so also when another
	// worker has claimed the job since.
	Survived(ctx context.Context, owner string, f models.Fence) error
	// Drain notes that the worker is stopping: should it die now, its jobs have nothing to do with it.
	Drain(ctx context.Context, owner string) error
}

// TaskSource is where a worker's dispatched jobs come from.
type TaskSource interface {
	// Open lists the queues that it takes jobs from: those that no administrator has paused.
	Open(ctx context.Context) ([]models.Queue, error)
	Pause()
	Resume()
}

const (
	// suspectsEvery is how often a worker looks for suspects.
	suspectsEvery = 500 * time.Millisecond
	// idleFirst is the head start of idle workers, before a busy one makes room.
	idleFirst = 3 * time.Second
	// firstRoom is how long a busy worker takes no jobs, the first time, so that those that run can end. Each time in which
	// they do not doubles it, up to lastRoom, and in between it takes jobs for as long.
	firstRoom, lastRoom = 30 * time.Second, time.Hour
	// firstProbation is how long a suspect runs alone. Each death of a worker while it ran doubles it, so that what kills
	// late is found too.
	firstProbation = 30 * time.Second
)

// probation is how long a suspect runs alone, after so many deaths.
func probation(deaths int) time.Duration { return firstProbation << min(max(deaths-1, 0), 10) }

// errNoRoom ends the wait for the worker's other jobs.
var errNoRoom = errors.New("the worker's other jobs did not end in time")

// suspects is what an executor remembers between two of them. Only RunSuspects' goroutine touches it, but the gate.
type suspects struct {
	gate gate
	room time.Duration // for the next try to make room; 0 is firstRoom
	rest time.Time     // until then the other jobs have the worker
}

// RunSuspects runs suspects, each alone in the worker, until ctx is done. stop is as for Execute.
func (e *Executor) RunSuspects(ctx, stop context.Context) {
	tick := time.NewTicker(suspectsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if e.draining.Load() || stop.Err() != nil {
			return
		}
		job := e.claimSuspect(ctx)
		if job == nil {
			continue
		}
		closed := time.Now()
		e.Source.Pause()
		resume := make(chan struct{})
		e.active.Go(func() { e.runSuspect(stop, job, sync.OnceFunc(func() { close(resume) })) })
		<-resume // soon after stop at the latest
		e.Source.Resume()
		e.suspects.rest = time.Now().Add(time.Since(closed))
	}
}

// claimSuspect takes a suspect if this worker may: an idle one may at once, a busy one after a head start for the others
// and not while it owes time to its other jobs.
func (e *Executor) claimSuspect(ctx context.Context) *models.Job {
	var waited time.Duration
	if e.suspects.gate.busy() {
		if waited = idleFirst; time.Now().Before(e.suspects.rest) {
			return nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, claimWithin)
	defer cancel()
	queues, err := e.Source.Open(ctx)
	if err != nil {
		if ctx.Err() == nil {
			e.Log.Warn("suspects could not be looked for", zap.Error(err))
		}
		return nil
	}
	job, err := e.Suspects.ClaimSuspect(ctx, queues, e.Owner, waited, LeaseDuration)
	if err != nil {
		if !errors.Is(err, ErrNotClaimable) && ctx.Err() == nil {
			e.Log.Warn("suspects could not be looked for", zap.Error(err))
		}
		return nil
	}
	return job
}

// runSuspect runs a claimed suspect as the worker's only job. It calls resume when others may come in again: when it has
// ended, or has passed its probation.
func (e *Executor) runSuspect(stop context.Context, job *models.Job, resume func()) {
	defer resume()
	log := e.Log.With(zap.String("job", job.ID), zap.String("kind", string(job.Kind)))
	ctx, end := e.begin(stop, job)
	defer end()
	started := time.Now()
	open, err := e.makeRoom(ctx)
	if err != nil {
		e.conclude(job, noRoom(ctx, err), started, log)
		return
	}
	defer e.suspects.gate.leave()
	defer open()
	if err := e.Suspects.RunsAlone(ctx, job.Fence()); err != nil {
		e.conclude(job, noRoom(ctx, err), started, log)
		return
	}
	log.Info("a job that was running when a worker was lost runs alone", zap.Int("deaths", job.WorkerDeaths),
		zap.Int("deaths_alone", job.DeathsAlone))
	passed := time.AfterFunc(probation(job.WorkerDeaths), func() {
		if e.clear(ctx, job.Fence()) {
			open()
			resume()
		}
	})
	defer passed.Stop()
	e.conclude(job, e.attempt(ctx, job), started, log)
}

// makeRoom waits until the worker's other jobs have ended, and lets no others begin before open is called.
func (e *Executor) makeRoom(ctx context.Context) (open func(), err error) {
	room := max(e.suspects.room, firstRoom)
	ctx, cancel := context.WithTimeoutCause(ctx, room, errNoRoom)
	defer cancel()
	open, err = e.suspects.gate.close(ctx)
	e.suspects.room = 0
	if errors.Is(err, errNoRoom) {
		e.suspects.room = min(2*room, lastRoom)
	}
	return open, err
}

// noRoom is the outcome of an attempt that could not be made alone: another worker may have the room.
func noRoom(ctx context.Context, err error) Outcome {
	switch cause := context.Cause(ctx); {
	case errors.Is(err, ErrStale), errors.Is(cause, ErrLeaseLost):
		return Outcome{Verdict: Lost}
	case errors.Is(cause, ErrCancelled):
		return Outcome{Verdict: Cancelled}
	}
	return Outcome{Verdict: HandBack}
}

// clear takes the suspicion from a running attempt, and reports whether it did. While the database is away it tries on.
func (e *Executor) clear(ctx context.Context, f models.Fence) bool {
	pause := time.NewTicker(time.Second)
	defer pause.Stop()
	for {
		err := e.Suspects.Clear(ctx, f)
		if err == nil || errors.Is(err, ErrStale) {
			return err == nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-pause.C:
		}
	}
}

// drainWithin bounds how long a stop waits for its note: the time is better spent on the jobs.
const drainWithin = 3 * time.Second

// Drain notes that the worker is stopping, and has it begin nothing more. Call it before the worker lets go of anything:
// should it be killed on the way down, its jobs are innocent.
func (e *Executor) Drain(ctx context.Context) error {
	e.draining.Store(true)
	ctx, cancel := context.WithTimeout(ctx, drainWithin)
	defer cancel()
	return e.Suspects.Drain(ctx, e.Owner)
}
