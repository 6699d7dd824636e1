package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// Toolchains are the installed engines. internal/builds/toolchain.Installer is one.
type Toolchains interface {
	// Dir is the folder that all of them lie in, as an absolute path; "" when there are none.
	Dir() string
	// Ensure returns the folder of an engine's packages, "" when it has none.
	Ensure(ctx context.Context, e engines.Engine) (string, error)
	// SharedModules returns the modules that the engine's previews load.
	SharedModules(ctx context.Context, e engines.Engine) ([]engines.ModuleBlob, error)
	// Digest names an engine's packages by everything that goes into them, without installing them; "" when it has none.
	Digest(ctx context.Context, e engines.Engine) (string, error)
}

// Options configure a LocalRunner.
type Options struct {
	Toolchains Toolchains // required
	// Agent is the command that starts an agent. By default this binary is run again, which needs its main to call
	// agent.MaybeRun first.
	Agent []string
	// Dir is the agents' working folder, and where commands have their workspaces. By default a temporary one is made.
	Dir string
	// ProjectCode lets engines run code of the projects while they build. Local processes isolate such code less than containers do:
	// it is for people who build their own projects.
	ProjectCode bool
	// Limits fill what a plan leaves open; zero fields are agent.DefaultLimits'.
	Limits engines.Limits
	// Warm is how many agents wait ahead of need: 0 means one, negative none.
	Warm int
	Log  *zap.Logger
}

// LocalRunner runs plans in child processes of this one. It is safe for concurrent use.
type LocalRunner struct {
	*gate
	opts    Options
	spawner *spawner
	tempDir string // to remove, "" for none
	agent   func() (digest string, err error)
}

var _ engines.Runner = (*LocalRunner)(nil)

// NewLocalRunner makes a runner and starts its first agents in the background. Close it.
func NewLocalRunner(opts Options) (*LocalRunner, error) {
	if opts.Toolchains == nil {
		return nil, errors.New("sandbox: no toolchains")
	}
	if len(opts.Agent) == 0 {
		if !agent.Embedded() {
			return nil, errors.New("sandbox: no agent: name its command, or call agent.MaybeRun at the top of main")
		}
		self := selfPath
		if self == "" {
			exe, err := os.Executable()
			if err != nil {
				return nil, fmt.Errorf("sandbox: find this binary: %w", err)
			}
			self = exe
		}
		opts.Agent = []string{self, agent.Arg}
	}
	if opts.Log == nil {
		opts.Log = zap.NewNop()
	}
	opts.Limits = opts.Limits.Or(agent.DefaultLimits)
	r := &LocalRunner{gate: newGate()}
	if opts.Dir == "" {
		dir, err := os.MkdirTemp("", "spark-agents-")
		if err != nil {
			return nil, fmt.Errorf("sandbox: %w", err)
		}
		opts.Dir, r.tempDir = dir, dir
	}
	if err := makeFolders(&opts); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	if opts.Warm == 0 {
		opts.Warm = 1
	}
	opts.Warm = max(opts.Warm, 0)
	r.opts = opts
	r.agent = sync.OnceValues(func() (string, error) { return digestOf(opts.Agent) })
	r.spawner = newSpawner(slices.Concat(opts.Agent, []string{agent.RoleLocal, opts.Dir, opts.Toolchains.Dir()}), opts.Dir, opts.Warm, opts.Log)
	r.spawner.wg.Go(func() { _, _ = r.agent() }) // takes a moment, which no build should wait for
	for range opts.Warm {
		r.spawner.refill()
	}
	return r, nil
}

// makeFolders makes the folders that agents may use: a folder that does not exist when an agent starts stays out of its reach.
func makeFolders(opts *Options) (err error) {
	if opts.Dir, err = filepath.Abs(opts.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return err
	}
	if dir := opts.Toolchains.Dir(); dir != "" {
		return os.MkdirAll(dir, 0o755)
	}
	return nil
}

// Close ends the runner: no new run is accepted, running ones may finish until the context ends and are killed then. It
// returns when everything has stopped. It may be called more than once.
func (r *LocalRunner) Close(ctx context.Context) error {
	if !r.shut(ctx) {
		return nil
	}
	r.spawner.close()
	if r.tempDir != "" {
		return os.RemoveAll(r.tempDir)
	}
	return nil
}

// Run implements engines.Runner.
func (r *LocalRunner) Run(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	return r.run(ctx, job, r.build)
}

