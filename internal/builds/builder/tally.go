package builder

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// tally counts what happens to the sandboxes of each engine, for the report of this worker. The zero value is ready.
type tally struct {
	mu      sync.Mutex
	engines map[string]*engineTally // by engines.Ref
	reaped  int
}

type engineTally struct {
	warm, cold int
	waits      [256]time.Duration // of the last acquires, in a ring
	kills      map[string]int
}

func (t *tally) of(ref string) *engineTally {
	if t.engines == nil {
		t.engines = make(map[string]*engineTally)
	}
	e := t.engines[ref]
	if e == nil {
		e = &engineTally{kills: make(map[string]int)}
		t.engines[ref] = e
	}
	return e
}

func (t *tally) acquired(ref string, waited time.Duration, warm bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.of(ref)
	e.waits[(e.warm+e.cold)%len(e.waits)] = waited
	if warm {
		e.warm++
	} else {
		e.cold++
	}
}

func (t *tally) killed(ref, reason string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of(ref).kills[reason]++
}

func (t *tally) reap(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reaped += n
}

// report is all of it, by engine.
func (t *tally) report() (list []models.SandboxTally, reaped int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ref := range slices.Sorted(maps.Keys(t.engines)) {
		e := t.engines[ref]
		b := models.SandboxTally{Warm: e.warm, Cold: e.cold, Kills: maps.Clone(e.kills)}
		b.Engine, b.Version = engines.SplitRef(ref)
		if n := min(e.warm+e.cold, len(e.waits)); n > 0 {
			waits := slices.Clone(e.waits[:n])
			slices.Sort(waits)
			b.P50, b.P99 = waits[(n-1)/2], waits[(n-1)*99/100]
		}
		list = append(list, b)
	}
	return list, t.reaped
}

// killReason says why a build was ended with its sandbox; "" if it ended by itself.
func killReason(ctx context.Context, err error) string {
	if err == nil {
		return ""
	}
	for cause, reason := range map[error]string{jobs.ErrTimeout: "timeout", jobs.ErrLeaseLost: "lease_lost", jobs.ErrWorkerStops: "worker_stops"} {
		if errors.Is(context.Cause(ctx), cause) {
			return reason
		}
	}
	switch code := models.CodeOf(err); code {
	case models.CodeTimeout, models.CodeCancelled, models.CodeOutOfMemory, models.CodeOutputTooLarge, models.CodeSandboxFailed:
		return string(code)
	case models.CodeUnavailable:
		return "worker_stops"
	}
	return ""
}

// locals are the builds that run in local processes.
type locals struct {
	mu      sync.Mutex
	running map[string]models.SandboxReport // by job
}

func (l *locals) begin(job engines.RunRequest) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running == nil {
		l.running = make(map[string]models.SandboxReport)
	}
	i := job.Engine.Info()
	l.running[job.JobID] = models.SandboxReport{Engine: i.Name, Version: i.Version, State: "running", Since: time.Now().UTC(),
		JobID: job.JobID, AccountID: job.Account}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.running, job.JobID)
	}
}

func (l *locals) report() []models.SandboxReport {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Values(l.running), func(a, b models.SandboxReport) int {
		return strings.Compare(a.Engine+"\x00"+a.JobID, b.Engine+"\x00"+b.JobID)
	})
}
