package fleet

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Engines reports which engines a platform has.
type Engines struct {
	Registry *Registry
	Known    *engines.Registry // of this process
	Log      *zap.Logger

	isolation atomic.Pointer[models.BuildIsolation]
}

// Status is every version of every engine that this process or a worker knows, with the workers' reports merged.
func (e *Engines) Status(ctx context.Context) []models.EngineStatus {
	reports, err := e.Registry.Reports(ctx)
	if err != nil && ctx.Err() == nil {
		e.Log.Warn("reading the workers' reports failed", zap.Error(err))
	}
	var own []models.EngineStatus
	for _, known := range e.Known.List() {
		own = append(own, e.Known.Describe(known))
	}
	return mergeEngines(own, reports)
}

// mergeEngines merges the workers' reports. An engine is available if at least one of them can build with it.
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
			known.Sandboxes = known.Sandboxes.Add(e.Sandboxes)
			known.Image = cmp.Or(known.Image, e.Image)
			if e.Available {
				known.Isolation, known.Notice = weaker(known.Isolation, e.Isolation), cmp.Or(known.Notice, e.Notice)
			}
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
