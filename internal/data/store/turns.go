package store

import (
	"context"
	"sync"
)

// turns makes callers with the same key take turns. They wait here instead of for a row's lock, which would occupy a connection
// each: however many change one project concurrently, other requests still find connections.
type turns struct {
	mu     sync.Mutex
	queues map[string]*turn
}

type turn struct {
	taken chan struct{} // holds one value while someone has it
	users int
}

// take waits for the key's turn. done must be called.
func (t *turns) take(ctx context.Context, key string) (done func(), err error) {
	t.mu.Lock()
	q := t.queues[key]
	if q == nil {
		if t.queues == nil {
			t.queues = make(map[string]*turn)
		}
		q = &turn{taken: make(chan struct{}, 1)}
		t.queues[key] = q
	}
	q.users++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if q.users--; q.users == 0 {
			delete(t.queues, key)
		}
	}
	select {
	case q.taken <- struct{}{}:
		return func() { <-q.taken; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
