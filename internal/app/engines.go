package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/models"
)

// How often a worker looks whether there is something new to tell of itself, how often it tells all the same, and for how
// long it is believed.
const (
	reportEvery = time.Second
	repeatEvery = 3 * time.Second
	reportKept  = 10 * time.Second
)

// reporter tells the other processes of the platform what this worker can build with and how its sandboxes are.
type reporter struct {
	workers *bus.Workers
	worker  string
	report  func(context.Context) models.WorkerReport
	log     *zap.Logger

	last []byte // what was told last, without its time
	told time.Time
}

// publish tells what is new, or that nothing is.
func (r *reporter) publish(ctx context.Context) {
	report := r.report(ctx)
	raw, err := json.Marshal(report)
	now := time.Now()
	if err == nil && slices.Equal(raw, r.last) && now.Sub(r.told) < repeatEvery {
		return
	}
	report.Worker, report.At = r.worker, now.UTC()
	ctx, cancel := context.WithTimeout(ctx, repeatEvery)
	defer cancel()
	if err := r.workers.Publish(ctx, report, reportKept); err != nil {
		if ctx.Err() == nil {
			r.log.Debug("this worker could not tell of itself", zap.Error(err))
		}
		return
	}
	r.last, r.told = raw, now
}

// run reports until ctx is done, and then takes the report away, so that nobody counts on this worker any more.
func (r *reporter) run(ctx context.Context) {
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			r.publish(ctx)
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := r.workers.Remove(last, r.worker); err != nil {
		r.log.Debug("the report of this worker stays until it is too old", zap.Error(err))
	}
}

// describe is an engine's status without what only a worker can know.
func describe(r *engines.Registry, e engines.Engine) models.EngineStatus {
	i := e.Info()
	return models.EngineStatus{Name: i.Name, Title: i.Title, Version: i.Version, Outputs: i.Outputs, Default: r.Default(e)}
}

// engineStatus is every version of every engine that this process or a worker knows, as the workers see it together.
func (a *App) engineStatus(ctx context.Context) []models.EngineStatus {
	reports, err := bus.NewWorkers(a.redis).Reports(ctx)
	if err != nil && ctx.Err() == nil {
		a.log.Warn("it is not known what workers can build with", zap.Error(err))
	}
	own := make([]models.EngineStatus, 0, len(a.engines.List()))
	for _, e := range a.engines.List() {
		own = append(own, describe(a.engines, e))
	}
	return mergeEngines(own, reports)
}

// mergeEngines puts together what the workers say. An engine is available when one of them can build with it.
func mergeEngines(own []models.EngineStatus, reports []models.WorkerReport) []models.EngineStatus {
	type version struct{ name, version string }
	all := make(map[version]*models.EngineStatus)
	settled := make(map[string]bool) // names whose default is known
	reasons := make(map[version][]string)
	for _, e := range own {
		all[version{e.Name, e.Version}] = &e
		settled[e.Name] = true
	}
	for _, r := range reports {
		for _, e := range r.Engines {
			key := version{e.Name, e.Version}
			known := all[key]
			if known == nil {
				known = &models.EngineStatus{Name: e.Name, Title: e.Title, Version: e.Version, Outputs: e.Outputs,
					Default: e.Default && !settled[e.Name]}
				all[key] = known
			}
			known.Boxes = known.Boxes.Add(e.Boxes)
			known.Image = cmp.Or(known.Image, e.Image)
			if known.Available = known.Available || e.Available; !e.Available && !slices.Contains(reasons[key], e.Reason) {
				reasons[key] = append(reasons[key], e.Reason)
			}
		}
		for _, e := range r.Engines {
			settled[e.Name] = settled[e.Name] || e.Default
		}
	}
	list := make([]models.EngineStatus, 0, len(all))
	for key, e := range all {
		if !e.Available {
			e.Reason = cmp.Or(strings.Join(reasons[key], "; "), "no worker runs that could build with it")
		}
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b models.EngineStatus) int {
		byDefault := 0
		if a.Default != b.Default {
			byDefault = 1
			if a.Default {
				byDefault = -1
			}
		}
		return cmp.Or(strings.Compare(a.Name, b.Name), byDefault, engines.CompareVersions(b.Version, a.Version))
	})
	return list
}

// status says whether this worker can build with an engine, and how many sandboxes it has for it.
func (s *boxes) status(e engines.Engine) models.EngineStatus {
	st := describe(s.app.engines, e)
	found := s.seen(e)
	st.Image = found.digest
	notThere := ""
	if s.runner.Load() != nil {
		for _, k := range s.stats().Keys {
			if s.engineOf(k.Key.Image) != engines.Ref(e) {
				continue
			}
			st.Boxes = st.Boxes.Add(counts(k))
			if k.Broken != "" {
				notThere = "its sandboxes do not start"
				if !k.RetryAt.IsZero() {
					notThere += fmt.Sprintf("; the next try is at %s", k.RetryAt.UTC().Format("15:04:05 UTC"))
				}
			}
		}
	}
	st.Reason = s.unavailable(e, found, notThere)
	st.Available = st.Reason == ""
	return st
}

// unavailable says why this worker cannot build with an engine; "" when it can.
func (s *boxes) unavailable(e engines.Engine, found seenImage, broken string) string {
	packages := ""
	if why := s.app.toolchains.Missing(e); why != "" && !s.app.toolchains.Installed(e) {
		packages = why
	}
	base := e.Image().Base
	own := base == engines.Ready || base == engines.Debian // its programs are in its image and nowhere else
	if s.local != nil && !own {
		if packages != "" && (found.digest == "" || broken != "") {
			return "it is not installed, and " + packages
		}
		return ""
	}
	select {
	case <-s.ready:
	default:
		return "it is not known yet whether there is a Docker daemon"
	}
	switch {
	case s.images == nil:
		return "it is built in containers, and this platform builds in local processes (SPARK_SANDBOX)"
	case s.runner.Load() == nil || s.silent.Load():
		return "it is built in containers, and " + s.noDaemon()
	case broken != "":
		return broken
	case found.err != nil:
		return models.AsError(found.err).Message
	case base == engines.NoBase:
		return "it has no image, and this platform builds in containers only (SPARK_SANDBOX)"
	case found.digest == "" && packages != "":
		return "its image is not made, and " + packages
	}
	return ""
}

// noDaemon says what a person has to know who wonders why no Docker daemon is used.
func (s *boxes) noDaemon() string {
	if s.barred.Load() {
		return "this user may not use the Docker daemon: on most systems the members of the group docker may"
	}
	return "no Docker daemon answers"
}
