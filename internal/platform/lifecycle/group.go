// Package lifecycle starts and stops the services of a process in a defined order.
package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Group runs services and stops them in the reverse of the order in which they were added: what others depend on is
// added first and stops last. The zero value is ready. It is safe for concurrent use; Stop may be called twice.
type Group struct {
	mu    sync.Mutex
	stops []stop
}

type stop struct {
	name string
	f    func(context.Context) error
}

// OnStop adds a function that runs when the group stops.
func (g *Group) OnStop(name string, f func(context.Context) error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stops = append(g.stops, stop{name, f})
}

// Go runs a loop until the group stops: its context is cancelled, and Stop waits until it has returned.
func (g *Group) Go(name string, loop func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		loop(ctx)
	}()
	g.OnStop(name, func(stopCtx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-stopCtx.Done():
			return stopCtx.Err()
		}
	})
}

// Stop stops everything, last added first, and continues if one fails. ctx limits the whole.
func (g *Group) Stop(ctx context.Context) error {
	g.mu.Lock()
	stops := g.stops
	g.stops = nil
	g.mu.Unlock()
	var errs []error
	for _, s := range slices.Backward(stops) {
		if err := s.f(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", s.name, err))
		}
	}
	return errors.Join(errs...)
}
