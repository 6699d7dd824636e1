package app

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/images"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// boxes runs builds in Docker or in local processes, as the configuration and the machine have it. It implements
// engines.Runner.
type boxes struct {
	app   *App
	owner string
	local *sandbox.LocalRunner // nil when only Docker will do

	images  *images.Maker
	daemon  *docker.Daemon
	metrics *sandboxMetrics
	ready   chan struct{} // closed when it is known whether there is a daemon
	runner  atomic.Pointer[sandbox.DockerRunner]

	silent atomic.Bool // the daemon did not answer when it was asked last
	barred atomic.Bool // there is one, and the user that Spark runs as may not speak with it
	tally  tally
	locals locals

	mu     sync.Mutex
	found  map[string]seenImage // by engines.Ref
	builds map[string]string    // engines.Ref by digest of an image that it has, or had
}

// seenImage is what is known of an engine's image.
type seenImage struct {
	digest string // "" when there is none
	err    error  // why none can be made
}

const (
	// imagesEvery is how often it is looked which engines have an image.
	imagesEvery = 10 * time.Second
	// imagesTimeout bounds one look, which may have to build an agent.
	imagesTimeout = 2 * time.Minute
	// daemonTimeout is how long a Docker daemon may take to answer; connectEvery how often one is looked for.
	daemonTimeout = 5 * time.Second
	connectEvery  = 10 * time.Second
)

// newSandbox makes the runner of builds. It does not wait for Docker.
func (a *App) newSandbox(owner string) (*boxes, error) {
	s := &boxes{app: a, owner: owner, ready: make(chan struct{}), found: make(map[string]seenImage), builds: make(map[string]string)}
	if a.cfg.Sandbox.Mode != "docker" {
		var err error
		s.local, err = sandbox.NewLocalRunner(sandbox.Options{Toolchains: a.toolchains, Log: a.log.Named("sandbox"),
			Dir: filepath.Join(a.cfg.DataDir, "agents"), Warm: a.slots(models.KindBuild)})
		if err != nil {
			return nil, err
		}
		a.group.OnStop("sandbox", s.local.Close)
	}
	if a.cfg.Sandbox.Mode == "local" {
		close(s.ready)
		return s, nil
	}
	s.metrics = newSandboxMetrics(a.metrics.Registry, s)
	var err error
	if s.daemon, err = docker.Connect(dockerHost(a.cfg)); err != nil {
		return nil, err
	}
	a.group.OnStop("docker", func(context.Context) error { return s.daemon.Close() })
	if s.images, err = newImages(a.cfg, a.log, a.toolchains); err != nil {
		return nil, err
	}
	a.group.OnStop("images", func(context.Context) error { return s.images.Close() })
	a.group.OnStop("containers", func(ctx context.Context) error {
		if r := s.runner.Load(); r != nil {
			return r.Close(ctx)
		}
		return nil
	})
	a.group.Go("docker connection", s.connect)
	return s, nil
}

