package auth

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Uses notes which keys or sessions are used, and writes that down now and then: once in an interval for all of them, so that it costs next to
// nothing. A process that is killed loses what it has not written.
type Uses struct {
	// Write notes that those with some ids were used now.
	Write func(ctx context.Context, ids []string) error
	Every time.Duration
	Log   *zap.Logger

	mu   sync.Mutex
	used map[string]struct{}
}

func (u *Uses) note(id string) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.used == nil {
		u.used = make(map[string]struct{})
	}
	u.used[id] = struct{}{}
}

// Run writes until ctx is done, and once more then.
func (u *Uses) Run(ctx context.Context) {
	tick := time.NewTicker(u.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			u.write(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			u.write(ctx)
		}
	}
}

// writeWithin limits one writing.
const writeWithin = 5 * time.Second

func (u *Uses) write(ctx context.Context) {
	u.mu.Lock()
	ids := slices.Sorted(maps.Keys(u.used))
	u.used = nil
	u.mu.Unlock()
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	if err := u.Write(ctx, ids); err != nil {
		u.Log.Warn("noting last uses failed", zap.Int("of", len(ids)), zap.Error(err))
	}
}
