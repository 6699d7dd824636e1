package bus

import (
	"container/list"
	"sync"
)

// Hub notifies those who watch something in this process that it has changed: a job, an operation, or a stream. Its changes are told
// by hints, which may be lost, and found by looks at the database, which are made for all watchers together. The zero value is ready.
type Hub struct {
	mu      sync.Mutex
	watched map[string]*watched
	turns   list.List // of *watched, those first that were looked at longest ago
}

// watched is what somebody watches.
type watched struct {
	id       string
	watchers map[chan struct{}]bool
	looked   bool
	mark     string // of the last look
	turn     *list.Element
}

// Watch returns a channel that receives after each change of what has the id from now on; changes may share one receive. stop
// must be called.
func (h *Hub) Watch(id string) (changed <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watched == nil {
		h.watched = make(map[string]*watched)
	}
	w := h.watched[id]
	if w == nil {
		w = &watched{id: id, watchers: make(map[chan struct{}]bool)}
		w.turn = h.turns.PushBack(w)
		h.watched[id] = w
	}
	w.watchers[ch] = true
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(w.watchers, ch)
		if len(w.watchers) == 0 && h.watched[id] == w {
			h.turns.Remove(w.turn)
			delete(h.watched, id)
		}
	}
}

// Changed notifies the watchers of what has the id.
func (h *Hub) Changed(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if w := h.watched[id]; w != nil {
		w.notify()
	}
}

// Watched is how many things are watched.
func (h *Hub) Watched() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watched)
}

// Turns are the ids of so many watched things, those first that were looked at longest ago. What a look finds is for Found.
func (h *Hub) Turns(n int) (ids []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for range min(n, h.turns.Len()) {
		next := h.turns.Front()
		h.turns.MoveToBack(next)
		if w, ok := next.Value.(*watched); ok {
			ids = append(ids, w.id)
		}
	}
	return ids
}

// Found takes what a look has found of things that were watched when it began: a mark of each, which is another after each change; what is gone has
// none. The watchers are notified of what has another mark than at the last look, and of what nobody has looked at yet: they began to watch at any time
// before this.
func (h *Hub) Found(ids []string, marks map[string]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if w := h.watched[id]; w != nil && (!w.looked || w.mark != marks[id]) {
			w.looked, w.mark = true, marks[id]
			w.notify()
		}
	}
}

func (w *watched) notify() {
	for ch := range w.watchers {
		select {
		case ch <- struct{}{}:
		default: // one is waiting already
		}
	}
}
