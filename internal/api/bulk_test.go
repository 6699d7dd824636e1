package api

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func (a *testAPI) bulk() *jobs.Bulk {
	return &jobs.Bulk{Service: a.jobs, Store: a.store.Operations, Every: 10 * time.Millisecond, Log: zap.NewNop(), Observer: telemetry.NewScheduler(prometheus.NewRegistry())}
}

// work does all that operations are to do.
func (a *testAPI) work() {
	a.t.Helper()
	b := a.bulk()
	for more := true; more; {
		var err error
		more, err = b.Once(a.t.Context())
		require.NoError(a.t, err)
	}
}

func (a *testAPI) bulkOf(id string) openapi.JobOperation {
	a.t.Helper()
	return decodeAs[openapi.JobOperation](a.do("GET", "/v1/operations/"+id, "").want(200))
}

func TestOperations(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	build := `{"kind":"build","project_id":"` + p.ID + `","end_user":"fox"}`
	var ids []string
	for range 3 {
		ids = append(ids, decodeAs[openapi.BuildJob](a.do("POST", "/v1/jobs", build).want(202)).ID)
	}
	other := a.submit(models.KindBuild)
	filter := `"filter":{"project_id":"` + p.ID + `","end_user":"fox","kind":"build","state":"queued","created_from":"2020-01-01T00:00:00Z"}`

	dry := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","dry_run":true,`+filter+`}`).want(202))
	created := a.do("POST", "/v1/operations", `{"action":"cancel",`+filter+`}`).want(202)
	made := decodeAs[openapi.JobOperation](created)
	path := "/v1/operations/" + made.ID
	require.Equal(t, path, created.header.Get("Location"))
	require.Equal(t, []any{models.OperationRunning, false, "fox"}, []any{made.State, made.Counted, *made.Filter.EndUser})
	require.Equal(t, made, a.bulkOf(made.ID))
	a.work()
	counted := a.bulkOf(dry.ID)
	require.Equal(t, []any{models.OperationDone, 3, 0}, []any{counted.State, counted.Matched, counted.Done})
	done := a.bulkOf(made.ID)
	require.Equal(t, []any{models.OperationDone, 3, 3, 0, 0}, []any{done.State, done.Matched, done.Done, done.Skipped, done.Failed})
	require.NotNil(t, done.FinishedAt)
	for _, id := range ids {
		require.Equal(t, models.StateCancelled, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+id, "").want(200)).State)
	}
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+other.ID, "").want(200)).State)

	// Whoever waits is told, with the schedulers' loop beside.
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); a.bulk().Run(ctx) }()
	again := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"retry","filter":{"error_code":"cancelled"}}`, "Prefer: wait=60").want(200))
	stop()
	<-ended
	require.Equal(t, []any{models.OperationDone, 3}, []any{again.State, again.Done})
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+ids[0], "").want(200)).State)
	a.do("POST", "/v1/operations/"+again.ID+"/cancel", "").problem(409, models.CodeConflict)

	list := func(query string) (ids []string) {
		for _, o := range decodeAs[openapi.JobOperationList](a.do("GET", "/v1/operations?"+query, "").want(200)).Data {
			ids = append(ids, o.ID)
		}
		return ids
	}
	require.Equal(t, []string{again.ID, made.ID, dry.ID}, list(""))
	require.Equal(t, []string{made.ID, dry.ID}, list("project_id="+p.ID))

	// Another account's do not exist, and neither do its jobs.
	stranger := bearer(a.stranger)
	a.do("GET", path, "", stranger).problem(404, models.CodeNotFound)
	a.do("POST", path+"/cancel", "", stranger).problem(404, models.CodeNotFound)
	theirs := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","filter":{"project_id":"`+p.ID+`"}}`, stranger).want(202))
	everything := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`, stranger).want(202))
	a.work()
	for _, id := range []string{theirs.ID, everything.ID} {
		require.Zero(t, decodeAs[openapi.JobOperation](a.do("GET", "/v1/operations/"+id, "", stranger).want(200)).Matched)
	}
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+ids[0], "").want(200)).State)

	// Stopped before it began.
	stopped := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`).want(202))
	a.do("POST", "/v1/operations/"+stopped.ID+"/cancel", "").want(200)
	a.work()
	require.Equal(t, models.OperationCancelled, a.bulkOf(stopped.ID).State)
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+ids[0], "").want(200)).State)
}

