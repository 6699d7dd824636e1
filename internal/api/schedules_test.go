package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// schedule is one that submits a build of a project.
func schedule(project string) string {
	return `{"name":"Nightly","cron":"30 2 * * *","time_zone":"Europe/Berlin","job":{"kind":"build","project_id":"` + project + `"}}`
}

func TestSchedules(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	created := a.do("POST", "/v1/schedules", schedule(p.ID)).want(201)
	made := decodeAs[openapi.Schedule](created)
	path := "/v1/schedules/" + made.ID
	require.Equal(t, path, created.header.Get("Location"))
	require.JSONEq(t, `{"kind":"build","project_id":"`+p.ID+`"}`, string(made.Job))
	require.JSONEq(t, "null", string(made.Pipeline))
	require.Equal(t, []any{"Nightly", p.ID, models.ConcurrencySkip, models.MisfireSkip, false}, []any{made.Name, *made.ProjectID, made.Overlap, made.Misfire, made.Paused})
	require.Len(t, made.NextRuns, 5)
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	require.Equal(t, "02:30", made.NextRuns[3].In(zone).Format("15:04"))
	require.Equal(t, made, decodeAs[openapi.Schedule](a.do("GET", path, "").want(200)))

	other := decodeAs[openapi.Schedule](a.do("POST", "/v1/schedules", `{"name":"Both","cron":"@hourly","overlap":"queue","misfire":"once","paused":true,
		"pipeline":{"project_id":"`+a.newProject().ID+`","end_user":"fox","metadata":{"a":1},"steps":[{"kind":"build"},{"kind":"export"}]}}`).want(201))
	require.JSONEq(t, "null", string(other.Job))
	require.Equal(t, []any{true, "requested", 0}, []any{other.Paused, *other.PauseReason, len(other.NextRuns)})
	ids := func(query string) (ids []string) {
		for _, s := range decodeAs[openapi.ScheduleList](a.do("GET", "/v1/schedules?"+query, "").want(200)).Data {
			ids = append(ids, s.ID)
		}
		return ids
	}
	require.Equal(t, []string{other.ID, made.ID}, ids(""))
	require.Equal(t, []string{made.ID}, ids("project_id="+p.ID))

	changed := decodeAs[openapi.Schedule](a.do("PATCH", path, `{"name":"Weekly","cron":"@weekly","time_zone":"UTC","paused":true}`).want(200))
	require.Equal(t, []any{"Weekly", "@weekly", true}, []any{changed.Name, changed.Cron, changed.Paused})
	resumed := decodeAs[openapi.Schedule](a.do("PATCH", path, `{"paused":false}`).want(200))
	require.Nil(t, resumed.PauseReason)
	require.Equal(t, time.Sunday, resumed.NextRuns[0].Weekday())

	// Run now, twice: the second overlaps.
	run := decodeAs[openapi.Firing](a.do("POST", path+"/run", "").want(202))
	require.Equal(t, models.FiringSubmitted, run.Outcome)
	require.True(t, run.Manual)
	job := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+*run.JobID, "").want(200))
	require.Equal(t, "schedule "+made.ID, *job.ConcurrencyKey)
	a.do("POST", path+"/run", "").problem(409, models.CodeKeyHeld)
	ran := decodeAs[openapi.Firing](a.do("POST", "/v1/schedules/"+other.ID+"/run", "").want(202))
	require.Equal(t, "fox", *decodeAs[openapi.Pipeline](a.do("GET", "/v1/pipelines/"+*ran.PipelineID, "").want(200)).EndUser)
	require.Equal(t, []openapi.Firing{run}, decodeAs[openapi.FiringList](a.do("GET", path+"/firings", "").want(200)).Data)

	for _, foreign := range []struct{ method, path, body string }{
		{"GET", path, ""}, {"PATCH", path, `{"paused":true}`}, {"DELETE", path, ""}, {"POST", path + "/run", ""}, {"GET", path + "/firings", ""},
	} {
		a.do(foreign.method, foreign.path, foreign.body, bearer(a.stranger)).problem(404, models.CodeNotFound)
	}
	a.do("POST", "/v1/schedules", schedule(p.ID), bearer(a.stranger)).problem(404, models.CodeNotFound)
	a.do("PATCH", path, `{"job":{"kind":"build","project_id":"`+models.NewID()+`"}}`).problem(404, models.CodeNotFound)
	a.do("DELETE", path, "").want(204)
	a.do("DELETE", path, "").problem(404, models.CodeNotFound)
	a.do("GET", "/v1/jobs/"+job.ID, "").want(200) // stays
}

