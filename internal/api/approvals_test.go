package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// asks submits a pipeline that begins with an approval, and returns its id.
func (a *testAPI) asks(project string) string {
	a.t.Helper()
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"approval"},{"kind":"build"}]}`, project)).want(202))
	return made.ID
}

func TestApprovalByAPI(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "index.html", "<p>hello</p>")
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[
		{"kind":"approval","name":"ok","input":{"message":"Publish?","expires_in":60,"fields":{"style":{"type":"enum","values":["dark","light"],"required":true}}}},
		{"kind":"generation","name":"change","input":{"prompt":"make it {{steps.ok.output.style}}, as \\{{steps.ok.output.style}} says"}},
		{"kind":"build","name":"never","after":["ok"],"run_if":{"ok":"rejected"}}]}`, p.ID)).want(202))
	require.Len(t, made.Approvals, 1)
	w := made.Approvals[0]
	require.Equal(t, "ok", w.Step)
	require.Equal(t, "Publish?", w.Message)
	require.Equal(t, 60.0, w.Until.Sub(w.Since).Seconds())
	require.Equal(t, []string{"dark", "light"}, w.Fields["style"].Values)
	path := "/v1/pipelines/" + made.ID
	a.do("POST", path+"/steps/nope/approve", `{}`).problem(404, models.CodeNotFound)
	a.do("POST", path+"/steps/change/approve", `{}`).problem(404, models.CodeNotFound)
	a.do("POST", path+"/steps/ok/approve", `{}`, bearer(a.stranger)).problem(404, models.CodeNotFound)
	for body, pointer := range map[string]string{`{}`: "/data/style", `{"data":{"style":"pink"}}`: "/data/style", `{"data":{"style":"dark","x":1}}`: "/data/x"} {
		got := a.do("POST", path+"/steps/ok/approve", body)
		got.problem(400, models.CodeInvalidRequest)
		require.Contains(t, string(got.body), pointer)
	}
	a.do("POST", path+"/steps/ok/reject", `{"data":{"style":"dark"}}`).problem(400, models.CodeInvalidRequest)

	// A page decides with a token of the pipeline, and can do nothing elsewhere.
	other := a.asks(p.ID)
	read := bearer(a.token(fmt.Sprintf(`{"access":"read","pipeline_id":%q}`, made.ID)))
	edit := bearer(a.token(fmt.Sprintf(`{"access":"edit","pipeline_id":%q,"end_user":"fox"}`, made.ID)))
	a.do("POST", path+"/steps/ok/approve", `{"data":{"style":"dark"}}`, read).problem(403, models.CodeForbidden)
	a.do("POST", "/v1/pipelines/"+other+"/steps/approval/approve", `{}`, edit).problem(404, models.CodeNotFound)
	a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"build"}`, p.ID), edit).problem(403, models.CodeForbidden)
	a.do("POST", path+"/steps/ok/approve", `{"data":{"style":"dark"},"end_user":"wolf"}`, edit).problem(400, models.CodeInvalidRequest)
	done := decodeAs[openapi.Pipeline](a.do("POST", path+"/steps/ok/approve", `{"comment":"yes","data":{"style":"dark"}}`, edit).want(200))
	require.Empty(t, done.Approvals)
	var out models.ApprovalOutput
	require.NoError(t, json.Unmarshal(done.Jobs[0].Output, &out))
	require.Equal(t, models.Approved, out.Decision)
	require.Equal(t, "fox", out.By.EndUser)
	require.True(t, out.By.Token)
	require.NotEmpty(t, out.By.KeyID)
	require.JSONEq(t, `{"prompt":"make it dark, as {{steps.ok.output.style}} says"}`, string(done.Jobs[1].Input))
	require.Equal(t, models.CodeSkipped, done.Jobs[2].Error.Code)
	a.do("POST", path+"/steps/ok/reject", `{}`).problem(409, models.CodeApprovalDecided)

	// Everybody who follows the pipeline is told.
	events := string(a.do("GET", "/v1/jobs/"+done.Jobs[0].ID+"/history", "").want(200).body)
	require.Contains(t, events, `"approval_requested"`)
	require.Contains(t, events, `"end_user":"fox"`)
}

// Twins who approve and reject over HTTP: one holds.
func TestTwinsDecideOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "index.html", "<p>hello</p>")
	path := "/v1/pipelines/" + a.asks(p.ID) + "/steps/approval/"
	var all sync.WaitGroup
	status := make([]int, 6)
	for i := range status {
		all.Go(func() { status[i] = a.do("POST", path+[]string{"approve", "reject"}[i%2], `{}`).status })
	}
	all.Wait()
	won := 0
	for _, s := range status {
		if s == http.StatusOK {
			won++
		} else {
			require.Equal(t, http.StatusConflict, s)
		}
	}
	require.Equal(t, 1, won)
}

func TestApprovalsThatCannotBe(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	for steps, pointer := range map[string]string{
		`{"kind":"approval","input":{"expires_in":2592001}}`:                                                   "/steps/0/input/expires_in",
		`{"kind":"approval","input":{"on_expiry":"wait"}}`:                                                     "/steps/0/input/on_expiry",
		`{"kind":"approval","input":{"on_expiry":"approve","fields":{"a":{"type":"string","required":true}}}}`: "/steps/0/input/on_expiry",
		`{"kind":"approval","input":{"fields":{"comment":{"type":"string"}}}}`:                                 "/steps/0/input/fields/comment",
		`{"kind":"approval","input":{"fields":{"A":{"type":"string"}}}}`:                                       "/steps/0/input/fields/A",
		`{"kind":"approval","input":{"fields":{"a":{"type":"enum"}}}}`:                                         "/steps/0/input/fields/a/values",
		`{"kind":"approval"},{"kind":"generation","input":{"prompt":"{{steps.approval.output.style}}"}}`:       "/steps/1/input/prompt",
		`{"kind":"approval"},{"kind":"build","run_if":{"nope":"failed"}}`:                                      "/steps/1/run_if/nope",
		`{"kind":"approval"},{"kind":"build","run_if":{"approval":"never"}}`:                                   "/steps/1/run_if/approval",
		`{"kind":"build"},{"kind":"build","run_if":{"build":"rejected"}}`:                                      "/steps/1/run_if/build",
		`{"kind":"approval"},{"kind":"build"},{"kind":"build","run_if":{"approval":"failed"}}`:                 "/steps/2/run_if/approval",
		`{"kind":"generation","input":{"prompt":"a literal {{steps. in a prompt"}}`:                            "/steps/0/input/prompt",
		`{"kind":"approval","input":{"approvers":["\u0000"]}}`:                                                 "/steps/0/input/approvers/0",
		`{"kind":"approval","input":{"fields":{"a":{"type":"number","default":"x"}}}}`:                         "/steps/0/input/fields/a/default",
	} {
		got := a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[%s]}`, p.ID, steps))
		require.Equal(t, http.StatusBadRequest, got.status, "%s: %s", steps, got.body)
		require.Contains(t, string(got.body), pointer, steps)
	}
	a.do("POST", "/v1/jobs", fmt.Sprintf(`{"project_id":%q,"kind":"approval"}`, p.ID)).want(400)
	// What is escaped is text at once if nothing else is to be replaced.
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"generation","input":{"prompt":"a literal \\{{steps. in a prompt"}}]}`, p.ID)).want(202))
	require.JSONEq(t, `{"prompt":"a literal {{steps. in a prompt"}`, string(made.Jobs[0].Input))
	a.do("POST", "/v1/jobs/"+made.Jobs[0].ID+"/cancel", "").want(202)
	require.JSONEq(t, `{"prompt":"a literal {{steps. in a prompt"}`, string(decodeAs[openapi.Job](a.do("POST", "/v1/jobs/"+made.Jobs[0].ID+"/retry", "").want(202)).Input))
}
