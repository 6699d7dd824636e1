package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// Images are the engines' container images.
type Images interface {
	// Image returns the digest of an engine's image on the daemon, "sha256:…". An error that is a *models.Error is shown.
	Image(ctx context.Context, e engines.Engine) (ref string, err error)
}

// Modules are the engine modules that previews share. internal/builds/toolchain.Installer has them.
type Modules interface {
	SharedModules(ctx context.Context, e engines.Engine) ([]engines.ModuleBlob, error)
}

// Observer receives events of the sandboxes, for metrics. It must not block.
type Observer interface {
	pool.Observer
	// Ended reports how a build ended; the code is "" for success.
	Ended(engine string, code models.Code, took time.Duration)
	// Reaped reports how many orphaned containers were removed.
	Reaped(n int)
}

// DockerOptions configure a DockerRunner.
type DockerOptions struct {
	Daemon  Daemon  // required; the caller closes it
	Images  Images  // required
	Modules Modules // nil when no engine shares any
	// Owner identifies this worker, uniquely.
	Owner string
	// Limits fill what a plan leaves open; zero fields are agent.DefaultLimits'.
	Limits engines.Limits
	Pool   pool.Config // its Observer is set from the runner's
	Shape  Shape
	// OwnersDir is where the workers of this machine announce that they are alive. By default it is a folder for temporary
	// files.
	OwnersDir string
	// MinFree is how little free memory the machine may have until idle containers are removed: 0 means 512 MiB. FreeMemory
	// returns how much it has; nil reads it from the system.
	MinFree    int64
	FreeMemory func() (bytes int64, known bool)
	// Confirm is how long a failed run waits for the confirmation that its container is dead before it logs an error: 0 means 30
	// s. It keeps waiting.
	Confirm  time.Duration
	Observer Observer // nil for none
	Log      *zap.Logger
}

// DockerRunner runs plans in locked-down containers. It is safe for concurrent use.
type DockerRunner struct {
	*gate
	opts     DockerOptions
	daemon   Daemon
	owners   *owners
	launcher *launcher
	pool     *pool.Pool
	observer Observer
	files    imageFiles
	log      *zap.Logger

	duties sync.WaitGroup // in the background
	stop   context.CancelFunc

	refsMu sync.Mutex
	refs   map[string]imageRef // by engine
}

var _ engines.Runner = (*DockerRunner)(nil)

const (
	// longestRun limits every plan's time: an older container is an orphan.
	longestRun = 2 * time.Hour
	// exitGrace is how long a broken session waits for the daemon to report the cause.
	exitGrace = 500 * time.Millisecond
	// tries is how many containers a job gets if the session breaks before the agent has sent anything: they may have died while
	// they waited, all together when the daemon was restarted.
	tries = 3
)

// NewDockerRunner makes a runner. The error says that no daemon answers, or what else is missing. Close it.
func NewDockerRunner(ctx context.Context, opts DockerOptions) (*DockerRunner, error) {
	if opts.Daemon == nil || opts.Images == nil || opts.Owner == "" {
		return nil, errors.New("sandbox: a Docker runner needs a daemon, images and an owner")
	}
	info, err := opts.Daemon.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	if opts.Log == nil {
		opts.Log = zap.NewNop()
	}
	if opts.OwnersDir == "" {
		opts.OwnersDir = filepath.Join(os.TempDir(), "spark-owners-"+strconv.Itoa(os.Getuid()))
	}
	if opts.MinFree == 0 {
		opts.MinFree = 512 << 20
	}
	if opts.FreeMemory == nil {
		opts.FreeMemory = freeMemory
	}
	if opts.Confirm == 0 {
		opts.Confirm = 30 * time.Second
	}
	if opts.Observer == nil {
		opts.Observer = unobserved{}
	}
	if !info.Seccomp {
		opts.Log.Warn("the Docker daemon has no default seccomp profile: sandboxes have one protection less")
	}
	opts.Limits = opts.Limits.Or(agent.DefaultLimits)
	opts.Pool.Observer = opts.Observer
	r := &DockerRunner{gate: newGate(), opts: opts, daemon: opts.Daemon, observer: opts.Observer, log: opts.Log,
		refs: make(map[string]imageRef)}
	if r.owners, err = newOwners(opts.OwnersDir, opts.Owner); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	token := newToken()
	r.launcher = &launcher{
		daemon: opts.Daemon, shape: opts.Shape.withDefaults(info.CPUs), prefix: fmt.Sprintf("spark-%x", token[:4]),
		labels:  map[string]string{LabelOwner: opts.Owner, LabelScope: r.owners.scope},
		expires: 2 * longestRun, log: opts.Log, containers: make(map[string]*container),
	}
	if opts.Pool.Busy == 0 {
		opts.Pool.Busy = int(float64(info.CPUs-1)/r.launcher.shape.CPUs) + 1
	}
	r.pool = pool.New(r.launcher, opts.Pool)
	var duties context.Context
	duties, r.stop = context.WithCancel(context.Background())
	r.duties.Go(func() { r.watch(duties) })
	r.duties.Go(func() { r.sweepLoop(duties) })
	r.duties.Go(func() { r.relieve(duties) })
	return r, nil
}

