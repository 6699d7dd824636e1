package api

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// A request that waits is answered as soon as its job has ended, and a repetition of it like any other submission.
func TestPreferWait(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	body := `{"kind":"build","project_id":"` + p.ID + `","metadata":{"scene":7}}`
	answered := make(chan answer)
	go func() { answered <- a.do("POST", "/v1/jobs", body, "Prefer: respond-async, wait=60", idempotent("k")) }()
	var job *models.Job
	eventually(t, func() bool {
		all, err := a.store.Jobs.ListJobs(t.Context(), a.account, models.JobFilter{}, models.Page{Limit: 1})
		if err != nil || len(all) == 0 {
			return false
		}
		job = &all[0]
		return true
	})
	eventually(t, func() bool { // a repetition does not wait for the first to be answered
		return a.do("POST", "/v1/jobs", body, "Prefer: respond-async, wait=60", idempotent("k")).header.Get("Idempotent-Replayed") == "true"
	})
	a.claim(job).succeed()
	first := (<-answered).want(200)
	require.Equal(t, models.StateSucceeded, decodeAs[openapi.Job](first).State)
	again := a.do("POST", "/v1/jobs", body, "Prefer: respond-async, wait=60", idempotent("k")).want(202)
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](again).State)
	require.Equal(t, "/v1/jobs/"+job.ID, again.header.Get("Location"))
	require.JSONEq(t, `{"scene":7}`, string(decodeAs[openapi.Job](again).Metadata))
	a.do("GET", "/v1/jobs/"+job.ID, "", "Prefer: wait=60").want(200)

	waits := a.submit(models.KindBuild)
	began := time.Now()
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+waits.ID, "", "Prefer: wait=1").want(200)).State)
	require.GreaterOrEqual(t, time.Since(began), time.Second)
	require.Equal(t, "wait=1", a.do("GET", "/v1/jobs/"+job.ID, "", `Prefer: handling=strict, Wait="1"; x=y`).want(200).header.Get("Preference-Applied"))
	require.Empty(t, a.do("GET", "/v1/jobs/"+job.ID, "", "Prefer: handling=strict").want(200).header.Get("Preference-Applied"))
	a.do("POST", "/v1/jobs", body, "Prefer: wait=0").want(202)
	for _, bad := range []string{"wait=61", "wait=x", "wait=-1", "wait"} {
		a.do("POST", "/v1/jobs", body, "Prefer: "+bad).problem(400, models.CodeInvalidRequest)
	}
}

func TestMetadataIsASmallObject(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	for _, bad := range []string{`7`, `"x"`, `[]`, fmt.Sprintf(`{"a":%q}`, strings.Repeat("x", 4096))} {
		r := a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`","metadata":`+bad+`}`).problem(400, models.CodeInvalidRequest)
		require.Contains(t, (*r.Errors)[0].Pointer, "/metadata", bad)
	}
}

func TestJobsAreFilteredByTimeAndError(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	before := time.Now().Add(-time.Second)
	a.claim(a.submit(models.KindBuild)).fail()
	a.submit(models.KindBuild)
	count := func(query string) int {
		return len(decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?"+query, "").want(200)).Data)
	}
	failed := decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?state=failed", "").want(200)).Data
	require.Len(t, failed, 1)
	require.Equal(t, 1, count("error_code="+string(failed[0].Error.Code)))
	require.Equal(t, 0, count("error_code=timeout"))
	at := func(t time.Time) string { return url.QueryEscape(t.Format(time.RFC3339Nano)) }
	require.Equal(t, 2, count("created_from="+at(before)))
	require.Equal(t, 0, count("created_to="+at(before)))
	require.Equal(t, 0, count("created_from="+at(time.Now().Add(time.Minute))))
}

// One call from a prompt to a game: the pipeline makes its project.
func TestPipelineMakesItsProject(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	steps := `"steps":[{"kind":"generation","input":{"prompt":"a fox"}},{"kind":"build"}]`
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"new_project":{"name":"Fox","engine":"phaser","labels":{"a":"b"}},`+steps+`}`).want(202))
	p := decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+made.ProjectID, "").want(200))
	require.Equal(t, []any{"Fox", models.Labels{"a": "b"}}, []any{p.Name, p.Labels})
	for body, at := range map[string]string{
		`{` + steps + `}`: "/project_id",
		`{"project_id":"` + p.ID + `","new_project":{"name":"Fox","engine":"phaser"},` + steps + `}`: "/new_project",
		`{"new_project":{"name":"Fox","engine":"doom"},` + steps + `}`:                               "/new_project/engine",
		`{"new_project":{"engine":"phaser"},` + steps + `}`:                                          "/new_project/name",
	} {
		r := a.do("POST", "/v1/pipelines", body)
		require.Equal(t, 400, r.status, body)
		require.Equal(t, at, (*decodeAs[openapi.Problem](r).Errors)[0].Pointer, body)
	}
	require.Len(t, a.names(""), 1)
	some := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","scopes":["jobs:write"]}`,
		bearer(a.newKey(a.account, models.RoleOwner))).want(201))
	a.do("POST", "/v1/pipelines", `{"new_project":{"name":"Fox","engine":"phaser"},`+steps+`}`, bearer(some.Key)).problem(403, models.CodeForbidden)
}

// Without an event stream, events are listed, and waited for.
func TestEventsAreListedAndAwaited(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	w := a.claim(a.submit(models.KindBuild))
	path := "/v1/jobs/" + w.job.ID + "/history"
	list := func(query string) openapi.JobEventList {
		return decodeAs[openapi.JobEventList](a.do("GET", path+query, "").want(200))
	}
	require.Len(t, list("").Data, 2)
	first := list("?limit=1")
	require.True(t, first.HasMore)
	require.Equal(t, int64(1), first.Data[0].Seq)
	require.Empty(t, list("?after=2").Data)

	answered := make(chan openapi.JobEventList)
	go func() { answered <- list("?after=2&wait=60") }()
	w.progress(0.5)
	require.Equal(t, models.EventProgress, (<-answered).Data[0].Type)
	w.succeed()
	require.Len(t, list("?after=3&wait=60").Data, 1)
	began := time.Now()
	require.Empty(t, list("?after=4&wait=60").Data, "nothing can follow")
	require.Less(t, time.Since(began), 30*time.Second)
	for _, bad := range []string{"?after=-1", "?wait=61", "?wait=-1", "?limit=0", "?after=x"} {
		a.do("GET", path+bad, "").problem(400, models.CodeInvalidRequest)
	}
	a.do("GET", path, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
}
