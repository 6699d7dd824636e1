package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestSubmitJob(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	r := a.do("POST", "/v1/jobs", `{"project_id":"`+p.ID+`","kind":"generation","priority":"critical","input":{"prompt":"a fox","seed":7}}`).want(202)
	j := decodeAs[openapi.Job](r)
	if r.header.Get("Location") != "/v1/jobs/"+j.ID || j.State != "queued" || j.Priority != "critical" || *j.ProjectID != p.ID ||
		string(j.Input) != `{"prompt":"a fox","seed":7}` {
		t.Fatalf("%s", r.body)
	}
	for _, field := range []string{"output", "error", "started_at", "finished_at", "pipeline_id"} {
		if !strings.Contains(string(r.body), `"`+field+`":null`) {
			t.Errorf("%s is not null in %s", field, r.body)
		}
	}
	if got := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+j.ID, "").want(200)); got.ID != j.ID {
		t.Fatalf("%+v", got)
	}
	if c := decodeAs[openapi.Job](a.do("POST", "/v1/jobs/"+j.ID+"/cancel", "").want(202)); c.State != "cancelled" {
		t.Fatalf("%+v", c)
	}
	if got := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+j.ID, "").want(200)); got.State != "cancelled" || got.FinishedAt == nil {
		t.Fatalf("%+v", got)
	}
}

func TestFailedJobSaysWhy(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	j := a.submit(models.KindBuild)
	a.claim(j).finish(jobs.Outcome{Verdict: jobs.Failed, Err: models.NewError(models.CodeCompileFailed, "1 error"), LogTail: "main.js:3\xff",
		Result: &jobs.Result{Output: models.JSON(`{"revision_id":"r","mode":"preview","engine":"phaser","diagnostics":[]}`)}})
	got := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+j.ID, "").want(200))
	if got.Error == nil || *got.Error != (openapi.JobError{Code: "compile_failed", Message: "1 error", LogTail: "main.js:3\uFFFD"}) ||
		string(got.Output) != `{"revision_id":"r","mode":"preview","engine":"phaser","diagnostics":[]}` || got.FinishedAt == nil {
		t.Errorf("%+v", got)
	}
	if r := decodeAs[openapi.Job](a.do("POST", "/v1/jobs/"+j.ID+"/retry", "").want(202)); r.State != "queued" {
		t.Errorf("%+v", r)
	}
	if got := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+j.ID, "").want(200)); got.State != "queued" || got.Error != nil || got.FinishedAt != nil {
		t.Errorf("%+v", got)
	}
}

func TestSubmitPipeline(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	r := a.do("POST", "/v1/pipelines", `{"project_id":"`+p.ID+`","steps":[{"kind":"generation","input":{"prompt":"…","seed":7}},`+
		`{"kind":"build","input":{"mode":"release"}},{"kind":"export","input":null},{"kind":"build","name":"p","after":[],"on_dependency_failure":"run"}]}`).want(202)
	pipeline := decodeAs[openapi.Pipeline](r)
	var states []string
	for _, j := range pipeline.Jobs {
		states = append(states, string(j.Kind)+" "+string(j.State))
		if *j.PipelineID != pipeline.ID {
			t.Errorf("%+v", j)
		}
	}
	if got := strings.Join(states, ", "); got != "generation queued, build blocked, export blocked, build queued" {
		t.Error(got)
	}
	if r.header.Get("Location") != "/v1/pipelines/"+pipeline.ID {
		t.Error(r.header)
	}
	again := decodeAs[openapi.Pipeline](a.do("GET", "/v1/pipelines/"+pipeline.ID, "").want(200))
	if len(again.Jobs) != 4 {
		t.Errorf("%+v", again)
	}
	a.do("GET", "/v1/pipelines/"+pipeline.ID, "", "Authorization: Bearer "+a.stranger).problem(404, models.CodeNotFound)
}

// askedUsages remembers what was asked for.
type askedUsages struct {
	platform.Usages
	last *models.UsageFilter
}

func (u askedUsages) Usage(ctx context.Context, account string, f models.UsageFilter) ([]models.Usage, error) {
	*u.last = f
	return u.Usages.Usage(ctx, account, f)
}

