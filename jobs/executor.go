package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// Dispatch is one release of a job to the transport. A task carries nothing else.
type Dispatch struct {
	JobID string
	No    int64
	Queue models.Queue
}

func jobIDs(ds []Dispatch) []string {
	ids := make([]string, len(ds))
	for i, d := range ds {
		ids[i] = d.JobID
	}
	return ids
}

// Errors of the ledger that are part of normal operation.
var (
	// ErrNotClaimable: the job is not waiting under this dispatch number: a redelivered or outdated task.
	ErrNotClaimable = errors.New("job is not claimable")
	// ErrStale: the attempt does not hold the job any more; nothing was written.
	ErrStale = errors.New("attempt is stale")
)

// Ledger is what the executor needs of the store. Every call is one transaction.
type Ledger interface {
	// Claim makes a queued job running: attempt + 1, leased to the owner. ErrNotClaimable when the job is not
	// queued under this dispatch number.
	Claim(ctx context.Context, jobID string, dispatchNo int64, owner string, lease time.Duration) (*models.Job, error)
	// Renew extends the leases that still hold and returns them; what is missing from the answer is lost. One whose job is
	// being changed by others is returned as it is: while they are at it nobody can take it.
	Renew(ctx context.Context, owner string, held []models.Fence, lease time.Duration) ([]Renewed, error)
	// Progress stores how far a running attempt is. ErrStale when the fence is gone.
	Progress(ctx context.Context, f models.Fence, fraction float64, stage string) error
	// Log stores lines of a running attempt's log. ErrStale when the fence is gone.
	Log(ctx context.Context, f models.Fence, lines []string) error
	// Finish ends an attempt and returns the effects. ErrStale when the fence is gone.
	Finish(ctx context.Context, f models.Fence, out Outcome) (Effects, error)
}

// Renewed is a lease that still holds.
type Renewed struct {
	models.Fence
	CancelRequested bool
}

// Effects is what a transition of a job changed: the end of an attempt, a cancel, a retry, a lost worker.
type Effects struct {
	State models.State
	// Queues have new work: the job's retry, or jobs that waited for it.
	Queues []models.Queue
	// Jobs lists every job that changed, for watchers.
	Jobs []string
	// Stopping lists running jobs whose worker is to stop them.
	Stopping []string
}

// Observer receives what happened, for metrics. Methods must not block.
type Observer interface {
	JobStarted(k models.Kind, waited time.Duration)
	JobEnded(k models.Kind, v Verdict, code models.Code, took time.Duration)
	JobStopped(k models.Kind)   // the slot is free again, whatever became of the outcome
	TaskDropped(k models.Kind)  // a task whose claim failed
	StaleResult(k models.Kind)  // a result that came too late
	HandlerStuck(k models.Kind) // a handler that ignores its cancelled context
	// LeasesRenewed reports the result of one renewal of the running attempts' leases. Failed ones may still hold: the database
	// did not answer.
	LeasesRenewed(renewed, lost, failed int)
}

// Meter is told what runs, for the size of the window in Redis. Methods must not block.
type Meter interface {
	// Claimed: a job of the queue left Redis for a worker of this process.
	Claimed(q models.Queue)
	// Ended: a job of the queue had its slot for so long, from before its claim until its handler returned.
	Ended(q models.Queue, took time.Duration)
	// Freed: a job of the queue has ended, and that is stored.
	Freed(q models.Queue)
}

// Executor runs attempts: it owns claiming, panic recovery, the time limit, cancellation, the outcome and the detection
// of stuck handlers.
type Executor struct {
	Ledger   Ledger
	Suspects SuspectStore
	Handlers map[models.Kind]Handler
	Source   TaskSource
	Owner    string // the worker's identity in leases
	Log      *zap.Logger
	Observer Observer
	Meter    Meter
	// Redact removes secrets from everything that attempts log or report.
	Redact Redactor
	// Changed is called after a change that others should know of: jobs to watch, queues to dispatch.
	Changed func(jobs []string, queues []models.Queue)
	// Withdraw takes back the releases of jobs that this worker has no time for.
	Withdraw func(ctx context.Context, ds []Dispatch) error

	leases   leaseSet
	active   sync.WaitGroup
	suspects suspects
	draining atomic.Bool // the worker is stopping
	resting  atomic.Bool // an administrator wants it to take no jobs
	seeking  atomic.Bool // it may be claiming a suspect
	holding  sync.Mutex  // guards held
	held     map[holdReason]bool
}

