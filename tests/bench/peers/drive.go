package peers

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// drive submits jobs as a load says, with a function that submits one. It returns how many were accepted.
func drive(ctx context.Context, l Load, submit func(ctx context.Context, since time.Time) error) (int, error) {
	g, gctx := errgroup.WithContext(ctx)
	var accepted atomic.Int64
	one := func(since time.Time) error {
		if err := submit(gctx, since); err != nil {
			return err
		}
		accepted.Add(1)
		return nil
	}
	if l.Rate > 0 {
		paced(gctx, g, l, one)
	} else {
		unpaced(g, l, one)
	}
	err := g.Wait()
	return int(accepted.Load()), err
}

// unpaced has each caller submit one job after the other.
func unpaced(g *errgroup.Group, l Load, one func(time.Time) error) {
	started := time.Now()
	var begun atomic.Int64
	for range l.Callers {
		g.Go(func() error {
			for begun.Add(1) <= int64(l.Jobs) {
				now := time.Now()
				if l.For > 0 && now.Sub(started) >= l.For {
					return nil
				}
				if err := one(now); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// paced submits jobs when they are due, which does not depend on how long the earlier ones take: a queue that stalls cannot hide it.
func paced(ctx context.Context, g *errgroup.Group, l Load, one func(time.Time) error) {
	due := make(chan time.Time, l.Jobs)
	g.Go(func() error {
		defer close(due)
		started := time.Now()
		next := started
		for range l.Jobs {
			next = next.Add(time.Duration((0.5 + rand.Float64()) / l.Rate * float64(time.Second)))
			if l.For > 0 && next.Sub(started) > l.For {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Until(next)):
				due <- next
			}
		}
		return nil
	})
	for range l.Callers {
		g.Go(func() error {
			for since := range due {
				if err := one(since); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// tally counts what the handlers of a peer did.
type tally struct {
	mu       sync.Mutex
	waits    []time.Duration
	finished int
	target   int
	reached  chan struct{} // closed when finished gets to target
}

func (t *tally) started(since time.Time) {
	wait := time.Since(since)
	t.mu.Lock()
	t.waits = append(t.waits, wait)
	t.mu.Unlock()
}

func (t *tally) ended() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finished++
	if t.reached != nil && t.finished >= t.target {
		close(t.reached)
		t.reached = nil
	}
}

// Waits implements Peer.
func (t *tally) Waits() ([]time.Duration, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]time.Duration(nil), t.waits...), nil
}

// Finished implements Peer. One caller at a time.
func (t *tally) Finished(ctx context.Context, n int) (int, error) {
	t.mu.Lock()
	if t.finished < n {
		reached := make(chan struct{})
		t.target, t.reached = n, reached
		t.mu.Unlock()
		select {
		case <-reached:
		case <-ctx.Done():
		}
		t.mu.Lock()
		t.reached = nil
	}
	defer t.mu.Unlock()
	return t.finished, nil
}
