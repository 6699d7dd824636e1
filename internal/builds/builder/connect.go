package builder

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// imageRecord is the state of an engine's image.
type imageRecord struct {
	digest string // "" when there is none
	other  bool   // the daemon has an image of this engine with another recipe
	err    error  // why none can be made
}

const (
	// imagesEvery is how often the builder checks which engines have an image.
	imagesEvery = 10 * time.Second
	// imagesTimeout limits one check, which may have to build an agent.
	imagesTimeout = 2 * time.Minute
	// daemonTimeout is how long a Docker daemon may take to answer; connectEvery how often one is looked for.
	daemonTimeout = 5 * time.Second
	connectEvery  = 10 * time.Second
)

// Limits of a container that may run several jobs.
const (
	reuseJobs = 16
	reuseFor  = 10 * time.Minute
)

// Connect looks for a Docker daemon until there is one, and then periodically for images, until ctx is done.
func (b *Builder) Connect(ctx context.Context) {
	if b.opts.Mode == Local {
		return
	}
	for first := true; ; first = false {
		wait := connectEvery
		r := b.runner.Load()
		if r == nil {
			var err error
			r, err = b.tryConnect(ctx)
			b.denied.Store(errors.Is(err, fs.ErrPermission))
			if err != nil && first && ctx.Err() == nil {
				b.sayNoDaemon(err)
			}
		}
		if r != nil {
			b.refresh(ctx, r)
			wait = imagesEvery
		}
		if first {
			b.readyOnce.Do(func() { close(b.ready) }) // it may have run before
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (b *Builder) tryConnect(ctx context.Context) (*sandbox.DockerRunner, error) {
	probe, cancel := context.WithTimeout(ctx, daemonTimeout)
	defer cancel()
	c := b.opts.Containers
	opts := sandbox.DockerOptions{
		Daemon: b.daemon, Images: b, Modules: b.opts.Toolchains, Owner: b.opts.Owner, Log: b.log.Named("sandbox"),
		Pool:     pool.Config{Max: c.Max, Warm: c.Warm},
		Shape:    sandbox.Shape{Runtime: c.Runtime, UserNS: c.UserNS},
		Observer: b.metrics,
	}
	if opts.Pool.Max == 0 {
		opts.Pool.Max = 2*b.opts.Slots + 2
	}
	if opts.Pool.Warm == 0 {
		opts.Pool.Warm = -1
	}
	if c.Reuse {
		opts.Pool.Reuse = pool.Reuse{Jobs: reuseJobs, For: reuseFor}
	}
	r, err := sandbox.NewDockerRunner(probe, opts)
	if err != nil {
		return nil, err
	}
	b.runner.Store(r)
	b.log.Info("a Docker daemon answers")
	return r, nil
}

// refresh finds out which engines have an image, and keeps the default versions of those warm. It makes no images.
func (b *Builder) refresh(ctx context.Context, r *sandbox.DockerRunner) {
	ctx, cancel := context.WithTimeout(ctx, imagesTimeout)
	defer cancel()
	asked, stop := context.WithTimeout(ctx, daemonTimeout)
	made, err := b.images.Made(asked)
	stop()
	if b.sayUnreachable(err); err != nil {
		return
	}
	defer b.sayLacking()
	for _, e := range b.opts.Engines.List() {
		// On a machine without any Spark image, the recipes need not be computed. Whether a custom engine's base image exists
		// must be asked.
		if len(made) == 0 && e.Image().Base != engines.Ready {
			b.record(e, imageRecord{})
			continue
		}
		digest, err := b.images.Find(ctx, e)
		if ctx.Err() != nil {
			return
		}
		b.record(e, imageRecord{digest: digest, other: digest == "" && made[engines.Ref(e)], err: err})
		n := b.opts.Containers.Warm
		if err == nil && digest != "" && n > 0 && b.opts.Engines.Default(e) {
			err = r.Prepare(ctx, e, engines.Limits{}, n)
		}
		if err != nil && ctx.Err() == nil {
			b.log.Debug("could not warm up an engine's sandboxes", zap.String("engine", engines.Ref(e)), zap.Error(err))
		}
	}
}

// record stores the state of an engine's image. On a platform without local processes, it logs a new reason why the image cannot
// be made.
func (b *Builder) record(e engines.Engine, image imageRecord) {
	b.mu.Lock()
	before := b.records[engines.Ref(e)]
	b.records[engines.Ref(e)] = image
	if image.digest != "" {
		b.refs[image.digest] = engines.Ref(e)
	}
	b.mu.Unlock()
	if image.err != nil && before.err == nil && b.local == nil {
		b.log.Warn("an engine has no image", zap.String("engine", engines.Ref(e)), zap.Error(image.err))
	}
}

func (b *Builder) recordOf(e engines.Engine) imageRecord {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.records[engines.Ref(e)]
}

// engineOf is the engine of an image, as engines.Ref names it. The pool's keys name the engine, not its version.
func (b *Builder) engineOf(digest string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.refs[digest]
}

// Image implements sandbox.Images: it makes an engine's image if there is none, and records its digest.
func (b *Builder) Image(ctx context.Context, e engines.Engine) (string, error) {
	digest, err := b.images.Image(ctx, e)
	if ctx.Err() == nil {
		b.record(e, imageRecord{digest: digest, err: err})
	}
	return digest, err
}
