package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// An owner erases an end user: what waits is cancelled, what runs is asked to stop, and the rest is erased; again until all is.
func TestEndUserIsErasedByOwners(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	owner := bearer(a.newKey(a.account, models.RoleOwner))
	p := a.newProject()
	submit := func() string {
		return decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`","end_user":"fox","metadata":{"a":"b"}}`).want(202)).ID
	}
	waits, runs := submit(), submit()
	job, err := a.store.Jobs.Job(t.Context(), a.account, runs)
	require.NoError(t, err)
	attempt := a.claim(job)
	const path, body = "/v1/end-users/erase", `{"end_user":"fox"}`
	a.do("POST", path, body).problem(403, models.CodeForbidden)
	a.do("POST", path, `{"end_user":""}`, owner).problem(400, models.CodeInvalidRequest)
	a.do("POST", path, `{}`, owner).problem(400, models.CodeInvalidRequest)
	first := decodeAs[openapi.ErasedEndUser](a.do("POST", path, body, owner).want(200))
	require.False(t, first.Complete)
	require.Equal(t, 1, first.OpenJobs)
	attempt.fail()
	again := decodeAs[openapi.ErasedEndUser](a.do("POST", path, body, owner).want(200))
	require.True(t, again.Complete)
	require.Equal(t, 2, first.Jobs+again.Jobs)
	for _, id := range []string{waits, runs} {
		shown := decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+id, "").want(200))
		require.Nil(t, shown.EndUser)
	}
	require.Empty(t, decodeAs[openapi.JobList](a.do("GET", "/v1/jobs?end_user=fox", "").want(200)).Data)
}
