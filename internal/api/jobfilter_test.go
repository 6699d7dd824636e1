package api

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// Lists and operations find jobs by their metadata, who submitted them, and when they are due and expire.
func TestJobsAreFilteredByWhatTheyHave(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	submit := func(more string) wire.Job {
		return decodeAs[wire.Job](a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`"`+more+`}`).want(202))
	}
	later := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	one := submit(`,"metadata":{"order":"7,1:x","tier":"gold"},"concurrency_key":"a"`)
	two := submit(`,"metadata":{"order":7},"run_at":"` + later + `"`)
	require.NotNil(t, one.Submitter)
	require.Equal(t, models.ActorKey, one.Submitter.Kind)
	require.Nil(t, one.Submitter.UserID)
	key := *one.Submitter.KeyID
	raw := a.do("GET", "/v1/jobs/"+one.ID, "").want(200)
	require.NotContains(t, string(raw.body), "127.0.0.1", "where a request came from is for the audit")

	list := func(query string, more ...string) (ids []string) {
		for _, j := range decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?"+query, "", more...).want(200)).Data {
			ids = append(ids, j.ID)
		}
		return ids
	}
	pairs := func(text string) string { return "metadata=" + url.QueryEscape(text) }
	require.Equal(t, []string{two.ID}, list(pairs("order:7")))
	require.Equal(t, []string{one.ID}, list(pairs(`order:7\,1\:x,tier:gold`)))
	require.Equal(t, []string{one.ID}, list(pairs(`order:7\,1:x`)), "only the first colon ends a key")
	require.Empty(t, list(pairs("order:7,tier:gold")))
	require.Equal(t, []string{one.ID}, list("concurrency_key=a"))
	require.Equal(t, []string{two.ID, one.ID}, list("submitter="+key))
	require.Empty(t, list("submitter="+models.NewID()))
	require.Equal(t, []string{two.ID}, list("run_at_from="+later))
	require.Equal(t, []string{one.ID}, list("run_at_to="+later))
	require.Empty(t, list("expires_at_from=2020-01-01T00:00:00Z"))
	require.Empty(t, list("submitter="+key, "Authorization: Bearer "+a.newKey(a.newAccount(), models.RoleUser)), "of another account")
	for _, bad := range []string{"order", ":7", "a:1,", `a:1\`, "a:1,a:2", "a:1,b:1,c:1,d:1,e:1,f:1", "a:\x00"} {
		a.do("GET", "/v1/jobs?"+pairs(bad), "").problem(400, models.CodeInvalidRequest)
	}
	a.do("GET", "/v1/jobs?submitter=x", "").problem(400, models.CodeInvalidRequest)

	for filter, matched := range map[string]int{`"metadata":{"order":"7"}`: 1, `"metadata":{"tier":"gold","order":"7,1:x"}`: 1, `"submitter":"` + key + `"`: 2,
		`"concurrency_key":"a"`: 1, `"run_at_from":"` + later + `"`: 1, `"expires_at_to":"` + later + `"`: 0} {
		o := decodeAs[openapi.JobOperation](a.do("POST", "/v1/operations", `{"action":"cancel","dry_run":true,"filter":{`+filter+`}}`).want(202))
		a.work()
		done := a.bulkOf(o.ID)
		require.Equal(t, matched, done.Matched, filter)
		raw, err := json.Marshal(done.Filter)
		require.NoError(t, err)
		require.JSONEq(t, "{"+filter+"}", string(raw))
		kept, err := a.store.Operations.Operation(t.Context(), a.account, o.ID)
		require.NoError(t, err)
		var before struct {
			EndUser string `json:"end_user"`
		}
		require.Error(t, json.Unmarshal(kept.Filter, &before), "a program that does not know the field does not take it for a filter of all jobs")
	}
	a.do("POST", "/v1/operations", `{"action":"cancel","filter":{"metadata":{}}}`).problem(400, models.CodeInvalidRequest)
	for pointer, filter := range map[string]string{"/filter/metadata": `"metadata":{"a":"\u0000"}`, "/filter/run_at_to": `"run_at_from":"` + later + `","run_at_to":"` + later + `"`,
		"/filter/submitter": `"submitter":"x"`} {
		got := a.do("POST", "/v1/operations", `{"action":"cancel","filter":{`+filter+`}}`).problem(400, models.CodeInvalidRequest)
		require.Equal(t, pointer, (*got.Errors)[0].Pointer)
	}
}