// stuckAfter is how long a handler may keep running after its context has ended before it is reported as stuck. It keeps its
// slot until it returns.
const stuckAfter = 10 * time.Second

// claimWithin bounds how long a claim may take.
const claimWithin = 10 * time.Second

// finishWithin limits how long the executor keeps trying to store an outcome while the database does not answer.
const finishWithin = 2 * time.Minute

// take claims and runs a dispatched job, or reports that this worker takes no jobs: it is stopping or at rest, or a suspect has it to itself.
// conclude then stores the outcome.
func (e *Executor) take(stop context.Context, d Dispatch) (conclude func(), taken bool) {
	began := time.Now()
	log := e.Log.With(zap.String("job", d.JobID), zap.Int64("dispatch", d.No))
	if e.draining.Load() || !e.suspects.gate.enter() {
		e.Observer.TaskDropped(d.Queue.Kind)
		return nil, false
	}
	if e.resting.Load() { // only now, since it counts as busy
		e.suspects.gate.leave()
		e.Observer.TaskDropped(d.Queue.Kind)
		return nil, false
	}
	claimCtx, cancelClaim := context.WithTimeout(context.WithoutCancel(stop), claimWithin)
	job, err := e.Ledger.Claim(claimCtx, d.JobID, d.No, e.Owner, LeaseDuration)
	cancelClaim()
	if err != nil {
		defer e.suspects.gate.leave()
		if errors.Is(err, ErrNotClaimable) {
			e.Observer.TaskDropped(d.Queue.Kind)
			e.Changed([]string{d.JobID}, []models.Queue{d.Queue})
		} else {
			// The row is still queued and marked as dispatched; the repairer sees that no task is left.
			log.Warn("claim failed, the job stays queued", zap.Error(err))
		}
		return func() {}, true
	}
	started := time.Now()
	ctx, end := e.begin(stop, job)
	log = log.With(traceField(ctx))
	out := e.attempt(ctx, job)
	e.Meter.Ended(job.Queue(), time.Since(began))
	return func() {
		defer e.suspects.gate.leave()
		defer end()
		e.conclude(job, out, started, log)
	}, true
}

// begin holds a claimed job's lease, under a context that ends with the lease, with a cancel, or when the worker has no more
// time. end must be called.
func (e *Executor) begin(stop context.Context, job *models.Job) (_ context.Context, end func()) {
	e.Observer.JobStarted(job.Kind, job.StartedAt.Sub(job.RunAt))
	e.Changed([]string{job.ID}, nil)
	e.Meter.Claimed(job.Queue())
	ctx, cancel := context.WithCancelCause(inTrace(context.WithoutCancel(stop), job.Traceparent))
	unhook := context.AfterFunc(stop, func() { cancel(ErrWorkerStops) })
	if e.draining.Load() { // it was claimed while Drain marked what runs, and is not among that
		cancel(ErrWorkerStops)
	}
	release := e.leases.hold(job.Fence(), cancel)
	return ctx, func() {
		release()
		unhook()
		cancel(nil)
		e.Observer.JobStopped(job.Kind)
	}
}

// conclude stores the outcome of an attempt.
func (e *Executor) conclude(job *models.Job, out Outcome, started time.Time, log *zap.Logger) {
	if out.Verdict == Lost {
		e.Observer.StaleResult(job.Kind)
		log.Warn("lease lost, result dropped", zap.Int("attempt", job.Attempt))
		return
	}
	e.finish(job, out, started, log)
}

// attempt runs the handler under the kind's time limit and determines the outcome.
func (e *Executor) attempt(ctx context.Context, job *models.Job) Outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, PolicyOf(job.Kind).Timeout, ErrTimeout)
	defer cancel()
	stuck := context.AfterFunc(ctx, func() { e.watchStuck(ctx, job) })
	defer stuck()

	progressCtx, stopProgress := context.WithCancel(ctx)
	live := newLogWriter(progressCtx, func(ctx context.Context, lines []string) error {
		err := e.Ledger.Log(ctx, job.Fence(), lines)
		if err == nil {
			e.Changed([]string{job.ID}, nil)
		}
		return err
	})
	a := &Attempt{Job: job, log: newAttemptLog(e.Redact, live), redact: e.Redact}
	a.progress = newProgressWriter(progressCtx, func(ctx context.Context, fraction float64, stage string) {
		if err := e.Ledger.Progress(ctx, job.Fence(), fraction, e.Redact.Text(stage)); err == nil {
			e.Changed([]string{job.ID}, nil)
		}
	})
	res, err := e.run(ctx, a)
	stopProgress()
	a.progress.writer.wait()
	live.writer.wait()
	out := judge(ctx, job, res, err)
	out.LogTail, out.InTurn = a.log.String(), job.ConcurrencyKey != ""
	if out.Err != nil {
		shown := *out.Err
		shown.Message = e.Redact.Text(shown.Message)
		out.Err = &shown
	}
	return out
}

