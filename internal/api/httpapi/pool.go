package httpapi

import (
	"context"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// GetPool answers GET /v1/pool: to admins, since it names the jobs of all accounts.
func (s *server) GetPool(ctx context.Context, _ GetPoolRequestObject) (GetPoolResponseObject, error) {
	if err := adminsOnly(ctx); err != nil {
		return nil, err
	}
	ctx, _ = caller(ctx)
	reports, err := s.Workers(ctx)
	if err != nil {
		return nil, err
	}
	data := make([]PoolWorker, len(reports))
	for i := range reports {
		data[i] = showWorker(&reports[i])
	}
	return GetPool200JSONResponse{Data: data}, nil
}

// adminsOnly refuses keys that are not an admin's.
func adminsOnly(ctx context.Context) error {
	if c, ok := ctx.(*gin.Context); ok {
		ctx = c.Request.Context()
	}
	if id, _ := auth.From(ctx); id.Role != models.RoleAdmin {
		return models.NewError(models.CodeForbidden, "this is for admins: it shows the jobs of all accounts")
	}
	return nil
}

func showWorker(r *models.WorkerReport) PoolWorker {
	w := PoolWorker{Worker: r.Worker, At: r.At.UTC(), Sandbox: r.Sandbox, Max: r.Pool.Max, Reaped: r.Pool.Reaped,
		Engines: []PoolEngine{}, Boxes: []PoolBox{}}
	type version struct{ name, version string }
	tallies := make(map[version]models.BoxTally)
	for _, t := range r.Pool.Tallies {
		tallies[version{t.Engine, t.Version}] = t
	}
	for _, e := range r.Engines {
		t, busy := tallies[version{e.Name, e.Version}]
		if !busy && e.Boxes == (models.BoxCounts{}) {
			continue // nothing was ever built with it
		}
		shown := PoolEngine{Engine: e.Name, Version: e.Version, Pool: showBoxes(e.Boxes), WarmAcquires: t.Warm, ColdAcquires: t.Cold,
			AcquireP50Us: t.P50.Microseconds(), AcquireP99Us: t.P99.Microseconds(), Kills: t.Kills, Reason: e.Reason}
		if shown.Kills == nil {
			shown.Kills = map[string]int{}
		}
		w.Engines = append(w.Engines, shown)
	}
	for _, b := range r.Pool.Boxes {
		w.Boxes = append(w.Boxes, PoolBox{Container: orNull(b.Container), Engine: b.Engine, Version: orNull(b.Version), State: b.State,
			Since: b.Since.UTC(), JobID: orNull(b.JobID), AccountID: orNull(b.AccountID)})
	}
	return w
}
