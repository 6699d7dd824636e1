package builder

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/models"
)

// Run implements engines.Runner.
func (b *Builder) Run(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	r, local, err := b.choose(ctx, job)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return b.runLocally(ctx, local, job)
	}
	b.metrics.builds.WithLabelValues(job.Engine.Info().Name, string(engines.Contained)).Inc()
	res, err := r.Run(ctx, job)
	if reason := killReason(ctx, err); reason != "" && res != nil { // without a result it had no sandbox yet
		b.tally.killed(engines.Ref(job.Engine), reason)
		b.metrics.kills.WithLabelValues(job.Engine.Info().Name, reason).Inc()
	}
	if local != nil && models.CodeOf(err) == models.CodeEngineUnavailable && ctx.Err() == nil {
		b.log.Warn("an engine's sandbox does not start: built by a local process", zap.String("job", job.JobID),
			zap.Stringer("isolation", b.Isolation().Level), zap.Error(err))
		return b.runLocally(ctx, local, job)
	}
	return res, err
}

func (b *Builder) runLocally(ctx context.Context, local *sandbox.LocalRunner, job engines.RunRequest) (*engines.Result, error) {
	defer b.locals.begin(job)()
	b.metrics.builds.WithLabelValues(job.Engine.Info().Name, string(b.Isolation().Level)).Inc()
	return local.Run(ctx, job)
}

// Environment predicts where a build would run now. The build's result says where it really ran.
func (b *Builder) Environment(ctx context.Context, job engines.RunRequest) (engines.Environment, error) {
	r, local, err := b.choose(ctx, job)
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

// choose decides where a build runs: in a container if contained is not nil, and in a local process otherwise, or if the
// container does not start and local is not nil. It waits until the daemon and its images are known: otherwise the first builds
// would have less isolation than later ones. A missing image is made for an engine that can only be built in a container.
func (b *Builder) choose(ctx context.Context, job engines.RunRequest) (contained *sandbox.DockerRunner, local *sandbox.LocalRunner, err error) {
	select {
	case <-b.ready:
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	r := b.runner.Load()
	executes := job.Plan.Command != nil && job.Plan.Command.Executes && b.images != nil
	local, tooOpen := b.localRunner()
	switch {
	case local == nil || executes:
		if r != nil {
			return r, nil, nil
		}
		return nil, nil, b.withoutDaemon(tooOpen, executes)
	case r != nil && b.recordOf(job.Engine).digest != "":
		return r, local, nil
	}
	return nil, local, nil
}

// withoutDaemon is why nothing that needs a container is built as long as no Docker daemon has answered. For a platform that was told
// to use one, that is an outage, which uses up none of a build's tries: its daemon may be starting just now, as the worker is.
// Any other platform may never have a daemon, and its users are told so soon.
func (b *Builder) withoutDaemon(tooOpen error, executes bool) error {
	switch {
	case b.opts.Mode == Docker && !b.denied.Load():
		return models.WrapError(models.CodeUnavailable, "the Docker daemon does not answer", errors.New("no daemon"))
	case tooOpen != nil && !executes:
		return tooOpen
	}
	return models.WrapError(models.CodeEngineUnavailable, "this engine is built in containers, and "+b.noDaemon(), errors.New("no daemon"))
}
