package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// token makes a browser token with the account's key.
func (a *testAPI) token(body string) string {
	a.t.Helper()
	made := decodeAs[openapi.Token](a.do("POST", "/v1/tokens", body).want(201))
	require.True(a.t, strings.HasPrefix(made.Token, "sparkt_"))
	return made.Token
}

// place is a project with a job in a pipeline, and an artifact of another job of the project.
type place struct{ project, pipeline, job, artifact string }

func (a *testAPI) newPlace() place {
	a.t.Helper()
	p := a.newProject()
	a.write(p.ID, "index.html", "<p>hello</p>")
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"build"}]}`, p.ID)).want(202))
	return place{p.ID, made.ID, made.Jobs[0].ID, ""}
}

// Every operation is tried by callers that are restricted to a place, once with another place's resources: it has to declare what it is about,
// or is refused.
func TestEveryOperationKnowsItsPlace(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here, there := a.newPlace(), a.newPlace()
	made := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", fmt.Sprintf(`{"name":"one project","project_id":%q}`, here.project), bearer(a.admin)).want(201))
	require.Equal(t, here.project, *made.ProjectID)
	for name, credential := range map[string]string{
		"a key of a project":    made.Key,
		"a token of a project":  a.token(fmt.Sprintf(`{"access":"edit","project_id":%q}`, here.project)),
		"a token of a pipeline": a.token(fmt.Sprintf(`{"access":"read","pipeline_id":%q}`, here.pipeline)),
		"a token of a job":      a.token(fmt.Sprintf(`{"access":"read","job_id":%q}`, here.job)),
	} {
		stored := a.stored()
		before := stored()
		for _, op := range a.doc.Operations() {
			if op.Scope == auth.ScopePublic {
				continue
			}
			path := pathWith(op, there.project)
			switch op.About.Path {
			case models.ResourceJob:
				path = pathWith(op, there.job)
			case models.ResourcePipeline:
				path = pathWith(op, there.pipeline)
			}
			body := ""
			if op.About.Body {
				body = fmt.Sprintf(`{"project_id":%q,"kind":"build"}`, there.project)
				if op.ID == "submitPipeline" {
					body = fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"build"}]}`, there.project)
				}
			}
			if op.About.Query {
				path += "?project_id=" + there.project
			}
			got := a.do(op.Method, path, body, bearer(credential))
			switch {
			case op.About.Query && got.status == 200: // of its own place, since it has no project
				require.NotContains(t, string(got.body), there.project, "%s: %s", name, op.ID)
			case got.status != http.StatusForbidden && got.status != http.StatusNotFound && got.status != http.StatusBadRequest:
				t.Errorf("%s %s with %s: %d", op.Method, op.Path, name, got.status)
			}
		}
		require.Equal(t, before, stored(), name)
	}
}

