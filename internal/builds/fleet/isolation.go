package fleet

import (
	"context"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// How often the workers' reports are read for their isolation, and how long that may take.
const (
	isolationEvery  = time.Second
	isolationWithin = 2 * time.Second
)

// Isolation is the isolation of builds with those engines, as of the last look: readiness requests need no key, and make
// nobody work.
func (e *Engines) Isolation() models.BuildIsolation {
	if i := e.isolation.Load(); i != nil {
		return *i
	}
	return models.BuildIsolation{}
}

// LookAtIsolation reads the workers' reports, for Isolation. While they cannot be read, no isolation is known.
func (e *Engines) LookAtIsolation(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, isolationWithin)
	defer cancel()
	reports, err := e.Registry.Reports(ctx)
	if err != nil {
		reports = nil // that Redis is down is told by its own check
	}
	i := isolationOf(mergeEngines(nil, reports))
	e.isolation.Store(&i)
}

// WatchIsolation looks now and then until ctx is done.
func (e *Engines) WatchIsolation(ctx context.Context) {
	tick := time.NewTicker(isolationEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			e.LookAtIsolation(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func isolationOf(all []models.EngineStatus) (i models.BuildIsolation) {
	for _, s := range all {
		if !s.Available {
			continue
		}
		if i.Least = weaker(i.Least, s.Isolation); s.Notice != "" {
			i.Notices++
		}
	}
	return i
}

// weaker is the lower of two levels, because a job may run in either worker.
func weaker(a, b string) string {
	if a == "" || b != "" && engines.IsolationLevel(a).AtLeast(engines.IsolationLevel(b)) {
		return b
	}
	return a
}
