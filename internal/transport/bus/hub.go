package bus

import (
	"container/list"
	"sync"
)

// Hub notifies those who watch a job, or an account's stream, in this process that it has changed. The zero value is ready.
type Hub struct {
	mu       sync.Mutex
	watchers map[string]map[chan struct{}]bool
	all      list.List // of chan struct{}, those first that were reminded longest ago
}

// Watch returns a channel that receives after each change of what has the id from now on; changes may share one receive. stop
// must be called.
func (h *Hub) Watch(id string) (changed <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers == nil {
		h.watchers = make(map[string]map[chan struct{}]bool)
	}
	if h.watchers[id] == nil {
		h.watchers[id] = make(map[chan struct{}]bool)
	}
	h.watchers[id][ch] = true
	place := h.all.PushBack(ch)
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.all.Remove(place)
		delete(h.watchers[id], ch)
		if len(h.watchers[id]) == 0 {
			delete(h.watchers, id)
		}
	}
}

// Changed notifies the watchers of a job or an account.
func (h *Hub) Changed(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.watchers[id] {
		notify(ch)
	}
}

// Watchers is how many there are.
func (h *Hub) Watchers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all.Len()
}

// Remind notifies so many watchers, those first that were reminded longest ago, in case a hint was lost. Not all at once: each of them asks the
// database.
func (h *Hub) Remind(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for range min(n, h.all.Len()) {
		next := h.all.Front()
		h.all.MoveToBack(next)
		if ch, ok := next.Value.(chan struct{}); ok {
			notify(ch)
		}
	}
}

func notify(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // one is waiting already
	}
}