func TestSchedulesAreChecked(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject().ID
	build := `"job":{"kind":"build","project_id":"` + p + `"}`
	for body, pointer := range map[string]string{
		`{"name":" ","cron":"@daily",` + build + `}`:                                                                                     "/name",
		`{"name":"x","cron":"* * * *",` + build + `}`:                                                                                    "/cron",
		`{"name":"x","cron":"TZ=UTC * * * * *",` + build + `}`:                                                                           "/cron",
		`{"name":"x","cron":"0 0 30 2 *",` + build + `}`:                                                                                 "/cron",
		`{"name":"x","cron":"@daily","time_zone":"Mars/Base",` + build + `}`:                                                             "/time_zone",
		`{"name":"x","cron":"@daily"}`:                                                                                                   "/job",
		`{"name":"x","cron":"@daily",` + build + `,"pipeline":{"project_id":"` + p + `","steps":[{"kind":"build"}]}}`:                    "/job",
		`{"name":"x","cron":"@daily","job":{"kind":"build","project_id":"` + p + `","run_at":"2030-01-01T00:00:00Z"}}`:                   "/job/run_at",
		`{"name":"x","cron":"@daily","job":{"kind":"build","project_id":"` + p + `","expires_at":"2030-01-01T00:00:00Z"}}`:               "/job/expires_at",
		`{"name":"x","cron":"@daily","job":{"kind":"build","project_id":"` + p + `","concurrency_key":"k","concurrency_policy":"skip"}}`: "/job/concurrency_policy",
		`{"name":"x","cron":"@daily","job":{"kind":"generation","project_id":"` + p + `","input":{"prompt":""}}}`:                        "/job/input/prompt",
		`{"name":"x","cron":"@daily","pipeline":{"project_id":"` + p + `","steps":[{"kind":"build","after":["y"]}]}}`:                    "/pipeline/steps/0/after/0",
		`{"name":"x","cron":"@daily","overlap":"both",` + build + `}`:                                                                    "/overlap",
	} {
		got := a.do("POST", "/v1/schedules", body).problem(400, models.CodeInvalidRequest)
		require.Equal(t, pointer, (*got.Errors)[0].Pointer, body)
	}
	// A limit of their number, and of how close their times are.
	admin := bearer(a.admin)
	a.do("PATCH", "/v1/admin/accounts/"+a.account, `{"limits":{"max_schedules":1,"min_schedule_seconds":900}}`, admin).want(200)
	require.Eventually(t, func() bool {
		return a.do("POST", "/v1/schedules", `{"name":"x","cron":"*/14 * * * *",`+build+`}`).status == 400
	}, 5*time.Second, 10*time.Millisecond)
	for range 3 { // those that were made before the limit was known count
		a.do("POST", "/v1/schedules", `{"name":"x","cron":"*/15 * * * *",`+build+`}`)
	}
	full := a.do("POST", "/v1/schedules", `{"name":"x","cron":"@daily",`+build+`}`).problem(409, models.CodeLimitReached)
	require.Contains(t, full.Detail, "max_schedules")

	// Who may not submit jobs may not have them submitted.
	key := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/admin/accounts/"+a.account+"/keys", `{"name":"x","role":"user","scopes":["schedules:write","schedules:read"]}`, admin).want(201)).Key
	a.do("POST", "/v1/schedules", schedule(p), bearer(key)).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/schedules", "", bearer(key)).want(200)
}

func TestSchedulePreview(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	got := decodeAs[openapi.ScheduleRuns](a.do("POST", "/v1/schedules/preview", `{"cron":"30 2 * * *","time_zone":"Europe/Berlin","from":"2027-03-27T00:00:00Z"}`).want(200))
	texts := make([]string, len(got.NextRuns))
	for i, at := range got.NextRuns {
		texts[i] = at.UTC().Format(time.RFC3339)
	}
	require.Equal(t, "2027-03-27T01:30:00Z 2027-03-28T01:00:00Z 2027-03-29T00:30:00Z 2027-03-30T00:30:00Z 2027-03-31T00:30:00Z", strings.Join(texts, " "))
	for field, body := range map[string]string{"/cron": `{"cron":"x"}`, "/time_zone": `{"cron":"@daily","time_zone":"x"}`, "/from": `{"cron":"@daily","from":"0002-01-01T00:00:00Z"}`} {
		require.Equal(t, field, (*a.do("POST", "/v1/schedules/preview", body).problem(400, models.CodeInvalidRequest).Errors)[0].Pointer)
	}
	require.Len(t, decodeAs[openapi.ScheduleRuns](a.do("POST", "/v1/schedules/preview", fmt.Sprintf(`{"cron":%q}`, "@hourly")).want(200)).NextRuns, 5)
}
