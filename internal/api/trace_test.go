package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/api/openapi"
)

func TestJobKeepsTheTraceOfItsRequest(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	body := `{"project_id":"` + p.ID + `","kind":"build"}`
	j := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", body, "traceparent: "+header).want(202))
	require.Equal(t, header, *j.Traceparent)
	require.Equal(t, header, *decodeAs[openapi.Job](a.do("GET", "/v1/jobs/"+j.ID, "").want(200)).Traceparent)
	for _, malformed := range []string{"", "00", header + "x", "00-" + header} {
		require.Nil(t, decodeAs[openapi.Job](a.do("POST", "/v1/jobs", body, "traceparent: "+malformed).want(202)).Traceparent, malformed)
	}
	pipeline := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"project_id":"`+p.ID+`","steps":[{"kind":"build"},{"kind":"build"}]}`,
		"traceparent: "+header).want(202))
	for _, j := range pipeline.Jobs {
		require.Equal(t, header, *j.Traceparent)
	}
}