// Prepare keeps containers of an engine warm ahead of its first build: n of them, or with 0 none beyond what is used.
func (r *DockerRunner) Prepare(ctx context.Context, e engines.Engine, limits engines.Limits, n int) error {
	ref, err := r.image(ctx, e)
	if err != nil {
		return err
	}
	r.pool.Want(pool.Key{Engine: e.Info().Name, Image: ref, Class: classOf(limits.Or(r.opts.Limits))}, n)
	return nil
}

// Close ends the runner: no new run is accepted, running ones may finish until the context ends and are killed then. It returns
// when the removal of every container is confirmed; after the end of the context it waits only a little for that. It may be
// called more than once.
func (r *DockerRunner) Close(ctx context.Context) error {
	if !r.shut(ctx) {
		return nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) > 2*time.Second {
		last = ctx
	}
	err := r.pool.Close(last)
	r.stop()
	r.duties.Wait()
	r.launcher.close()
	return errors.Join(err, r.owners.close())
}

// Run implements engines.Runner.
func (r *DockerRunner) Run(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	return r.run(ctx, job, r.observed)
}

// observed does a run and reports to the observer how it ended.
func (r *DockerRunner) observed(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	begin := time.Now()
	res, err := r.build(ctx, job)
	code := models.Code("")
	if err != nil {
		code = models.CodeOf(err)
	}
	r.observer.Ended(job.Engine.Info().Name, code, time.Since(begin))
	return res, err
}

func (r *DockerRunner) build(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	spec, blobs, key, err := r.prepare(ctx, job)
	if err != nil {
		return nil, err
	}
	environment := inContainer(spec, key, blobs)
	spec, ofImage := r.withoutImageFiles(ctx, key, spec)
	lease, err := r.acquire(ctx, key, job.Account)
	if err != nil {
		return nil, err
	}
	// The time limit is for the job: it does not include waiting for a container.
	ctx, stop := context.WithTimeoutCause(ctx, spec.Plan.Limits.Time, errDeadline)
	defer stop()
	start := time.Now()
	log, progress := newLogTail(spec.Plan.Limits.LogBytes, job.Log), &meter{tell: job.Progress}
	var a *answer
	for n := 1; ; n++ {
		lease.Sandbox().(*container).job.Store(&job.JobID)
		r.log.Debug("a job has its sandbox", zap.String("job", job.JobID), zap.String("container", lease.Sandbox().(*container).name))
		var wasDead bool
		if a, wasDead, err = r.converse(ctx, lease, spec, job, log, progress); !wasDead || n == tries {
			break
		}
		r.log.Info("a sandbox was dead when its job started; the job gets another", zap.String("job", job.JobID), zap.Error(err))
		next, acquireErr := r.acquire(ctx, key, job.Account)
		if acquireErr != nil {
			err = acquireErr
			break
		}
		lease = next
	}
	res := &engines.Result{LogTail: log.String(), Duration: time.Since(start)}
	if a != nil {
		res.Diagnostics = a.diagnostics
	}
	if err != nil {
		return res, err
	}
	if res.Outputs, err = joined(outputs{a.files, job.Sink}, ofImage); err != nil {
		return res, err
	}
	res.SharedModules, res.Environment = blobs, environment
	return res, nil
}

