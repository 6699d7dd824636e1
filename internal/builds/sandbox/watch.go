package sandbox

import (
	"context"
	"time"

	"go.uber.org/zap"
)

// watch receives the deaths of our containers until the context ends. After a daemon outage, it checks which of them still
// exist.
func (r *DockerRunner) watch(ctx context.Context) {
	label := LabelOwner + "=" + r.owners.id
	for {
		err := r.daemon.Watch(ctx, label, func() { go r.compare(ctx, label) }, r.launcher.hear)
		if ctx.Err() != nil {
			return
		}
		r.log.Warn("Docker's event stream ended; reconnecting", zap.Error(err))
		if !pause(ctx, time.Second) {
			return
		}
	}
}

// compare marks the containers as dead that the daemon does not run any more.
func (r *DockerRunner) compare(ctx context.Context, label string) {
	known := r.launcher.started()
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	list, err := r.daemon.List(ctx, label)
	if err != nil {
		return
	}
	running := make(map[string]bool)
	for _, c := range list {
		running[c.ID] = c.State == "running" || c.State == "paused"
	}
	for _, c := range known {
		if !running[*c.id.Load()] {
			c.ended()
		}
	}
}

// pause waits; false says that the context has ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
