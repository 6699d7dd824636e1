package sandbox

import (
	"context"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/builds/sandbox/docker"
)

const (
	sweepEvery   = 3 * time.Second
	sweepTimeout = 30 * time.Second
	// createdFor is how long a container may wait for its start: far longer than any launch takes.
	createdFor = 5 * time.Minute
)

// sweepLoop removes, now and every few seconds, the containers that belong to no living worker.
func (r *DockerRunner) sweepLoop(ctx context.Context) {
	for {
		if err := r.owners.renew(); err != nil {
			r.log.Warn("could not renew the worker's lock file", zap.Error(err))
		}
		if n, err := r.Sweep(ctx); err != nil && ctx.Err() == nil {
			r.log.Warn("could not look for orphaned sandboxes", zap.Error(err))
		} else if n > 0 {
			r.log.Info("removed orphaned sandboxes", zap.Int("count", n))
		}
		if !pause(ctx, sweepEvery) {
			return
		}
	}
}

// Sweep removes the containers of dead workers, those of this worker that it does not know of, and those that nobody can still
// be using. It returns how many it removed.
func (r *DockerRunner) Sweep(ctx context.Context) (removed int, err error) {
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	list, err := r.daemon.List(ctx, LabelOwner)
	if err != nil {
		return 0, err
	}
	owning := make(map[string]bool)
	for _, c := range list {
		owner := c.Labels[LabelOwner]
		owning[owner] = true
		if !r.orphaned(c, time.Now()) {
			continue
		}
		if err := r.daemon.Remove(ctx, c.ID); err != nil {
			r.log.Warn("could not remove an orphaned sandbox", zap.String("container", c.Name), zap.Error(err))
			continue
		}
		removed++
	}
	r.owners.tidy(owning)
	if removed > 0 {
		r.observer.Reaped(removed)
	}
	return removed, nil
}

func (r *DockerRunner) orphaned(c docker.Summary, now time.Time) bool {
	switch {
	case c.Labels[LabelOwner] == r.owners.id:
		return !r.launcher.knows(c)
	case c.Labels[LabelScope] == r.owners.scope && !r.owners.alive(c.Labels[LabelOwner]):
		return true
	case c.State == "created" && now.Sub(c.Created) > createdFor:
		return true
	}
	expires, err := strconv.ParseInt(c.Labels[LabelExpires], 10, 64)
	return err == nil && now.Unix() > expires
}