// run calls the handler and turns a panic into an error.
func (e *Executor) run(ctx context.Context, a *Attempt) (res *Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			e.Log.Error("handler panicked", zap.String("job", a.Job.ID), zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			err = models.WrapError(models.CodePanic, "the job crashed on our side", fmt.Errorf("panic: %v", p))
		}
	}()
	h, ok := e.Handlers[a.Job.Kind]
	if !ok {
		return nil, models.NewError(models.CodeInternal, "this worker has no handler for "+string(a.Job.Kind))
	}
	if err := ctx.Err(); err != nil {
		return nil, err // the worker is stopping
	}
	res, err = h.Run(ctx, a)
	if err == nil && res == nil {
		res = &Result{}
	}
	return res, err
}

// watchStuck reports a handler that keeps running long after its context has ended.
func (e *Executor) watchStuck(ctx context.Context, job *models.Job) {
	stillRunning := e.leases.gone(job.Fence())
	select {
	case <-stillRunning:
	case <-time.After(stuckAfter):
		e.Observer.HandlerStuck(job.Kind)
		e.Log.Error("handler ignores its cancelled context and keeps its slot",
			zap.String("job", job.ID), zap.String("kind", string(job.Kind)), zap.NamedError("cause", context.Cause(ctx)))
	}
}

// finish stores the outcome, with retries: a short database outage must not discard finished work. The lease is renewed
// meanwhile.
func (e *Executor) finish(job *models.Job, out Outcome, started time.Time, log *zap.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), finishWithin)
	defer cancel()
	pause := 50 * time.Millisecond
	for {
		began := time.Now()
		tryCtx, cancelTry := context.WithTimeout(ctx, 10*time.Second)
		effects, err := e.Ledger.Finish(tryCtx, job.Fence(), out)
		cancelTry()
		if err == nil {
			e.ended(job, out, effects, started, log)
			return
		}
		if errors.Is(err, ErrStale) {
			e.Observer.StaleResult(job.Kind)
			log.Warn("attempt is stale, result dropped", zap.Int("attempt", job.Attempt))
			e.survived(ctx, job.Fence()) // it may have ended before the renewal found its lease lost
			return
		}
		select {
		case <-ctx.Done():
			log.Error("outcome could not be stored; the job runs again when its lease has ended", zap.Error(err))
			return
		case <-time.After(pause - time.Since(began)): // at once after a try that waited for somebody else's lock
			pause = min(2*pause, 2*time.Second)
		}
	}
}

func (e *Executor) ended(job *models.Job, out Outcome, effects Effects, started time.Time, log *zap.Logger) {
	var code models.Code
	if out.Err != nil {
		code = out.Err.Code
	}
	took := time.Since(started)
	e.Observer.JobEnded(job.Kind, out.Verdict, code, took)
	fields := []zap.Field{zap.String("kind", string(job.Kind)), zap.String("state", string(effects.State)),
		zap.Int("attempt", job.Attempt), zap.Duration("took", took)}
	level := zap.InfoLevel
	if out.Err != nil {
		fields = append(fields, zap.String("code", string(code)), zap.Error(out.Err))
	}
	if out.Verdict == Retry {
		fields = append(fields, zap.Duration("retry_in", out.Delay))
	}
	if platformFaults[code] {
		level = zap.WarnLevel
	}
	log.Log(level, "attempt ended", fields...)
	e.Changed(effects.Jobs, effects.Queues)
	e.Meter.Freed(job.Queue())
}

// Cancel ends a job's attempt if this worker runs it.
func (e *Executor) Cancel(jobID string) { e.leases.cancel(jobID, ErrCancelled) }

// Wait returns when no attempt is running any more, or ctx is done.
func (e *Executor) Wait(ctx context.Context) error {
	idle := make(chan struct{})
	go func() { e.active.Wait(); close(idle) }()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
