package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// Who has stored all that they may can store nothing more, and still delete and read.
func TestStorageIsLimited(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	a.do("PATCH", "/v1/admin/accounts/"+a.account, `{"limits":{"max_storage_mb":1}}`, bearer(a.admin)).want(200)
	a.write(p.ID, "a.js", strings.Repeat("a", 700<<10))
	copied := decodeAs[openapi.Project](a.do("POST", "/v1/projects/"+p.ID+"/duplicate", `{"name":"Copy"}`).want(201))
	count := func() openapi.Quota {
		t.Helper()
		require.NoError(t, a.store.Storage.NoteSince(t.Context(), time.Now().Add(-time.Hour), func(string) bool { return false }))
		quotas := decodeAs[openapi.AccountOverview](a.do("GET", "/v1/account", "").want(200)).Quotas
		require.Len(t, quotas, 1)
		require.Equal(t, "max_storage_mb", quotas[0].Name)
		require.Nil(t, quotas[0].ResetsAt)
		return quotas[0]
	}
	require.Equal(t, int64(0), count().Used)
	a.write(copied.ID, "b.js", strings.Repeat("b", 400<<10))
	full := count()
	require.Equal(t, []int64{1, 1, 0}, []int64{full.Limit, full.Used, full.Left})
	path := "/v1/projects/" + p.ID
	require.Eventually(t, func() bool { return a.do("PUT", path+"/files/c.js", "c", "Content-Type: text/plain").status == 409 }, 5*time.Second, 20*time.Millisecond)
	a.do("PUT", path+"/files/c.js", "c", "Content-Type: text/plain").problem(409, models.CodeStorageExceeded)
	a.do("PUT", path+"/files", `{"files":[{"path":"a.js","text":"1"}]}`).problem(409, models.CodeStorageExceeded)
	a.do("POST", path+"/changes", `{"changes":[{"op":"write","path":"b.js","text":"1"}]}`).problem(409, models.CodeStorageExceeded)
	a.do("POST", "/v1/jobs", `{"kind":"build","project_id":"`+p.ID+`"}`).problem(409, models.CodeStorageExceeded)
	a.do("POST", "/v1/pipelines", `{"project_id":"`+p.ID+`","steps":[{"kind":"generation","input":{"prompt":"a fox"}}]}`).problem(409, models.CodeStorageExceeded)
	a.do("POST", "/v1/jobs", `{"kind":"analytics"}`).want(202)
	a.do("GET", path+"/files/a.js", "").want(200)
	a.do("POST", path+"/changes", `{"changes":[{"op":"move","from":"a.js","path":"d.js"}]}`).want(200)
	a.do("DELETE", "/v1/projects/"+copied.ID, "").want(204)
	other := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"x","engine":"phaser"}`, bearer(a.stranger)).want(201))
	a.do("PUT", "/v1/projects/"+other.ID+"/files/c.js", "c", bearer(a.stranger), "Content-Type: text/plain").want(200)
}
