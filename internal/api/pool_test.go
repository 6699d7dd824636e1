package api

import (
	"context"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func TestPool(t *testing.T) {
	t.Parallel()
	var workers []models.WorkerReport
	var away error
	a := newTestAPI(t, func(o *Options) {
		o.Workers = func(context.Context) ([]models.WorkerReport, error) { return workers, away }
	})
	admin := "Authorization: Bearer " + a.admin
	a.do("GET", "/v1/pool", "").problem(403, models.CodeForbidden)
	a.do("GET", "/v1/pool", "", "Authorization: ").problem(401, models.CodeUnauthorized)
	if l := decodeAs[openapi.PoolWorkerList](a.do("GET", "/v1/pool", "", admin).want(200)); len(l.Data) != 0 {
		t.Errorf("%+v", l)
	}
	now := time.Now()
	workers = []models.WorkerReport{{Worker: "host/1/x", At: now, Sandbox: "docker",
		Engines: []models.EngineStatus{
			{Name: "phaser", Version: "4.2.1", Sandboxes: models.SandboxCounts{Warm: 1, Running: 2}},
			{Name: "phaser", Version: "3.90.0"},
			{Name: "three", Version: "1", Reason: "its sandboxes do not start"},
		},
		Pool: models.PoolReport{Max: 6, Reaped: 1, Sandboxes: []models.SandboxReport{
			{Engine: "phaser", State: "creating", Since: now}, {Container: "spark-1", Engine: "phaser", Version: "4.2.1", State: "running", Since: now, JobID: "j", AccountID: "a"}},
			Tallies: []models.SandboxTally{{Engine: "phaser", Version: "4.2.1", Warm: 3, Cold: 1, P50: 20 * time.Microsecond, P99: time.Second, Kills: map[string]int{"timeout": 2}},
				{Engine: "three", Version: "1"}}}}}
	l := decodeAs[openapi.PoolWorkerList](a.do("GET", "/v1/pool", "", admin).want(200))
	w := l.Data[0]
	if len(l.Data) != 1 || w.Max != 6 || w.Reaped != 1 || len(w.Engines) != 2 || len(w.Sandboxes) != 2 {
		t.Fatalf("%+v", l)
	}
	if e := w.Engines[0]; e.Pool.Running != 2 || e.WarmAcquires != 3 || e.ColdAcquires != 1 || e.AcquireP50Us != 20 || e.AcquireP99Us != 1e6 || e.Kills["timeout"] != 2 {
		t.Errorf("%+v", e)
	}
	if e := w.Engines[1]; e.Engine != "three" || e.Reason == "" || e.Kills == nil {
		t.Errorf("%+v", e)
	}
	if w.Sandboxes[0].Container != nil || w.Sandboxes[0].JobID != nil || *w.Sandboxes[1].JobID != "j" || *w.Sandboxes[1].AccountID != "a" || *w.Sandboxes[1].Version != "4.2.1" {
		t.Errorf("%+v", w.Sandboxes)
	}
	away = models.NewError(models.CodeUnavailable, "Redis is away")
	a.do("GET", "/v1/pool", "", admin).problem(503, models.CodeUnavailable)
}
