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
	res, err := r.Run(ctx, job)
	if reason := killReason(ctx, err); reason != "" && res != nil { // without a result it had no sandbox yet
		b.tally.killed(engines.Ref(job.Engine), reason)
		b.metrics.kills.WithLabelValues(job.Engine.Info().Name, reason).Inc()
	}
	if local != nil && models.CodeOf(err) == models.CodeEngineUnavailable && ctx.Err() == nil {
		b.log.Warn("an engine's sandbox does not start: built by a local process", zap.String("job", job.JobID), zap.Error(err))
		return b.runLocally(ctx, local, job)
	}
	return res, err
}

func (b *Builder) runLocally(ctx context.Context, local *sandbox.LocalRunner, job engines.RunRequest) (*engines.Result, error) {
	defer b.locals.begin(job)()
	return local.Run(ctx, job)
}

// Environment tells where a build would run as things are now. Where it really ran, its result says.
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

// choose says where a build runs: in a container when contained is not nil, and by a local process otherwise, or when the
// container does not start, if local is not nil. What may run in a container only waits until it is known whether there is
// a daemon, and has its image made when there is none.
func (b *Builder) choose(ctx context.Context, job engines.RunRequest) (contained *sandbox.DockerRunner, local *sandbox.LocalRunner, err error) {
	if b.local == nil || job.Plan.Command != nil && job.Plan.Command.Executes && b.images != nil {
		select {
		case <-b.ready:
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
		r := b.runner.Load()
		if r == nil {
			return nil, nil, models.WrapError(models.CodeEngineUnavailable, "this engine is built in containers, and "+b.noDaemon(),
				errors.New("no daemon"))
		}
		return r, nil, nil
	}
	if r := b.runner.Load(); r != nil && b.recordOf(job.Engine).digest != "" {
		return r, b.local, nil
	}
	return nil, b.local, nil
}
