package jobs

import (
	"context"
	"sync"
)

// gate lets the jobs of a worker in together, or one alone. The zero value is open.
type gate struct {
	mu     sync.Mutex
	inside int
	closed bool
	empty  chan struct{} // closed when the last one leaves; nil while nobody waits for that
}

// enter tells whether another job may run beside those inside, and counts it if so.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside++
	return true
}

// leave ends what enter or close began.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// busy tells whether somebody is inside.
func (g *gate) busy() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inside > 0
}

// close lets nobody in any more, waits until all have left, and enters alone. When ctx ends first it opens the gate again
// and returns the cause. It is for one caller at a time.
func (g *gate) close(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	empty := make(chan struct{})
	if g.inside == 0 {
		close(empty)
	} else {
		g.empty = empty
	}
	g.mu.Unlock()
	select {
	case <-empty:
		g.mu.Lock()
		defer g.mu.Unlock()
		g.inside++
		return nil
	case <-ctx.Done():
		g.open()
		return context.Cause(ctx)
	}
}

// open lets others in beside whoever is inside.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.empty = false, nil
}
