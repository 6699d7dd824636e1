package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/models"
)

// health checks each dependency periodically and independently, and remembers the latest results. Readiness and submissions use
// these results, so their cost depends neither on how often they are asked nor on how long a dependency takes.
type health struct {
	pings         map[string]func(context.Context) error
	every, within time.Duration // the interval and the timeout of checks
	tell          func(name string, up bool)
	log           *zap.Logger

	mu   sync.Mutex
	last map[string]result
}

type result struct {
	platform.Check
	err error
}

// Checking the database and the blobs writes: once a second, in each process, is often enough.
const (
	healthEvery  = time.Second
	healthWithin = 2 * time.Second
)

// newHealth makes a health without results. tell receives every result, for metrics.
func newHealth(pings map[string]func(context.Context) error, tell func(name string, up bool), log *zap.Logger) *health {
	return &health{pings: pings, every: healthEvery, within: healthWithin, tell: tell, log: log, last: make(map[string]result)}
}

// run checks until ctx is done. A dependency that does not answer is not asked again before it has answered.
func (h *health) run(ctx context.Context) {
	var all sync.WaitGroup
	for name := range h.pings {
		all.Go(func() {
			tick := time.NewTicker(h.every)
			defer tick.Stop()
			for h.ask(ctx, name) {
				select {
				case <-tick.C:
				case <-ctx.Done():
				}
			}
		})
	}
	all.Wait()
}

var errSilent = errors.New("no answer in time")

// ask checks one dependency and remembers the result; a timeout is a result too. It returns false when ctx is done.
func (h *health) ask(ctx context.Context, name string) bool {
	if ctx.Err() != nil {
		return false
	}
	asked, cancel := context.WithTimeout(ctx, h.within)
	defer cancel()
	start := time.Now()
	answer := make(chan error, 1)
	go func() { answer <- h.pings[name](asked) }()
	select {
	case err := <-answer:
		h.remember(ctx, name, start, err)
		return true
	case <-asked.Done():
		h.remember(ctx, name, start, errSilent)
	}
	select {
	case err := <-answer:
		h.remember(ctx, name, start, err)
		return true
	case <-ctx.Done():
		return false
	}
}

func (h *health) remember(ctx context.Context, name string, start time.Time, err error) {
	if ctx.Err() != nil {
		return // ctx ended the check
	}
	now := time.Now()
	h.mu.Lock()
	before, known := h.last[name]
	h.last[name] = result{platform.Check{Name: name, Up: err == nil, Took: now.Sub(start), At: now}, err}
	h.mu.Unlock()
	h.tell(name, err == nil)
	switch {
	case err != nil && (!known || before.Up):
		h.log.Warn("dependency is down", zap.String("dependency", name), zap.Error(err))
	case err == nil && known && !before.Up:
		h.log.Info("dependency is up again", zap.String("dependency", name))
	}
}

// checks are the latest results, by name. A dependency that has never answered is down.
func (h *health) checks() []platform.Check {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []platform.Check
	for _, name := range slices.Sorted(maps.Keys(h.pings)) {
		check := h.last[name].Check
		check.Name = name
		all = append(all, check)
	}
	return all
}

// settled waits until every dependency has answered or timed out: before that, readiness is unknown.
func (h *health) settled(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, h.within)
	defer cancel()
	var all sync.WaitGroup
	for name := range h.pings {
		all.Go(func() { h.ask(ctx, name) })
	}
	all.Wait()
}

// ready reports what is missing to run jobs. A database outage does not refuse a submission here: the submission finds out
// itself.
func (h *health) ready() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, last := range h.last {
		if name != "database" && !last.Up {
			return models.WrapError(models.CodeUnavailable, name+" is not available, try again soon", last.err)
		}
	}
	return nil
}