func TestTokensWorkAtTheirPlace(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here := a.newPlace()
	there := a.newPlace()
	read := bearer(a.token(fmt.Sprintf(`{"access":"read","project_id":%q}`, here.project)))
	a.do("GET", "/v1/projects/"+here.project, "", read).want(200)
	a.do("GET", "/v1/projects/"+here.project+"/files/index.html", "", read).want(200)
	a.do("PUT", "/v1/projects/"+here.project+"/files/index.html", "x", read).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/jobs/"+here.job+"/cancel", "", read).problem(403, models.CodeForbidden)
	a.do("GET", "/v1/jobs/"+here.job, "", read).want(200)
	a.do("GET", "/v1/jobs/"+there.job, "", read).problem(404, models.CodeNotFound)
	list := decodeAs[openapi.JobList](a.do("GET", "/v1/jobs", "", read).want(200))
	require.Len(t, list.Data, 1)
	require.Equal(t, here.job, list.Data[0].ID)

	pipeline := bearer(a.token(fmt.Sprintf(`{"access":"read","pipeline_id":%q}`, here.pipeline)))
	a.do("GET", "/v1/pipelines/"+here.pipeline, "", pipeline).want(200)
	a.do("GET", "/v1/jobs/"+here.job, "", pipeline).want(200)
	a.do("GET", "/v1/projects/"+here.project, "", pipeline).problem(404, models.CodeNotFound)
	job := bearer(a.token(fmt.Sprintf(`{"access":"read","job_id":%q}`, here.job)))
	a.do("GET", "/v1/jobs/"+here.job+"/history", "", job).want(200)
	a.do("GET", "/v1/pipelines/"+here.pipeline, "", job).problem(404, models.CodeNotFound)
	a.do("GET", "/v1/jobs", "", job).problem(403, models.CodeForbidden)

	edit := bearer(a.token(fmt.Sprintf(`{"access":"edit","project_id":%q,"end_user":"fox"}`, here.project)))
	a.do("PUT", "/v1/projects/"+here.project+"/files/index.html", "x", edit, "If-Match: *").want(200)
	submitted := decodeAs[openapi.BuildJob](a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build"}`, here.project), edit).want(202))
	require.Equal(t, "fox", *submitted.EndUser)
	a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build","end_user":"wolf"}`, here.project), edit).problem(400, models.CodeInvalidRequest)
	a.do("DELETE", "/v1/projects/"+here.project, "", edit).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/tokens", fmt.Sprintf(`{"access":"read","project_id":%q}`, here.project), edit).problem(403, models.CodeForbidden)
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here := a.newPlace()
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	for body, code := range map[string]models.Code{
		`{"access":"read"}`: models.CodeInvalidRequest,
		fmt.Sprintf(`{"access":"read","project_id":%q,"job_id":%q}`, here.project, here.job): models.CodeInvalidRequest,
		fmt.Sprintf(`{"access":"edit","job_id":%q}`, here.job):                               models.CodeInvalidRequest,
		fmt.Sprintf(`{"access":"all","job_id":%q}`, here.job):                                models.CodeInvalidRequest,
		fmt.Sprintf(`{"access":"read","job_id":%q,"expires_in":3601}`, here.job):             models.CodeInvalidRequest,
		fmt.Sprintf(`{"access":"read","job_id":%q}`, models.NewID()):                         models.CodeNotFound,
		fmt.Sprintf(`{"access":"read","job_id":%q}`, here.project):                           models.CodeNotFound,
	} {
		status := 400
		if code == models.CodeNotFound {
			status = 404
		}
		a.do("POST", "/v1/tokens", body, owner).problem(status, code)
	}
	a.do("POST", "/v1/tokens", fmt.Sprintf(`{"access":"read","job_id":%q}`, here.job), bearer(a.stranger)).problem(404, models.CodeNotFound)
	few := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"x","scopes":["jobs:read","tokens:write"]}`, owner).want(201))
	a.do("POST", "/v1/tokens", fmt.Sprintf(`{"access":"read","job_id":%q}`, here.job), bearer(few.Key)).problem(403, models.CodeForbidden)

	token := a.token(fmt.Sprintf(`{"access":"read","job_id":%q}`, here.job))
	for _, changed := range []string{token[:len(token)-1], token + "A", strings.Replace(token, ".", "A.", 1), "sparkt_", "sparkt_.", token[:20],
		strings.Split(token, ".")[0] + "." + strings.Repeat("A", 43)} {
		a.do("GET", "/v1/jobs/"+here.job, "", bearer(changed)).problem(401, models.CodeUnauthorized)
	}
	// A query takes tokens only, and only that of a stream.
	a.do("GET", "/v1/jobs/"+here.job+"/events?token="+a.key, "", "Authorization: ").problem(401, models.CodeUnauthorized)
	a.do("GET", "/v1/jobs/"+here.job+"?token="+token, "", "Authorization: ").problem(401, models.CodeUnauthorized)
}

// A token ends with its key, and so do the streams that it opened.
func TestTokensEndWithTheirKey(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here := a.newPlace()
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	key := decodeAs[openapi.KeyWithText](a.do("POST", "/v1/keys", `{"name":"the app's server"}`, owner).want(201))
	made := decodeAs[openapi.Token](a.do("POST", "/v1/tokens", fmt.Sprintf(`{"access":"read","pipeline_id":%q}`, here.pipeline), bearer(key.Key)).want(201))
	require.WithinDuration(t, time.Now().Add(15*time.Minute), made.ExpiresAt, time.Minute)
	head, line := a.stream(t.Context(), "/v1/pipelines/"+here.pipeline+"/events?token="+made.Token, "X-API-Key: ")
	require.Equal(t, 200, head.status)
	a.do("DELETE", "/v1/keys/"+key.ID, "", owner).want(204)
	for open := true; open; {
		_, open = line()
	}
	require.Eventually(t, func() bool {
		return a.do("GET", "/v1/pipelines/"+here.pipeline, "", bearer(made.Token)).status == http.StatusUnauthorized
	}, 10*time.Second, 50*time.Millisecond)
	for _, entry := range a.logs.All() {
		require.NotContains(t, fmt.Sprint(entry.ContextMap()), made.Token)
	}
}

// The stream of a pipeline begins with its first event, and ends with it.
func TestStreamOfAPipeline(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here := a.newPlace()
	path := "/v1/pipelines/" + here.pipeline + "/events"
	a.sequence()
	_, line := a.stream(t.Context(), path)
	got, _ := events(t, line, 1)
	require.Equal(t, []string{"1 queued"}, got)
	job, err := a.store.Jobs.Job(t.Context(), a.account, here.job)
	require.NoError(t, err)
	w := a.claim(job)
	a.submit(models.KindBuild) // of another project
	w.succeed()
	a.sequence()
	got, last := events(t, line, 2)
	require.Equal(t, []string{"2 started", "3 succeeded"}, got)
	waitFor(t, line, "event: end")
	require.Contains(t, waitFor(t, line, "data: "), here.pipeline)
	for open := true; open; {
		_, open = line()
	}
	a.do("GET", path+"?last_event_id="+last, "").want(204)
	_, line = a.stream(t.Context(), path, "Last-Event-ID: 1")
	got, _ = events(t, line, 2)
	require.Equal(t, []string{"2 started", "3 succeeded"}, got)
	waitFor(t, line, "event: end")
	a.do("GET", path, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
}

// A concurrency key of a caller that is restricted to a project does not meet those of others: it neither shows nor ends their jobs.
func TestTokensCompeteInTheirPlace(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	here, there := a.newPlace(), a.newPlace()
	theirs := decodeAs[openapi.BuildJob](a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build","concurrency_key":"k"}`, there.project)).want(202))
	edit := bearer(a.token(fmt.Sprintf(`{"access":"edit","project_id":%q}`, here.project)))
	submit := func(policy string) answer {
		return a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build","concurrency_key":"k","concurrency_policy":%q}`, here.project, policy), edit)
	}
	own := decodeAs[openapi.BuildJob](submit("skip").want(202))
	require.NotEqual(t, theirs.ID, own.ID)
	require.Equal(t, own.ID, decodeAs[openapi.BuildJob](submit("skip").want(200)).ID)
	submit("replace").want(202)
	require.Equal(t, models.StateCancelled, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+own.ID, "").want(200)).State)
	require.Equal(t, models.StateQueued, decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+theirs.ID, "").want(200)).State)
	a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"concurrency_key":%q,"steps":[{"kind":"build"}]}`, here.project, strings.Repeat("x", 81)), edit).
		problem(400, models.CodeInvalidRequest)
	a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"analytics"}`, here.project), edit).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build","end_user":"fox"}`, here.project), edit).problem(400, models.CodeInvalidRequest)

	// Nor do its idempotency keys.
	body := fmt.Sprintf(`{"project_id":%q,"kind":"build"}`, here.project)
	first := decodeAs[openapi.BuildJob](a.do("POST", "/v1/jobs", body, edit, idempotent("order-1")).want(202))
	second := decodeAs[openapi.BuildJob](a.do("POST", "/v1/jobs", body, idempotent("order-1")).want(202))
	require.NotEqual(t, first.ID, second.ID)
}