func TestUsageAndEngines(t *testing.T) {
	t.Parallel()
	var ask models.UsageFilter
	a := newTestAPI(t, func(o *Options) { o.Usages = askedUsages{o.Usages, &ask} })
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	bucket := func(kind models.Kind, period models.Period, start time.Time, n int64) models.Usage {
		return models.Usage{AccountID: a.account, Kind: kind, Period: period, Start: start, Jobs: n}
	}
	if err := a.store.Usage.SaveUsage(t.Context(), []models.Usage{
		bucket(models.KindBuild, models.PeriodHour, day, 3),
		bucket(models.KindBuild, models.PeriodHour, day.Add(-time.Hour), 4),
		bucket(models.KindBuild, models.PeriodHour, day.AddDate(0, 0, 1), 5),
		bucket(models.KindExport, models.PeriodHour, day, 6),
		bucket(models.KindBuild, models.PeriodDay, day, 7),
		{AccountID: a.account, EndUser: "ann", Kind: models.KindBuild, Period: models.PeriodDay, Start: day, Jobs: 2},
	}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	l := decodeAs[openapi.UsageList](a.do("GET", "/v1/usage?period=hour&kind=build&from=2026-01-01T00:00:00Z&to=2026-01-02T01:00:00%2B01:00", "").want(200))
	if len(l.Data) != 1 || l.Data[0].Jobs != 3 || !ask.From.Equal(day) || !ask.To.Equal(day.AddDate(0, 0, 1)) || ask.Kind != "build" {
		t.Errorf("%+v %+v", l, ask)
	}
	l = decodeAs[openapi.UsageList](a.do("GET", "/v1/usage?end_user=ann&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", "").want(200))
	if len(l.Data) != 1 || l.Data[0].Jobs != 2 || *l.Data[0].EndUser != "ann" || l.Data[0].Period != models.PeriodDay {
		t.Errorf("%+v", l)
	}
	a.do("GET", "/v1/usage?end_user=ann&period=hour", "").want(400)
	a.do("GET", "/v1/usage", "").want(200)
	if ask.Period != models.PeriodDay || ask.To.Sub(ask.From) != 30*24*time.Hour || ask.To.Before(time.Now()) {
		t.Errorf("%+v", ask)
	}
	engines := decodeAs[openapi.EngineList](a.do("GET", "/v1/engines", "").want(200))
	if len(engines.Data) != 3 || !engines.Data[0].Available || !engines.Data[0].Default || *engines.Data[0].Image != "sha256:1" ||
		engines.Data[0].Pool != (openapi.PoolCounts{Warm: 2, Waiting: 1}) || engines.Data[1].Default || engines.Data[1].Image != nil ||
		engines.Data[2].Reason != "not here" || engines.Data[2].Outputs == nil {
		t.Errorf("%+v", engines)
	}
}

func TestProjectKeepsItsEnginesVersion(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	pinned := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser","engine_version":"3.90.0"}`).want(201))
	if pinned.EngineVersion == nil || *pinned.EngineVersion != "3.90.0" {
		t.Errorf("%+v", pinned)
	}
	if got := decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+pinned.ID, "").want(200)); *got.EngineVersion != "3.90.0" {
		t.Errorf("%+v", got)
	}
	for _, body := range []string{`{"name":"Fox","engine":"phaser"}`, `{"name":"Fox","engine":"phaser","engine_version":""}`} {
		if p := decodeAs[openapi.Project](a.do("POST", "/v1/projects", body).want(201)); p.EngineVersion != nil {
			t.Errorf("%s: %+v", body, p)
		}
	}
	p := a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser","engine_version":"5"}`).problem(400, models.CodeUnknownVersion)
	if !strings.Contains(p.Detail, "4.2.1, 3.90.0") || p.Errors == nil || (*p.Errors)[0].Pointer != "/engine_version" {
		t.Errorf("%+v", p)
	}
	p = a.do("POST", "/v1/projects", `{"name":"Fox","engine":"doom","engine_version":"4.2.1"}`).problem(400, models.CodeUnknownEngine)
	if !strings.HasSuffix(p.Detail, ": phaser, three") {
		t.Errorf("%+v", p)
	}
}