func (r *DockerRunner) acquire(ctx context.Context, key pool.Key, account string) (*pool.Lease, error) {
	lease, err := r.pool.Acquire(ctx, key, account)
	var unavailable *pool.UnavailableError
	switch {
	case err == nil:
		return lease, nil
	case ctx.Err() != nil:
		return nil, stopped(ctx)
	case errors.Is(err, pool.ErrClosed):
		return nil, errClosed
	case errors.As(err, &unavailable):
		r.forgetRefs()
		if docker.IsAway(err) {
			return nil, models.WrapError(models.CodeUnavailable, "the Docker daemon does not answer", err)
		}
		if e, ok := errors.AsType[*docker.RuntimeError](err); ok {
			return nil, models.WrapError(models.CodeEngineUnavailable,
				"the Docker daemon has no container runtime "+strconv.Quote(e.Runtime), err)
		}
		return nil, models.WrapError(models.CodeEngineUnavailable, "the engine's sandboxes do not start", err)
	}
	return nil, models.WrapError(models.CodeSandboxFailed, "the builder could not be started", err)
}

// converse does the job in a container. When it returns, the pool has the container again, and it is dead unless the job ended
// normally. wasDead reports that the stream ended before the agent said anything about the job.
func (r *DockerRunner) converse(ctx context.Context, lease *pool.Lease, spec protocol.Spec, job engines.RunRequest, log *logTail, progress *meter) (
	a *answer, wasDead bool, err error,
) {
	c := lease.Sandbox().(*container)
	defer c.keepName()
	deadline := time.Now().Add(spec.Plan.Limits.Time)
	unhook := context.AfterFunc(ctx, func() {
		c.kill()
		lease.Release(false)
	})
	lease.Begin()
	c.nameAfter(*c.job.Load())
	s := &session{r: c.r, w: c.w, limits: spec.Plan.Limits, sink: job.Sink, log: log, meter: progress}
	token := newToken()
	err = s.send(token, spec, job.Files)
	cut := err != nil
	// An agent that did not accept the whole job may have reported why.
	a, answerErr := s.receive()
	if answerErr != nil {
		cut = cut || errors.Is(answerErr, io.EOF)
		err = errors.Join(err, answerErr)
	}
	if unhook() && err == nil {
		c.suspect = a.end.Retire || a.end.Outcome != protocol.Succeeded && a.end.Outcome != protocol.CompileFailed
		if !c.suspect {
			c.nameAsIdle()
		}
		lease.Release(!c.suspect)
		return a, false, outcome(a.end)
	}
	switch {
	case err == nil && a.end.Outcome == protocol.Succeeded: // a success counts even if the context ended just after it
	case ctx.Err() != nil:
		err = stopped(ctx)
	default:
		away := cut && r.launcher.away(ctx)
		if cut && !away { // the daemon will report the cause
			c.awaitEnd(exitGrace)
		}
		stderr := c.conn.Stderr()
		wasDead = cut && !s.heard && stderr == "" && !c.oom.Load()
		if err = broken(err, stderr); c.oom.Load() {
			err = outOfMemory(err)
		}
		if away && models.CodeOf(err) == models.CodeSandboxFailed {
			err = models.WrapError(models.CodeUnavailable, "the Docker daemon went away during the build", err)
		}
	}
	lease.Release(false)
	r.awaitDeath(lease, c, deadline.Add(agent.Grace+lastResort))
	return a, wasDead, err
}

// lastResort is how long after its time limit and its agent's grace a job is considered dead without confirmation.
const lastResort = 3 * time.Second

// awaitDeath returns when nothing of a container is running any more: as reported by the kernel or the daemon, or when the job's
// time is over, at which process 1 exits by its own timer, whatever the daemon does.
func (r *DockerRunner) awaitDeath(lease *pool.Lease, c *container, latest time.Time) {
	complain, last := time.NewTimer(r.opts.Confirm), time.NewTimer(time.Until(latest))
	defer complain.Stop()
	defer last.Stop()
	for {
		select {
		case <-c.proc.died():
			return
		case <-c.gone:
			return
		case <-lease.Removed():
			return
		case <-last.C:
			r.log.Error("a sandbox is not confirmed dead, and must have ended by itself", zap.String("container", c.name))
			return
		case <-complain.C:
			r.log.Error("a sandbox is not confirmed dead, and its job keeps its slot", zap.String("container", c.name))
		}
	}
}

// awaitEnd waits a little for the event that the container is dead.
func (c *container) awaitEnd(most time.Duration) {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-c.gone:
	case <-t.C:
	}
}

type unobserved struct{}

func (unobserved) Acquired(pool.Key, time.Duration, bool)       {}
func (unobserved) Launched(pool.Key, time.Duration, error)      {}
func (unobserved) Removed(pool.Key, pool.Reason, time.Duration) {}
func (unobserved) Ended(string, models.Code, time.Duration)     {}
func (unobserved) Reaped(int)                                   {}