func (r *LocalRunner) build(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	spec, blobs, err := r.prepare(ctx, job)
	if err != nil {
		return nil, err
	}
	if spec.Plan.Command != nil {
		if spec.Work, err = os.MkdirTemp(r.opts.Dir, "job-"); err != nil {
			return nil, models.WrapError(models.CodeSandboxFailed, "the builder has no place to work", err)
		}
		defer removeWorkspace(spec.Work)
	}
	limits := spec.Plan.Limits
	ctx, stop := context.WithTimeoutCause(ctx, limits.Time, errDeadline)
	defer stop()
	start := time.Now()
	log, progress := newLogTail(limits.LogBytes, job.Log), &meter{tell: job.Progress}
	a, err := r.converse(ctx, spec, job, log, progress)
	res := &engines.Result{LogTail: log.String(), Duration: time.Since(start)}
	if a != nil {
		res.Diagnostics = a.diagnostics
	}
	if err != nil {
		return res, err
	}
	res.Outputs, res.SharedModules = outputs{a.files, job.Sink}, blobs
	res.Environment = r.inProcess(context.WithoutCancel(ctx), job.Engine, spec, blobs)
	return res, nil
}

// removeWorkspace removes what a job has left, even in folders whose permissions it has removed. The job's processes are dead by
// then.
func removeWorkspace(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, _ error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(path, 0o700) //nolint:gosec // every process of the job is dead: nobody can swap the path
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}

// prepare makes the job's spec from its plan.
func (r *LocalRunner) prepare(ctx context.Context, job engines.RunRequest) (protocol.Spec, []engines.ModuleBlob, error) {
	spec := protocol.Spec{Plan: job.Plan}
	spec.Plan.Limits = job.Plan.Limits.Or(r.opts.Limits)
	if err := models.CheckFiles(job.Files); err != nil {
		return spec, nil, err
	}
	if c := job.Plan.Command; c != nil && c.Executes && !r.opts.ProjectCode {
		return spec, nil, models.NewError(models.CodeEngineUnavailable,
			"this engine runs the project's code while it builds, which is done in containers only")
	}
	if missing := job.Engine.Toolchain().Missing(exec.LookPath); len(missing) > 0 {
		return spec, nil, models.NewError(models.CodeEngineUnavailable, "this engine needs "+strings.Join(missing, " and ")+
			", which this machine lacks: install it (Debian's packages have these names), or build in Docker")
	}
	dir, err := r.opts.Toolchains.Ensure(ctx, job.Engine)
	if err != nil {
		return spec, nil, notReady(ctx, err)
	}
	spec.Toolchain = dir
	used, err := sharedModules(ctx, r.opts.Toolchains, job, &spec)
	return spec, used, err
}

// converse gives the job to an agent and waits for its answer. When it returns, the agent has ended.
func (r *LocalRunner) converse(ctx context.Context, spec protocol.Spec, job engines.RunRequest, log *logTail, progress *meter) (*answer, error) {
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	defer r.spawner.refill() // after the job, so as not to take the processor from it
	for first := true; ; first = false {
		p, err := r.spawner.take()
		if err != nil {
			return nil, models.WrapError(models.CodeSandboxFailed, "the builder could not be started", err)
		}
		s := &session{r: p.r, w: p.w, limits: spec.Plan.Limits, sink: job.Sink, log: log, meter: progress}
		a, err := r.oneJob(ctx, p, s, spec, job.Files)
		if err != nil && first && !s.heard && p.stderr.String() == "" && ctx.Err() == nil {
			continue // it died as it waited, without a word; whether that was chance, the next one shows
		}
		return a, err
	}
}

// oneJob runs a job on an agent and ends the agent.
func (r *LocalRunner) oneJob(ctx context.Context, p *process, s *session, spec protocol.Spec, files []models.File) (*answer, error) {
	unhook := context.AfterFunc(ctx, p.kill)
	defer unhook()
	var a *answer
	token := newToken()
	err := s.send(token, spec, files)
	if err == nil {
		a, err = s.receive()
	}
	p.stop()
	switch {
	case err == nil && (ctx.Err() == nil || a.end.Outcome == protocol.Succeeded):
		return a, outcome(a.end) // a success counts even when the context ended just after it
	case ctx.Err() != nil:
		return a, stopped(ctx)
	}
	return a, broken(fmt.Errorf("%w (agent: %s)", err, p.cmd.ProcessState), p.stderr.String())
}

// Isolation is the isolation of the runner's agents: confined, or open with the reason. It is the same for all of them; the
// first call may have to wait until one has started.
func (r *LocalRunner) Isolation() (engines.Isolation, error) {
	leave, ok := r.enter()
	if !ok {
		return engines.Isolation{}, errClosed
	}
	defer leave()
	return r.spawner.isolation()
}

// Warm is how many agents wait for a job now.
func (r *LocalRunner) Warm() int { return len(r.spawner.ready) }
