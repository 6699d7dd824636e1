package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// A job that was running whenever two workers were lost is a suspect: it may have killed them. It runs again alone in a worker, one at
// a time of those that were lost together, so that a worker's next death shows whose fault it is; only deaths alone make a job
// poisonous. docs/decisions/0018-suspects.md has the reasons.

// Suspect reports whether a job that lost its worker has to run alone.
func Suspect(j *models.Job) bool { return j.SuspectOf != "" && j.WorkerDeaths >= SuspectAfter }

// SuspectStore is what running suspects needs of the store.
type SuspectStore interface {
	// ClaimSuspect claims a suspect of one of the queues, as Claim does, if none of those that were lost with it is running. It
	// picks the one that was present at most deaths, of those that have waited long enough. ErrNotClaimable if there is none.
	ClaimSuspect(ctx context.Context, queues []models.Queue, owner string, waited, lease time.Duration) (*models.Job, error)
	// RunsAlone records that the attempt has its worker to itself. ErrStale when the fence is gone.
	RunsAlone(ctx context.Context, f models.Fence) error
	// Clear removes the suspicion from an attempt. ErrStale when the fence is gone.
	Clear(ctx context.Context, f models.Fence) error
	// Survived corrects an attempt whose lease was taken for lost: its worker lives. It does so even if another worker has
	// claimed the job since.
	Survived(ctx context.Context, owner string, f models.Fence) error
	// Drain records that the worker is stopping: if it dies now, that is not the fault of its jobs.
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
	// firstRoom is how long a busy worker takes no jobs, the first time, so that the running ones can end. Each time that is too
	// short doubles it, up to lastRoom, and in between it takes jobs for as long.
	firstRoom, lastRoom = 30 * time.Second, time.Hour
	// firstProbation is how long a suspect runs alone. Each death of a worker while it ran doubles it, so that a job that kills
	// late is found too.
	firstProbation = 30 * time.Second
)

// probation is how long a suspect runs alone, after so many deaths.
func probation(deaths int) time.Duration {
	return firstProbation << min(max(deaths-SuspectAfter, 0), 10)
}

// errNoRoom ends the wait for the worker's other jobs.
var errNoRoom = errors.New("the worker's other jobs did not end in time")

// suspects is what an executor remembers between two suspects. Only RunSuspects' goroutine uses it, except for the gate.
type suspects struct {
	gate gate
	room time.Duration // for the next try to make room; 0 is firstRoom
	rest time.Time     // until then other jobs may run
}

// RunSuspects runs suspects, each alone in the worker, until ctx is done. stop is as for ExecuteBundle.
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
		e.seekSuspect(ctx, stop)
	}
}

// seekSuspect runs a suspect if there is one and this worker may.
func (e *Executor) seekSuspect(ctx, stop context.Context) {
	e.seeking.Store(true)
	defer e.seeking.Store(false)
	if e.resting.Load() {
		return
	}
	job := e.claimSuspect(ctx)
	if job == nil {
		return
	}
	closed := time.Now()
	e.hold(holdSuspect, true)
	resume := make(chan struct{})
	e.active.Go(func() { e.runSuspect(stop, job, sync.OnceFunc(func() { close(resume) })) })
	<-resume // at the latest soon after stop
	e.hold(holdSuspect, false)
	e.suspects.rest = time.Now().Add(time.Since(closed))
}

// claimSuspect claims a suspect if this worker may: an idle one immediately; a busy one after a head start for idle workers, and
// not while it owes time to its other jobs.
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
			e.Log.Warn("looking for suspects failed", zap.Error(err))
		}
		return nil
	}
	job, err := e.Suspects.ClaimSuspect(ctx, queues, e.Owner, waited, LeaseDuration)
	if err != nil {
		if !errors.Is(err, ErrNotClaimable) && ctx.Err() == nil {
			e.Log.Warn("looking for suspects failed", zap.Error(err))
		}
		return nil
	}
	return job
}

// runSuspect runs a claimed suspect as the worker's only job. It calls resume when other jobs may run again: when the suspect
// has ended, or has passed its probation.
func (e *Executor) runSuspect(stop context.Context, job *models.Job, resume func()) {
	defer resume()
	log := e.Log.With(zap.String("job", job.ID), zap.String("kind", string(job.Kind)))
	ctx, end := e.begin(stop, job)
	defer end()
	log = log.With(traceField(ctx))
	started := time.Now()
	open, err := e.makeRoom(ctx)
	if err != nil {
		e.conclude(job, noRoom(ctx, err), started, log)
		return
	}
	defer e.suspects.gate.leave()
	defer open()
	if stop.Err() != nil { // the others ended because the worker stops, and so does this one
		e.conclude(job, Outcome{Verdict: HandBack}, started, log)
		return
	}
	if err := e.Suspects.RunsAlone(ctx, job.Fence()); err != nil {
		e.conclude(job, noRoom(ctx, err), started, log)
		return
	}
	log.Info("a job that was running when workers were lost runs alone", zap.Int("deaths", job.WorkerDeaths),
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

// makeRoom waits until the worker's other jobs have ended, and admits no others before open is called.
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

// noRoom is the outcome of an attempt that could not run alone: another worker may have room.
func noRoom(ctx context.Context, err error) Outcome {
	switch cause := context.Cause(ctx); {
	case errors.Is(err, ErrStale), errors.Is(cause, ErrLeaseLost):
		return Outcome{Verdict: Lost}
	case errors.Is(cause, ErrCancelled):
		return Outcome{Verdict: Cancelled}
	}
	return Outcome{Verdict: HandBack}
}

// clear removes the suspicion from a running attempt, and reports whether it did. While the database is down it keeps trying.
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

// drainWithin limits how long a stop waits for the record: the time is better spent on the jobs.
const drainWithin = 3 * time.Second

// Drain records that the worker is stopping, and makes it start nothing more. Call it before the worker gives up any job: if it
// is killed while it stops, its jobs are innocent.
func (e *Executor) Drain(ctx context.Context) error {
	e.draining.Store(true)
	e.hold(holdStopping, true) // what it took now it would only give back
	ctx, cancel := context.WithTimeout(ctx, drainWithin)
	defer cancel()
	return e.Suspects.Drain(ctx, e.Owner)
}
