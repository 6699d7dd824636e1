package e2e

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Limits of an account hold for the whole platform: one job of an end user at a time, and no more than so many that wait.
func TestLimitsOfAnAccount(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"), "SPARK_MAX_RUNNING_PER_END_USER=1", "SPARK_MAX_RUNNING=2", "SPARK_MAX_WAITING=10")
	p := d.newProject(t, "Limits", "phaser")
	var accepted []string
	later := map[string]any{"project_id": p.ID, "kind": "build", "run_at": time.Now().Add(time.Hour)}
	for range 4 {
		accepted = append(accepted, read[job](d.do(t, "POST", "/v1/jobs", later).want(202)).ID)
	}
	// A pipeline is accepted as a whole or not at all.
	steps := slices.Repeat([]step{{"kind": "build"}}, 7)
	refused := d.do(t, "POST", "/v1/pipelines", map[string]any{"project_id": p.ID, "steps": steps}).want(429)
	require.Equal(t, "backlog_full", read[problem](refused).Code)
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	for _, id := range accepted {
		d.do(t, "POST", "/v1/jobs/"+id+"/cancel", nil).want(202)
	}

	// At most two run at a time, of which one is of each end user.
	var all []job
	for i := range 8 {
		body := map[string]any{"project_id": p.ID, "kind": "generation", "input": map[string]any{"prompt": "a fox", "from_scratch": true},
			"end_user": []string{"a", "b"}[i%2]}
		waitFor(t, jobWithin, "a place", func() (any, bool) {
			a := d.do(t, "POST", "/v1/jobs", body)
			if a.status == 202 {
				all = append(all, read[job](a))
			}
			return a.status, a.status == 202
		})
	}
	var ended []job
	for _, j := range all {
		end := d.end(t, j.ID, jobWithin)
		require.Equal(t, "succeeded", end.State, "%+v", end.Error)
		ended = append(ended, end)
	}
	for i, j := range ended {
		for k, other := range ended {
			if i != k && i%2 == k%2 {
				require.False(t, j.StartedAt.Before(*other.FinishedAt) && other.StartedAt.Before(*j.FinishedAt), "two of one end user ran at a time")
			}
		}
	}
}
