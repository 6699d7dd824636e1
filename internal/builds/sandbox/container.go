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

// container is one container of the pool, and the conversation with its agent. It implements pool.Sandbox.
type container struct {
	launcher *launcher
	name     string
	id       atomic.Pointer[string] // known once the daemon has answered
	job      atomic.Pointer[string] // that has it, or had it last
	conn     *docker.Container
	r        *protocol.Reader
	w        *protocol.Writer
	shown    shownName
	proc     *hostProcess // nil when the container's processes cannot be reached from here

	oom     atomic.Bool // the system has killed one of its processes for lack of memory
	once    sync.Once
	gone    chan struct{}
	suspect bool // the agent could not verify that the last job left nothing
}

var _ pool.Sandbox = (*container)(nil)

// hello waits until the agent can take a job.
func (c *container) hello(ctx context.Context) error {
	defer c.bound(ctx)()
	c.r, c.w = protocol.NewReader(c.conn), protocol.NewWriter(c.conn)
	if _, err := awaitHello(c.r); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("the agent did not answer in time: %w", err)
		}
		if s := c.conn.Stderr(); s != "" {
			err = fmt.Errorf("%w (agent: %s)", err, clip(s, 2000))
		}
		return err
	}
	return nil
}

// bound interrupts the session when the context ends, until the returned function is called.
func (c *container) bound(ctx context.Context) (free func()) {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

// Ping implements pool.Sandbox: a job without an action goes to the agent and back, through everything that a real one passes.
// It starts nothing.
func (c *container) Ping(ctx context.Context) error {
	defer c.bound(ctx)()
	s := &session{r: c.r, w: c.w, log: newLogTail(1<<10, nil)}
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

// Reset implements pool.Sandbox. The agent has cleaned up before it ended the job, and reported whether it succeeded; the ping
// shows that it is still working and that nothing else answers in its place.
func (c *container) Reset(ctx context.Context) error {
	if c.suspect || c.oom.Load() {
		return errors.New("the agent could not verify that the job left nothing behind")
	}
	return c.Ping(ctx)
}

// Gone implements pool.Sandbox.
func (c *container) Gone() <-chan struct{} { return c.gone }

// ended marks the container as dead.
func (c *container) ended() { c.once.Do(func() { close(c.gone) }) }

// kill kills every process of the container, through the kernel if possible, so that it works even while the daemon hangs. The
// stream is closed too: an agent exits when its input ends. Remove then asks the daemon.
func (c *container) kill() {
	c.proc.kill()
	if c.conn != nil {
		c.conn.EndInput()
		c.conn.Detach()
	}
}

// Remove implements pool.Sandbox.
func (c *container) Remove(ctx context.Context) error {
	c.kill()
	name := c.name
	if id := c.id.Load(); id != nil {
		name = *id
	}
	if err := c.launcher.daemon.Remove(ctx, name); err != nil {
		return err
	}
	c.ended()
	c.launcher.forget(c)
	return nil
}
