package redisconn

import (
	"context"
	"net"
	"sync"

	"github.com/redis/go-redis/v9"
)

// coalesceMost bounds the commands of one pipeline.
const coalesceMost = 256

// Coalesce has scripts that are run at the same time share a round trip: while one pipeline is on its way, the next gathers. A
// lone one never waits. Other commands pass: some of them open a connection that a script waits for. A caller waits for its
// answer even if its context ends, at most for the client's time-outs, since a command cannot be taken back.
func Coalesce(client *redis.Client) {
	client.AddHook(&coalescer{client: client})
}

// coalescer is a hook that makes pipelines of single commands.
type coalescer struct {
	client *redis.Client

	mu      sync.Mutex
	waiting []*call
	flying  bool
}

type call struct {
	ctx  context.Context
	cmd  redis.Cmder
	err  error // set before done is closed
	done chan struct{}
}

// DialHook implements redis.Hook.
func (c *coalescer) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessPipelineHook implements redis.Hook.
func (c *coalescer) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (c *coalescer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() != "evalsha" {
			return next(ctx, cmd)
		}
		mine := &call{ctx: context.WithoutCancel(ctx), cmd: cmd, done: make(chan struct{})}
		c.mu.Lock()
		if c.flying {
			c.waiting = append(c.waiting, mine)
			c.mu.Unlock()
			<-mine.done
			return mine.err
		}
		c.flying = true
		c.mu.Unlock()
		err := next(ctx, cmd)
		c.land(next)
		return err
	}
}

// land sends what gathered meanwhile, in a goroutine of its own: the caller has its answer.
func (c *coalescer) land(next redis.ProcessHook) {
	batch := c.take()
	if len(batch) == 0 {
		return
	}
	go func() {
		for ; len(batch) > 0; batch = c.take() {
			c.send(batch, next)
		}
	}()
}

// take returns the next batch; when there is none, nothing is on its way any more.
func (c *coalescer) take() []*call {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.waiting), coalesceMost)
	batch := c.waiting[:n:n]
	c.waiting = c.waiting[n:]
	c.flying = n > 0
	return batch
}

func (c *coalescer) send(batch []*call, next redis.ProcessHook) {
	if len(batch) == 1 {
		batch[0].err = next(batch[0].ctx, batch[0].cmd)
	} else {
		pipe := c.client.Pipeline()
		for _, one := range batch {
			_ = pipe.Process(one.ctx, one.cmd) // only takes note of it
		}
		_, _ = pipe.Exec(batch[0].ctx) // its error is the first command's
		for _, one := range batch {
			one.err = one.cmd.Err()
		}
	}
	for _, one := range batch {
		close(one.done)
	}
}
