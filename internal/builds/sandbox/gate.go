package sandbox

import (
	"context"
	"sync"

	"github.com/spark-games/spark/engines"
)

// gate admits runs until it is shut, and knows when they are over. Runners embed one.
type gate struct {
	forced context.Context // ends when runs may not finish any more
	force  context.CancelCauseFunc

	mu     sync.Mutex
	isShut bool
	inside sync.WaitGroup
}

func newGate() *gate {
	g := &gate{}
	g.forced, g.force = context.WithCancelCause(context.Background())
	return g
}

// enter admits a run, which must leave. It reports false when the gate is shut.
func (g *gate) enter() (leave func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.isShut {
		return nil, false
	}
	g.inside.Add(1)
	return g.inside.Done, true
}

// run does a run inside the gate, with a context that also ends when the gate is shut by force.
func (g *gate) run(ctx context.Context, job engines.RunRequest,
	do func(context.Context, engines.RunRequest) (*engines.Result, error),
) (*engines.Result, error) {
	leave, ok := g.enter()
	if !ok {
		return nil, errClosed
	}
	defer leave()
	if job.Sink == nil {
		return nil, errNoSink
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(g.forced, func() { cancel(errClosed) })()
	return do(ctx, job)
}

// shut admits no more runs and waits for those inside, which may finish until the context ends and are stopped then. It tells
// whether this was the first call.
func (g *gate) shut(ctx context.Context) (first bool) {
	g.mu.Lock()
	first = !g.isShut
	g.isShut = true
	g.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { g.force(errClosed) })
	defer stop()
	g.inside.Wait()
	g.force(errClosed)
	return first
}
