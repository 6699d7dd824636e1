package lifecycle

import (
	"context"
	"time"

	"golang.org/x/sync/singleflight"
)

// Shared does work once that several callers want at the same time. The zero value is ready.
type Shared struct{ group singleflight.Group }

// Do does the work of a key, or waits for the caller that is doing it. The work continues when its caller gives up, since the
// next one would need it again; it ends after within.
func Do[T any](ctx context.Context, s *Shared, key string, within time.Duration, work func(context.Context) (T, error)) (T, error) {
	done := s.group.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
		defer cancel()
		return work(ctx)
	})
	var none T
	select {
	case <-ctx.Done():
		return none, context.Cause(ctx)
	case r := <-done:
		if r.Err != nil {
			return none, r.Err
		}
		value, _ := r.Val.(T) // work has made it; a nil of an interface says no type
		return value, nil
	}
}
