package e2e

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// event is one server-sent event of a job.
type event struct {
	ID   int64
	Type string
	Data struct {
		JobID   string `json:"job_id"`
		Seq     int64
		Type    string
		Attempt int
	}
	raw string
}

func (e event) terminal() bool {
	return e.Type == "succeeded" || e.Type == "failed" || e.Type == "cancelled"
}

// follow reads a job's event stream after the given id until its end, or until enough returns true. The test's context limits
// it.
func (c client) follow(t testing.TB, jobID string, after int64, enough func(event) bool) []event {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+"/v1/jobs/"+jobID+"/events", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+c.key)
	if after > 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	if res.StatusCode == http.StatusNoContent {
		return nil
	}
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
	var all []event
	var e event
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			e.ID, err = strconv.ParseInt(value, 10, 64)
			require.NoError(t, err)
		case "event":
			e.Type = value
		case "data":
			e.raw = value
			require.NoError(t, json.Unmarshal([]byte(value), &e.Data))
		case "":
			if e.ID == 0 {
				continue // the end of the retry line or of a comment
			}
			all = append(all, e)
			if enough != nil && enough(e) {
				return all
			}
			e = event{}
		}
	}
	return all
}

// history is the complete history of a finished job: ids from 1 without gaps, and exactly one terminal event, the last.
func (c client) history(t testing.TB, j job) []event {
	t.Helper()
	all := c.follow(t, j.ID, 0, nil)
	require.NotEmpty(t, all)
	terminal := 0
	for i, e := range all {
		require.EqualValues(t, i+1, e.ID, "ids have no gaps")
		require.Equal(t, e.ID, e.Data.Seq)
		require.Equal(t, e.Type, e.Data.Type)
		require.Equal(t, j.ID, e.Data.JobID)
		if e.terminal() {
			terminal++
		}
	}
	require.Equal(t, 1, terminal, "one terminal event: %+v", all)
	require.Equal(t, j.State, all[len(all)-1].Type)
	return all
}

// oneResult checks that each job of a finished pipeline left exactly one result, a revision for a generation and an artifact for
// the others, and that the job describes it correctly. The project must belong to this pipeline alone.
func (c client) oneResult(t testing.TB, projectID string, p pipeline) {
	t.Helper()
	revisions := read[list[revision]](c.get(t, "/v1/projects/"+projectID+"/revisions").want(200)).Data
	artifacts := read[list[artifact]](c.get(t, "/v1/artifacts?project_id="+projectID).want(200)).Data
	generations := 0
	for _, j := range p.Jobs {
		c.history(t, j)
		if j.Kind == "generation" {
			generations++
			require.Len(t, revisions, generations)
			require.Equal(t, j.Output["revision_id"], revisions[0].ID)
			continue
		}
		made := read[list[artifact]](c.get(t, "/v1/artifacts?job_id="+j.ID).want(200)).Data
		require.Len(t, made, 1, "artifacts of the %s", j.Kind)
		require.Equal(t, j.Output["artifact_id"], made[0].ID)
	}
	require.Len(t, artifacts, len(p.Jobs)-generations)
}
