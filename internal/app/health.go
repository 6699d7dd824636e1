package app

import (
	"context"
	"sync"
	"time"

	"github.com/spark-games/spark/models"
)

// health remembers how the platform's dependencies were when they were last asked, by its own round or by a question for
// readiness, so that a submission can be refused without asking them again.
type health struct {
	pings map[string]func(context.Context) error
	tell  func(name string, up bool) // for metrics

	mu    sync.Mutex
	down  map[string]error
	asked int            // questions so far
	known map[string]int // the question whose answer is remembered, by name
}

// How often and how patiently dependencies are asked.
const (
	healthEvery  = 500 * time.Millisecond
	healthWithin = 2 * time.Second
)

func newHealth(pings map[string]func(context.Context) error, tell func(name string, up bool)) *health {
	return &health{pings: pings, tell: tell, down: make(map[string]error), known: make(map[string]int)}
}

// ping asks one dependency, and remembers the answer, unless a later question has been answered already.
func (h *health) ping(name string) func(context.Context) error {
	return func(ctx context.Context) error {
		h.mu.Lock()
		h.asked++
		question := h.asked
		h.mu.Unlock()
		err := h.pings[name](ctx)
		h.mu.Lock()
		defer h.mu.Unlock()
		if question < h.known[name] {
			return err
		}
		h.known[name] = question
		h.tell(name, err == nil)
		if delete(h.down, name); err != nil {
			h.down[name] = err
		}
		return err
	}
}

// run asks all but the database, which every submission asks by itself, until ctx is done.
func (h *health) run(ctx context.Context) {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for name := range h.pings {
			if name == "database" {
				continue
			}
			asked, cancel := context.WithTimeout(ctx, healthWithin)
			_ = h.ping(name)(asked)
			cancel()
		}
	}
}

// ready says what is missing to run jobs. A database that was away is not held against a submission, which will find out.
func (h *health) ready() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, err := range h.down {
		if name != "database" {
			return models.WrapError(models.CodeUnavailable, name+" is not available, try again soon", err)
		}
	}
	return nil
}