// connect looks for a Docker daemon until there is one, and then now and again for images.
func (s *boxes) connect(ctx context.Context) {
	for first := true; ; first = false {
		wait := connectEvery
		r := s.runner.Load()
		if r == nil {
			var err error
			r, err = s.tryConnect(ctx)
			s.barred.Store(errors.Is(err, fs.ErrPermission))
			if err != nil && s.local == nil && first && ctx.Err() == nil {
				s.app.log.Warn("no Docker daemon answers: builds wait for one", zap.Error(err))
			}
		}
		if first {
			close(s.ready)
		}
		if r != nil {
			s.look(ctx, r)
			wait = imagesEvery
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (s *boxes) tryConnect(ctx context.Context) (*sandbox.DockerRunner, error) {
	probe, cancel := context.WithTimeout(ctx, daemonTimeout)
	defer cancel()
	cfg := s.app.cfg.Sandbox
	opts := sandbox.DockerOptions{
		Daemon: s.daemon, Images: s, Modules: s.app.toolchains, Owner: s.owner, Log: s.app.log.Named("sandbox"),
		Pool:     pool.Config{Max: cfg.PoolMax, Warm: cfg.PoolWarm},
		Shape:    sandbox.Shape{Runtime: cfg.Runtime, UserNS: cfg.UserNS},
		Observer: s.metrics,
	}
	if opts.Pool.Max == 0 {
		opts.Pool.Max = 2*s.app.slots(models.KindBuild) + 2
	}
	if opts.Pool.Warm == 0 {
		opts.Pool.Warm = -1
	}
	if cfg.PoolReuse {
		opts.Pool.Reuse = pool.Reuse{Jobs: 16, For: 10 * time.Minute}
	}
	r, err := sandbox.NewDockerRunner(probe, opts)
	if err != nil {
		return nil, err
	}
	s.runner.Store(r)
	return r, nil
}

// look finds out which engines have an image, and keeps the default versions of those warm. It makes none.
func (s *boxes) look(ctx context.Context, r *sandbox.DockerRunner) {
	ctx, cancel := context.WithTimeout(ctx, imagesTimeout)
	defer cancel()
	asked, stop := context.WithTimeout(ctx, daemonTimeout)
	some, err := s.images.Any(asked)
	stop()
	if s.silent.Store(err != nil); err != nil {
		return
	}
	for _, e := range s.app.engines.List() {
		// A machine without any image need not go to the length of working out which ones they would be. That somebody's
		// own image is there must be asked.
		if !some && e.Image().Base != engines.Ready {
			s.see(e, seenImage{})
			continue
		}
		digest, err := s.images.Find(ctx, e)
		if ctx.Err() != nil {
			return
		}
		s.see(e, seenImage{digest, err})
		n := s.app.cfg.Sandbox.PoolWarm
		if err == nil && digest != "" && n > 0 && s.app.engines.Default(e) {
			err = r.Prepare(ctx, e, engines.Limits{}, n)
		}
		if err != nil && ctx.Err() == nil {
			s.app.log.Debug("could not warm up an engine's sandboxes", zap.String("engine", engines.Ref(e)), zap.Error(err))
		}
	}
}

// see takes note of an engine's image, and says so when a platform without local processes finds out that there is a
// reason why it cannot be made.
func (s *boxes) see(e engines.Engine, found seenImage) {
	s.mu.Lock()
	before := s.found[engines.Ref(e)]
	s.found[engines.Ref(e)] = found
	if found.digest != "" {
		s.builds[found.digest] = engines.Ref(e)
	}
	s.mu.Unlock()
	if found.err != nil && before.err == nil && s.local == nil {
		s.app.log.Warn("an engine has no image", zap.String("engine", engines.Ref(e)), zap.Error(found.err))
	}
}

func (s *boxes) seen(e engines.Engine) seenImage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.found[engines.Ref(e)]
}

// engineOf is the engine that an image is of, as engines.Ref has it. The pool's keys name the engine, not its version.
func (s *boxes) engineOf(digest string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.builds[digest]
}

// Image implements sandbox.Images: it makes an engine's image when there is none, and remembers which one it is.
func (s *boxes) Image(ctx context.Context, e engines.Engine) (string, error) {
	digest, err := s.images.Image(ctx, e)
	if ctx.Err() == nil {
		s.see(e, seenImage{digest, err})
	}
	return digest, err
}

// Run implements engines.Runner.
func (s *boxes) Run(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	r, local, err := s.choose(ctx, job)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return s.locally(ctx, local, job)
	}
	res, err := r.Run(ctx, job)
	if reason := killReason(ctx, err); reason != "" && res != nil { // without a result it had no sandbox yet
		s.tally.killed(engines.Ref(job.Engine), reason)
		s.metrics.kills.WithLabelValues(job.Engine.Info().Name, reason).Inc()
	}
	if local != nil && models.CodeOf(err) == models.CodeEngineUnavailable && ctx.Err() == nil {
		s.app.log.Warn("an engine's sandbox does not start: built by a local process", zap.String("job", job.JobID), zap.Error(err))
		return s.locally(ctx, local, job)
	}
	return res, err
}

func (s *boxes) locally(ctx context.Context, local *sandbox.LocalRunner, job engines.RunRequest) (*engines.Result, error) {
	defer s.locals.begin(job)()
	return local.Run(ctx, job)
}

// Environment tells where a build would run as things are now. Where it really ran, its result says.
func (s *boxes) Environment(ctx context.Context, job engines.RunRequest) (engines.Environment, error) {
	r, local, err := s.choose(ctx, job)
	switch {
	case err != nil:
		return engines.Environment{}, err
	case r == nil:
		return local.Environment(ctx, job)
	}
	env, err := r.Environment(ctx, job)
	if local != nil && models.CodeOf(err) == models.CodeEngineUnavailable && ctx.Err() == nil {
		return local.Environment(ctx, job)
	}
	return env, err
}

// choose says where a build runs: in a container when contained is not nil, and by a local process otherwise, or when the
// container does not start, if local is not nil. What may run in a container only waits until it is known whether there is
// a daemon, and has its image made when there is none.
func (s *boxes) choose(ctx context.Context, job engines.RunRequest) (contained *sandbox.DockerRunner, local *sandbox.LocalRunner, err error) {
	if s.local == nil || job.Plan.Command != nil && job.Plan.Command.Executes && s.images != nil {
		select {
		case <-s.ready:
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
		r := s.runner.Load()
		if r == nil {
			return nil, nil, models.WrapError(models.CodeEngineUnavailable, "this engine is built in containers, and "+s.noDaemon(),
				errors.New("no daemon"))
		}
		return r, nil, nil
	}
	if r := s.runner.Load(); r != nil && s.seen(job.Engine).digest != "" {
		return r, s.local, nil
	}
	return nil, s.local, nil
}

// report is what this worker tells of itself.
func (s *boxes) report(context.Context) models.WorkerReport {
	r := models.WorkerReport{Sandbox: "local"}
	if s.runner.Load() != nil {
		r.Sandbox = "docker"
	}
	for _, e := range s.app.engines.List() {
		r.Engines = append(r.Engines, s.status(e))
	}
	r.Pool.Tallies, r.Pool.Reaped = s.tally.report()
	if runner := s.runner.Load(); runner != nil {
		r.Pool.Max = runner.Stats().Max
		for _, b := range runner.Boxes() {
			box := models.BoxReport{Container: b.Container, Engine: b.Engine, State: b.State.String(), Since: b.Since.UTC(),
				JobID: b.JobID, AccountID: b.Account}
			_, box.Version = engines.SplitRef(s.engineOf(b.Image))
			r.Pool.Boxes = append(r.Pool.Boxes, box)
		}
	}
	r.Pool.Boxes = append(r.Pool.Boxes, s.locals.report()...)
	return r
}

// counts are the boxes of one key of the pool.
func counts(k pool.KeyStats) models.BoxCounts {
	return models.BoxCounts{Creating: k.States[pool.Creating], Warm: k.States[pool.Warm], Leased: k.States[pool.Leased],
		Running: k.States[pool.Running], Draining: k.States[pool.Draining], Waiting: k.Waiting}
}

func (s *boxes) stats() pool.Stats {
	if r := s.runner.Load(); r != nil {
		return r.Stats()
	}
	return pool.Stats{}
}
