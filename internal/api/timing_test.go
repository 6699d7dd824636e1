package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// soon is a time in so many hours, as a JSON string.
func soon(hours int) string {
	return `"` + time.Now().Add(time.Duration(hours)*time.Hour).UTC().Format(time.RFC3339) + `"`
}

func TestTimingIsChecked(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	for fields, want := range map[string]string{
		`"run_at":"tomorrow"`:                                       "/run_at must be a time",
		`"run_at":5`:                                                "/run_at must be a string",
		`"run_at":` + soon(24*400):                                  "/run_at a job is due within a year",
		`"expires_at":` + soon(-1):                                  "/expires_at a job expires in the future",
		`"run_at":` + soon(3) + `,"expires_at":` + soon(2):          "/expires_at a job expires in the future, and after it is due",
		`"expires_at":` + soon(24*400):                              "/expires_at a job expires within a year",
		`"concurrency_key":""`:                                      "/concurrency_key at least 1 characters",
		`"concurrency_key":"a\u0007b"`:                              "/concurrency_key a key is 1 to 128 printable characters",
		`"concurrency_key":"` + strings.Repeat("ä", 129) + `"`:      "/concurrency_key at most 128 characters",
		`"concurrency_key":"k","concurrency_policy":"last"`:         "/concurrency_policy must be queue, replace or skip",
		`"concurrency_policy":"skip"`:                               "/concurrency_policy a policy needs a concurrency_key",
		`"concurrency_key":"` + strings.Repeat("ä", 128) + `"`:      "",
		`"run_at":` + soon(-24*5000) + `,"expires_at":` + soon(1):   "",
		`"run_at":` + soon(24*365) + `,"concurrency_key":"k · 1/2"`: "",
	} {
		for path, body := range map[string]string{
			"/v1/jobs":      fmt.Sprintf(`{"project_id":%q,"kind":"build",%s}`, p.ID, fields),
			"/v1/pipelines": fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"build"}],%s}`, p.ID, fields),
		} {
			if want == "" {
				a.do("POST", path, body).want(202)
				continue
			}
			r := a.do("POST", path, body).want(400)
			problem := decodeAs[openapi.Problem](r)
			require.NotNil(t, problem.Errors, "%s", r.body)
			require.Contains(t, (*problem.Errors)[0].Pointer+" "+(*problem.Errors)[0].Detail, want, fields)
		}
	}
}

func TestScheduledJobShowsItsTimes(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	j := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"project_id":"`+p.ID+`","kind":"build","run_at":`+soon(2)+`,"expires_at":`+soon(3)+`}`).want(202))
	require.Equal(t, models.StateQueued, j.State)
	require.WithinDuration(t, time.Now().Add(2*time.Hour), j.RunAt, time.Minute)
	require.WithinDuration(t, time.Now().Add(3*time.Hour), *j.ExpiresAt, time.Minute)
	require.Nil(t, j.ConcurrencyKey)
	got := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+j.ID, "").want(200))
	require.Equal(t, j.RunAt, got.RunAt)
	require.Equal(t, j.ExpiresAt, got.ExpiresAt)
}

func TestConcurrencyKeys(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	job := func(policy string) string {
		return `{"project_id":"` + p.ID + `","kind":"build","concurrency_key":"preview","concurrency_policy":"` + policy + `"}`
	}
	pipeline := func(policy string) string {
		return `{"project_id":"` + p.ID + `","steps":[{"kind":"build","input":{"mode":"release"}},{"kind":"export"}],"concurrency_key":"preview","concurrency_policy":"` + policy + `"}`
	}
	first := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", job("queue")).want(202))
	require.Equal(t, "preview", *first.ConcurrencyKey)
	require.Equal(t, first.ID, decodeAs[openapi.Job](a.do("POST", "/v1/jobs", job("skip")).want(200)).ID)
	held := decodeAs[openapi.Problem](a.do("POST", "/v1/pipelines", pipeline("skip")).want(409))
	require.Equal(t, models.CodeKeyHeld, held.Code)
	require.Contains(t, held.Detail, first.ID)

	second := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", pipeline("replace")).want(202))
	require.Equal(t, models.StateCancelled, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+first.ID, "").want(200)).State)
	require.Equal(t, models.StateQueued, second.Jobs[0].State)
	require.Equal(t, second.ID, decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", pipeline("skip")).want(200)).ID)
	require.Equal(t, second.Jobs[0].ID, decodeAs[openapi.Job](a.do("POST", "/v1/jobs", job("skip")).want(200)).ID)
	third := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", job("queue")).want(202))
	require.Equal(t, models.StateBlocked, third.State)

	running := a.claim(&models.Job{ID: second.Jobs[0].ID, AccountID: a.account, Kind: models.KindBuild, Priority: models.PriorityDefault})
	running.finish(jobs.Outcome{Verdict: jobs.Succeeded, InTurn: true})
	require.Equal(t, second.Jobs[1].ID, decodeAs[openapi.Job](a.do("POST", "/v1/jobs", job("skip")).want(200)).ID)
	a.do("POST", "/v1/jobs/"+second.Jobs[1].ID+"/cancel", "").want(202)
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+third.ID, "").want(200)).State)
}

func TestEndUsers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	submit := func(path, fields string) answer {
		if path == "/v1/jobs" {
			return a.do("POST", path, `{"project_id":"`+p.ID+`","kind":"build"`+fields+`}`)
		}
		return a.do("POST", path, `{"project_id":"`+p.ID+`","steps":[{"kind":"build"},{"kind":"build"}]`+fields+`}`)
	}
	for _, path := range []string{"/v1/jobs", "/v1/pipelines"} {
		for _, id := range []string{`""`, `"a\u0000b"`, `"` + strings.Repeat("x", 129) + `"`, `7`} {
			problem := decodeAs[openapi.Problem](submit(path, `,"end_user":`+id).want(400))
			require.Equal(t, "/end_user", (*problem.Errors)[0].Pointer, id)
		}
	}
	one := decodeAs[openapi.Job](submit("/v1/jobs", `,"end_user":"user 1 ☺"`).want(202))
	require.Equal(t, "user 1 ☺", *one.EndUser)
	two := decodeAs[openapi.Pipeline](submit("/v1/pipelines", `,"end_user":"user 2"`).want(202))
	require.Nil(t, decodeAs[openapi.Job](submit("/v1/jobs", "").want(202)).EndUser)
	list := decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?end_user=user+1+%E2%98%BA", "").want(200))
	require.Len(t, list.Data, 1)
	require.Equal(t, one.ID, list.Data[0].ID)
	list = decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?end_user=user+2", "").want(200))
	require.Len(t, list.Data, 2)
	require.Equal(t, two.Jobs[1].ID, list.Data[0].ID)
	require.Empty(t, decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?end_user=nobody", "").want(200)).Data)
}
