package bus

import "sync"

// Hub notifies those who watch a job, or an account's stream, in this process that it has changed. The zero value is ready.
type Hub struct {
	mu       sync.Mutex
	watchers map[string]map[chan struct{}]bool
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
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
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

// ChangedAll notifies every watcher, for when a hint may have been lost.
func (h *Hub) ChangedAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, chans := range h.watchers {
		for ch := range chans {
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
