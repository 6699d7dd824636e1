package api

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/inbound"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// An account that has as many streams open as it may, and then all accounts together, are told to come back later, whichever stream they open.
func TestStreamsAreLimited(t *testing.T) {
	t.Parallel()
	seats := &inbound.Seats{Total: 3, PerAccount: 2}
	a := newTestAPI(t, func(o *Options) { o.Seats = seats })
	j := a.submit(models.KindBuild)
	pipeline := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"project_id":"`+j.ProjectID+`","steps":[{"kind":"build"}]}`).want(202))
	open := func(path string, headers ...string) (stop func()) {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		head, line := a.stream(ctx, path, headers...)
		require.Equal(t, 200, head.status)
		waitFor(t, line, "retry: ")
		return cancel
	}
	mine, theirs := "/v1/jobs/"+j.ID+"/events", "X-API-Key: "+a.stranger
	first := open(mine)
	open("/v1/events")
	for _, path := range []string{mine, "/v1/events", "/v1/projects/" + j.ProjectID + "/events", "/v1/pipelines/" + pipeline.ID + "/events",
		"/v1/jobs/" + j.ID + "/history?after=100&wait=30"} {
		refused := a.do("GET", path, "")
		refused.problem(503, models.CodeUnavailable)
		require.Equal(t, "5", refused.header.Get("Retry-After"), path)
	}
	a.do("GET", "/v1/jobs/"+j.ID+"/history", "").want(200)
	a.do("HEAD", mine, "").want(503)
	began := time.Now()
	a.do("POST", "/v1/jobs", `{"kind":"analytics"}`, "Prefer: wait=60").want(202)
	require.Less(t, time.Since(began), 30*time.Second, "the wait is a preference")

	open("/v1/events", theirs)
	a.do("GET", "/v1/events", "", "Authorization: Bearer "+a.stranger).problem(503, models.CodeUnavailable)
	first() // makes room for whoever comes next
	require.Eventually(t, func() bool {
		leave, ok := seats.Take(a.account)
		if ok {
			leave()
		}
		return ok
	}, 10*time.Second, 10*time.Millisecond)
	open("/v1/events", theirs)
}
