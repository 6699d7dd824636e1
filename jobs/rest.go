package jobs

import (
	"context"
	"sync"
	"time"
)

// restFor limits how long a full queue is not looked at: other processes' workers may have made room.
const restFor = 10 * time.Millisecond

// rest keeps a queue's loop from looking again and again at a queue that is full: until this process's workers have claimed enough, or
// for a moment.
type rest struct {
	mu     sync.Mutex
	count  int64 // claims of this process
	target int64
	end    time.Time
	enough chan struct{} // signalled when count gets to target
}

func (r *rest) claims() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count
}

func (r *rest) claimed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count++; r.count == r.target {
		select {
		case r.enough <- struct{}{}:
		default:
		}
	}
}

// until begins a rest that ends when so many jobs have been claimed since the count was seen, by so many workers that are about as fast
// as this process's.
func (r *rest) until(seen int64, jobs, workers int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	workers = max(workers, 1)
	r.target, r.end = seen+int64(max((jobs+workers-1)/workers, 1)), time.Now().Add(restFor)
	select {
	case <-r.enough: // of an earlier rest
	default:
	}
}

// wait returns when the rest is over.
func (r *rest) wait(ctx context.Context) {
	r.mu.Lock()
	left, over := time.Until(r.end), r.count >= r.target
	r.mu.Unlock()
	if over || left <= 0 {
		return
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-r.enough:
	case <-timer.C:
	case <-ctx.Done():
	}
}
