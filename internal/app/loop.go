package app

import (
	"context"
	"time"
)

// every does something now and then, until ctx is done: at once, and after a pause, unless there is more to do.
func every(ctx context.Context, pause time.Duration, do func() (more bool)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if do() && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
