package jobs

import (
	"context"
	"sync"
)

// gate admits the jobs of a worker concurrently, or one alone. The zero value is open.
type gate struct {
	mu     sync.Mutex
	inside int
	closed bool
	empty  chan struct{} // closed when the last one leaves; nil while nobody waits for that
}

// enter reports whether another job may run beside those inside, and counts it if so.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside++
	return true
}

// leave undoes enter or close.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// busy reports whether any job is inside.
func (g *gate) busy() bool { return g.count() > 0 }

// count is how many jobs are inside.
func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inside
}

// close admits no more jobs, waits until all have left, and enters alone; open then admits others beside it. If ctx ends first,
// close opens the gate again and returns the cause. It is for one caller at a time. open works once, so that it cannot undo a
// later close.
func (g *gate) close(ctx context.Context) (open func(), err error) {
	g.mu.Lock()
	g.closed = true
	empty := make(chan struct{})
	if g.inside == 0 {
		close(empty)
	} else {
		g.empty = empty
	}
	g.mu.Unlock()
	open = sync.OnceFunc(g.open)
	select {
	case <-empty:
		g.mu.Lock()
		defer g.mu.Unlock()
		g.inside++
		return open, nil
	case <-ctx.Done():
		open()
		return open, context.Cause(ctx)
	}
}

// open ends close.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.empty = false, nil
}
