package platform

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// GetPool answers GET /v1/pool.
func (a *Area) GetPool(ctx context.Context, _ openapi.GetPoolRequestObject) (openapi.GetPoolResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	reports, err := a.Workers(ctx)
	if err != nil {
		return nil, err
	}
	data := make([]openapi.PoolWorker, len(reports))
	for i := range reports {
		data[i] = showWorker(&reports[i])
	}
	return openapi.GetPool200JSONResponse{Data: data}, nil
}

func showWorker(r *models.WorkerReport) openapi.PoolWorker {
	w := openapi.PoolWorker{Worker: r.Worker, At: r.At.UTC(), Sandbox: r.Sandbox, Isolation: r.Isolation, Max: r.Pool.Max, Reaped: r.Pool.Reaped,
		Engines: []openapi.PoolEngine{}, Sandboxes: []openapi.PoolSandbox{}}
	type version struct{ name, version string }
	tallies := make(map[version]models.SandboxTally)
	for _, t := range r.Pool.Tallies {
		tallies[version{t.Engine, t.Version}] = t
	}
	for _, e := range r.Engines {
		t, busy := tallies[version{e.Name, e.Version}]
		if !busy && e.Sandboxes == (models.SandboxCounts{}) {
			continue // nothing was ever built with it
		}
		shown := openapi.PoolEngine{Engine: e.Name, Version: e.Version, Pool: showSandboxes(e.Sandboxes), WarmAcquires: t.Warm, ColdAcquires: t.Cold,
			AcquireP50Us: t.P50.Microseconds(), AcquireP99Us: t.P99.Microseconds(), Kills: t.Kills, Reason: e.Reason}
		if shown.Kills == nil {
			shown.Kills = map[string]int{}
		}
		w.Engines = append(w.Engines, shown)
	}
	for _, b := range r.Pool.Sandboxes {
		w.Sandboxes = append(w.Sandboxes, openapi.PoolSandbox{Container: kernel.OrNull(b.Container), Engine: b.Engine, Version: kernel.OrNull(b.Version),
			State: b.State,
			Since: b.Since.UTC(), JobID: kernel.OrNull(b.JobID), AccountID: kernel.OrNull(b.AccountID)})
	}
	return w
}
