package sandbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
)

// box is one container of the pool, and the conversation with its agent. It implements pool.Box.
type box struct {
	launcher *launcher
	name     string
	id       atomic.Pointer[string] // known once the daemon has answered
	job      atomic.Pointer[string] // that has it, or had it last
	c        *docker.Container
	r        *protocol.Reader
	w        *protocol.Writer
	title    title
	proc     *hostProcess // nil when the container's processes cannot be reached from here

	oom     atomic.Bool // the system has killed something of it for want of memory
	once    sync.Once
	gone    chan struct{}
	suspect bool // the agent does not vouch for what the last job left
}

var _ pool.Box = (*box)(nil)

// hello waits until the agent can take a job.
func (b *box) hello(ctx context.Context) error {
	defer b.bound(ctx)()
	b.r, b.w = protocol.NewReader(b.c), protocol.NewWriter(b.c)
	if _, err := awaitHello(b.r); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("the agent did not answer in time: %w", err)
		}
		if s := b.c.Stderr(); s != "" {
			err = fmt.Errorf("%w (agent: %s)", err, clip(s, 2000))
		}
		return err
	}
	return nil
}

// bound cuts the conversation short when the context ends, until the returned function is called.
func (b *box) bound(ctx context.Context) (free func()) {
	stop := context.AfterFunc(ctx, func() { _ = b.c.SetDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

// Ping implements pool.Box: a job without an action goes to the agent and back, through everything that a real one
// passes. It starts nothing.
func (b *box) Ping(ctx context.Context) error {
	defer b.bound(ctx)()
	s := &session{r: b.r, w: b.w, log: newLogTail(1<<10, nil)}
	token := newToken()
	if err := s.send(token, protocol.Spec{}, nil); err != nil {
		return err
	}
	a, err := s.receive()
	if err == nil && (a.end.Outcome != protocol.Failed || a.end.Retire) {
		err = fmt.Errorf("%w: answer %+v to a ping", protocol.ErrUnexpected, a.end)
	}
	return err
}

// Reset implements pool.Box. The agent has cleaned up before it ended the job, and said so or not; the ping shows that it
// goes on and that nothing else speaks in its place.
func (b *box) Reset(ctx context.Context) error {
	if b.suspect || b.oom.Load() {
		return errors.New("the agent does not vouch for what the job left behind")
	}
	return b.Ping(ctx)
}

// Gone implements pool.Box.
func (b *box) Gone() <-chan struct{} { return b.gone }

// ended marks the box as dead.
func (b *box) ended() { b.once.Do(func() { close(b.gone) }) }

// kill ends every process of the container, by the kernel where that can be done, also while the daemon hangs. The
// conversation ends too: an agent whose input ends, ends itself. The daemon is asked to see to it by Remove.
func (b *box) kill() {
	b.proc.kill()
	if b.c != nil {
		b.c.EndInput()
		b.c.Detach()
	}
}

// Remove implements pool.Box.
func (b *box) Remove(ctx context.Context) error {
	b.kill()
	name := b.name
	if id := b.id.Load(); id != nil {
		name = *id
	}
	if err := b.launcher.daemon.Remove(ctx, name); err != nil {
		return err
	}
	b.ended()
	b.launcher.forget(b)
	return nil
}