func TestOperationsAreChecked(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	for body, pointer := range map[string]string{
		`{"action":"cancel"}`:                                      "/filter",
		`{"action":"cancel","filter":{}}`:                          "/filter",
		`{"action":"cancel","all":false}`:                          "/filter",
		`{"action":"cancel","all":true,"filter":{"kind":"build"}}`: "/all",
		`{"action":"delete","all":true}`:                           "/action",
		`{"action":"cancel","filter":{"state":"failed"}}`:          "/filter/state",
		`{"action":"retry","filter":{"state":"queued"}}`:           "/filter/state",
		`{"action":"retry","filter":{"project_id":"x"}}`:           "/filter/project_id",
		`{"action":"retry","filter":{"pipeline_id":"x"}}`:          "/filter/pipeline_id",
		`{"action":"retry","filter":{"end_user":""}}`:              "/filter/end_user",
		`{"action":"retry","filter":{"created_from":"2026-01-02T00:00:00Z","created_to":"2026-01-01T00:00:00Z"}}`:           "/filter/created_to",
		`{"action":"retry","filter":{"states":["failed"]}}`:                                                                 "/filter/states",
		fmt.Sprintf(`{"action":"retry","filter":{"kind":"build"},"filters":{"project_id":%q},"all":false}`, models.NewID()): "/filters",
	} {
		got := a.do("POST", "/v1/operations", body).problem(400, models.CodeInvalidRequest)
		require.Equal(t, pointer, (*got.Errors)[0].Pointer, body)
	}
	a.do("POST", "/v1/operations", `{"action":"cancel","filter":{"kind":"dance"}}`).want(400)
	for range jobs.MaxOperations {
		a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`).want(202)
	}
	a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`).problem(409, models.CodeLimitReached)
	require.Empty(t, decodeAs[openapi.JobOperationList](a.do("GET", "/v1/operations", "", bearer(a.stranger)).want(200)).Data)
}

// A key of a project reaches the jobs of that alone, whatever it asks for; a page reaches none.
func TestOperationsOfRestrictedCallers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here, there := a.newPlace(), a.newPlace()
	key := bearer(decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", fmt.Sprintf(`{"name":"one project","project_id":%q}`, here.project), bearer(a.admin)).want(201)).Key)
	a.do("POST", "/v1/operations", fmt.Sprintf(`{"action":"cancel","filter":{"project_id":%q}}`, there.project), key).problem(403, models.CodeForbidden)
	wide := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","all":true,"dry_run":true}`).want(202))
	mine := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`, key).want(202))
	require.Equal(t, here.project, *mine.Filter.ProjectID)
	a.work()
	require.Equal(t, models.StateCancelled, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+here.job, "").want(200)).State)
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+there.job, "").want(200)).State)
	a.do("GET", "/v1/operations/"+wide.ID, "", key).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/operations/"+wide.ID+"/cancel", "", key).problem(404, models.CodeNotFound)
	all := decodeAs[openapi.JobOperationList](a.do("GET", "/v1/operations", "", key).want(200)).Data
	require.Len(t, all, 1)
	require.Equal(t, 1, all[0].Done)

	for _, body := range []string{`{"access":"edit","project_id":%q}`, `{"access":"read","project_id":%q}`} {
		token := bearer(a.token(fmt.Sprintf(body, here.project)))
		a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`, token).problem(403, models.CodeForbidden)
		a.do("GET", "/v1/operations", "", token).problem(403, models.CodeForbidden)
		a.do("GET", "/v1/operations/"+mine.ID, "", token).problem(403, models.CodeForbidden)
	}
	viewer := bearer(decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","scopes":["jobs:read"]}`, bearer(a.admin)).want(201)).Key)
	a.do("POST", "/v1/operations", `{"action":"cancel","all":true}`, viewer).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/operations", "", viewer).want(200)
}
