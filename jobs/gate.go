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

// leave ends what enter or close began.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside--; g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// busy reports whether somebody is inside.
func (g *gate) busy() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inside > 0
}

// close lets nobody in any more, waits until all have left, and enters alone; open then lets others in beside it. When ctx
// ends first, close opens the gate again and returns the cause. It is for one caller at a time. open works once: whoever
// closes the gate next is not disturbed by the one before.
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
