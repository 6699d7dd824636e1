package queue

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// idleFor is how long an empty answer is held back at most. It limits the delay if a wake-up is lost with its connection.
const idleFor = time.Second

// waiter is a hook on the connection of one asynq server. asynq's processor asks each of its queues in turn, from one
// goroutine; when a whole round came back empty, the waiter holds the last answer until it is woken.
//
// A wake-up cannot be missed: the round's signal is taken before its first request, and work is published after it was
// enqueued, so either a request finds the work or the signal fires.
type waiter struct {
	queues int
	quit   chan struct{}
	once   sync.Once // closes quit

	mu     sync.Mutex
	signal chan struct{} // closed by the next wake
	paused chan struct{} // closed by resume; nil while nothing is held

	// Used only by the processor's goroutine.
	round <-chan struct{}
	empty int
}

func newWaiter(queues int) *waiter {
	return &waiter{queues: queues, quit: make(chan struct{}), signal: make(chan struct{})}
}

// wake ends the wait, if there is one, and makes sure that the next round asks all queues.
func (w *waiter) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.signal)
	w.signal = make(chan struct{})
}

// stop ends all waiting permanently.
func (w *waiter) stop() { w.once.Do(func() { close(w.quit) }) }

// pause holds every request from now on, until resume.
func (w *waiter) pause() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused == nil {
		w.paused = make(chan struct{})
	}
}

func (w *waiter) resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paused != nil {
		close(w.paused)
		w.paused = nil
	}
}

// held is closed when a request may be sent; nil if it may be sent immediately.
func (w *waiter) held() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.paused
}

func (w *waiter) currentSignal() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.signal
}

// DialHook implements redis.Hook.
func (w *waiter) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessPipelineHook implements redis.Hook.
func (w *waiter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements redis.Hook.
func (w *waiter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if !isDequeue(cmd) {
			return next(ctx, cmd)
		}
		if held := w.held(); held != nil {
			select {
			case <-held:
			case <-w.quit:
				cmd.SetErr(redis.Nil)
				return redis.Nil
			}
		}
		if w.empty == 0 {
			w.round = w.currentSignal()
		}
		err := next(ctx, cmd)
		if err != redis.Nil { //nolint:errorlint // go-redis returns the sentinel itself here
			w.empty = 0
			return err
		}
		if w.empty++; w.empty >= w.queues {
			w.empty = 0
			w.wait()
		}
		return err
	}
}

func (w *waiter) wait() {
	timeout := time.NewTimer(idleFor)
	defer timeout.Stop()
	select {
	case <-w.round:
	case <-w.quit:
	case <-timeout.C:
	}
}

// isDequeue recognizes asynq's dequeue script by its keys: pending, paused, active, lease.
func isDequeue(cmd redis.Cmder) bool {
	args := cmd.Args()
	if len(args) < 7 || (cmd.Name() != "evalsha" && cmd.Name() != "eval") {
		return false
	}
	for i, suffix := range []string{":pending", ":paused", ":active", ":lease"} {
		key, ok := args[3+i].(string)
		if !ok || !strings.HasSuffix(key, suffix) {
			return false
		}
	}
	return true
}
