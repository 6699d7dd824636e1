package sandbox

import (
	"context"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// toolchainDir is where an image has its engine's packages.
const toolchainDir = "/toolchain"

// prepare makes the job's spec from its plan, and finds out in which kind of container it runs.
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
	used, err := sharedModules(ctx, r.opts.Modules, job, &spec)
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
	r.refsMu.Lock()
	known, ok := r.refs[key]
	r.refsMu.Unlock()
	if ok && time.Since(known.at) < believed {
		return known.ref, nil
	}
	ref, err := r.opts.Images.Image(ctx, e)
	if err != nil {
		return "", err
	}
	r.refsMu.Lock()
	defer r.refsMu.Unlock()
	r.refs[key] = imageRef{ref, time.Now()}
	return ref, nil
}

// forgetRefs makes the runner ask for the digests of all images again: one of them does not start, or is gone.
func (r *DockerRunner) forgetRefs() {
	r.refsMu.Lock()
	defer r.refsMu.Unlock()
	clear(r.refs)
}
