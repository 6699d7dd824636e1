package api

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestPipelineAsAWhole(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "index.html", "<p>hello</p>")
	body := fmt.Sprintf(`{"project_id":%q,"metadata":{"chat":7},"end_user":"fox","steps":[{"kind":"build","name":"one"},
		{"kind":"build","name":"two","input":{"revision_id":"{{steps.one.output.revision_id}}"}}]}`, p.ID)
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", body).want(202))
	require.Equal(t, models.StateQueued, made.State)
	require.Equal(t, map[string]any{"chat": 7.0}, *made.Metadata)
	require.Equal(t, "fox", *made.EndUser)
	require.Equal(t, "two", *made.Jobs[1].Step)
	path := "/v1/pipelines/" + made.ID

	list := decodeAs[openapi.PipelineList](a.do("GET", "/v1/pipelines?end_user=fox&project_id="+p.ID, "").want(200))
	require.Len(t, list.Data, 1)
	require.Equal(t, map[string]int{"queued": 1, "blocked": 1}, list.Data[0].Jobs)
	require.Equal(t, made.Metadata, list.Data[0].Metadata)
	require.Empty(t, decodeAs[openapi.PipelineList](a.do("GET", "/v1/pipelines", "", bearer(a.stranger)).want(200)).Data)

	// Whoever waits for it gets it when its last job ends.
	waited := make(chan answer)
	go func() { waited <- a.do("GET", path, "", "Prefer: wait=60") }()
	revision := a.write(p.ID, "index.html", "<p>2</p>").ID
	for i := range made.Jobs {
		job, err := a.store.Jobs.Job(t.Context(), a.account, made.Jobs[i].ID)
		require.NoError(t, err)
		a.claim(job).finish(jobs.Outcome{Verdict: jobs.Succeeded, Result: &jobs.Result{Output: models.JSON(`{"revision_id":"` + revision + `","mode":"preview","engine":"phaser"}`)}})
	}
	ended := decodeAs[openapi.Pipeline]((<-waited).want(200))
	require.Equal(t, models.StateSucceeded, ended.State)
	require.JSONEq(t, `{"revision_id":"`+revision+`"}`, string(ended.Jobs[1].Input))
	a.do("POST", path+"/cancel", "").problem(409, models.CodeConflict)
	a.do("POST", path+"/retry", "").problem(409, models.CodeConflict)
}

func TestPipelineIsCancelledAndRetried(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.write(p.ID, "index.html", "<p>hello</p>")
	made := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"build"},{"kind":"export"}]}`, p.ID)).want(202))
	path := "/v1/pipelines/" + made.ID
	for _, action := range []string{"/cancel", "/retry"} {
		a.do("POST", path+action, "", bearer(a.stranger)).problem(404, models.CodeNotFound)
	}
	cancelled := decodeAs[openapi.Pipeline](a.do("POST", path+"/cancel", "").want(202))
	require.Equal(t, models.StateCancelled, cancelled.State)
	require.Equal(t, models.StateCancelled, decodeAs[openapi.Pipeline](a.do("POST", path+"/cancel", "").want(202)).State)
	retried := decodeAs[openapi.Pipeline](a.do("POST", path+"/retry", "").want(202))
	require.Equal(t, models.StateQueued, retried.State)
	require.Equal(t, models.StateBlocked, retried.Jobs[1].State)
}

func TestReferencesThatCannotBe(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	stored := a.stored()
	before := stored()
	got := a.do("POST", "/v1/pipelines", fmt.Sprintf(`{"project_id":%q,"steps":[{"kind":"build"},{"kind":"build","input":{"revision_id":"{{steps.nope.output.revision_id}}"}}]}`, p.ID))
	require.Equal(t, http.StatusBadRequest, got.status)
	require.Contains(t, string(got.body), "/steps/1/input/revision_id")
	require.Equal(t, before, stored())
}

// A reference may name every field that the document says the output of a kind has.
func TestReferencesNameOutputs(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Load()
	require.NoError(t, err)
	for kind, schema := range map[models.Kind]string{models.KindGeneration: "GenerationOutput", models.KindBuild: "BuildOutput",
		models.KindExport: "ExportOutput", models.KindAnalytics: "AnalyticsOutput", models.KindApproval: "ApprovalOutput"} {
		var fields []string
		for name := range doc.Spec.Components.Schemas[schema].Value.Properties {
			fields = append(fields, name)
		}
		require.ElementsMatch(t, fields, jobs.OutputFields(kind), kind)
	}
}
