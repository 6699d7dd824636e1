package sandbox

import (
	"context"
	"errors"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// toolchainDir is where an image has its engine's packages.
const toolchainDir = "/toolchain"

// prepare makes the job's spec from its plan, and finds out in which kind of box it runs.
func (r *DockerRunner) prepare(ctx context.Context, job engines.RunRequest) (protocol.Spec, []engines.ModuleBlob, pool.Key, error) {
	spec := protocol.Spec{Plan: job.Plan, Toolchain: toolchainDir, Last: r.opts.Pool.Reuse.Jobs <= 1}
	spec.Plan.Limits = job.Plan.Limits.Or(r.opts.Limits)
	spec.Plan.Limits.Time = min(spec.Plan.Limits.Time, longestRun)
	if err := models.CheckFiles(job.Files); err != nil {
		return spec, nil, pool.Key{}, err
	}
	ref, err := r.image(ctx, job.Engine)
	if err != nil {
		return spec, nil, pool.Key{}, notReady(ctx, err)
	}
	key := pool.Key{Engine: job.Engine.Info().Name, Image: ref, Class: classOf(spec.Plan.Limits)}
	used, err := r.shared(ctx, job, &spec)
	return spec, used, key, err
}

// imageRef is the digest of an engine's image, as it was some time ago.
type imageRef struct {
	ref string
	at  time.Time
}

// believed is how long the digest of an engine's image is used without asking again.
const believed = 30 * time.Second

// image is the digest of an engine's image.
func (r *DockerRunner) image(ctx context.Context, e engines.Engine) (string, error) {
	key := e.Info().Name + "@" + e.Info().Version
	r.mu.Lock()
	known, ok := r.refs[key]
	r.mu.Unlock()
	if ok && time.Since(known.at) < believed {
		return known.ref, nil
	}
	ref, err := r.opts.Images.Image(ctx, e)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refs[key] = imageRef{ref, time.Now()}
	return ref, nil
}

// forgetRefs makes the runner ask for the digests of all images again: one of them does not start, or is gone.
func (r *DockerRunner) forgetRefs() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.refs)
}

// shared finds the modules that a preview loads instead of bundling them.
func (r *DockerRunner) shared(ctx context.Context, job engines.RunRequest, spec *protocol.Spec) ([]engines.ModuleBlob, error) {
	b := job.Plan.Bundle
	if b == nil || b.Mode != engines.Preview || len(b.Shared) == 0 || r.opts.Modules == nil {
		return nil, nil
	}
	all, err := r.opts.Modules.SharedModules(ctx, job.Engine)
	if err != nil {
		return nil, notReady(ctx, err)
	}
	var used []engines.ModuleBlob
	spec.ModuleURLs = make(map[string]string)
	for _, m := range b.Shared {
		for _, blob := range all {
			if blob.Specifier == m.Specifier {
				used = append(used, blob)
				spec.ModuleURLs[blob.Specifier] = blob.URL()
			}
		}
	}
	return used, nil
}

func notReady(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	if _, ok := errors.AsType[*models.Error](err); ok {
		return err
	}
	return models.WrapError(models.CodeEngineUnavailable, "the engine is not available here", err)
}
