package e2e

import (
	"maps"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// timed submits a job with more fields than its kind and input.
func (c client) timed(t testing.TB, projectID, kind string, fields map[string]any) job {
	t.Helper()
	body := map[string]any{"project_id": projectID, "kind": kind}
	maps.Copy(body, fields)
	return read[job](c.do(t, "POST", "/v1/jobs", body).want(202))
}

// Keystrokes that come faster than builds: the last one is built, and no two are at a time.
func TestOnlyTheLastKeystrokeIsBuilt(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"))
	p := d.newProject(t, "Typing", "phaser")
	require.Equal(t, "succeeded", d.end(t, d.prompt(t, p.ID, "a fox jumps over logs").ID, jobWithin).State)
	var all []job
	for range 30 {
		all = append(all, d.timed(t, p.ID, "build", map[string]any{"input": map[string]any{"mode": "preview"},
			"concurrency_key": "preview of " + p.ID, "concurrency_policy": "replace"}))
	}
	var before time.Time // when the one before had ended
	for i, j := range all {
		end := d.end(t, j.ID, jobWithin)
		if i == len(all)-1 {
			require.Equal(t, "succeeded", end.State, "%+v", end.Error)
		}
		require.Contains(t, []string{"succeeded", "cancelled"}, end.State)
		if end.StartedAt != nil {
			require.False(t, end.StartedAt.Before(before), "it ran beside another")
		}
		before = *end.FinishedAt
	}
}

func TestJobsRunInTheirTime(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"))
	p := d.newProject(t, "Later", "phaser")
	due := time.Now().Add(3 * time.Second)
	later := d.timed(t, p.ID, "generation", map[string]any{"input": map[string]any{"prompt": "a fox"}, "run_at": due})
	late := d.timed(t, p.ID, "build", map[string]any{"run_at": due.Add(time.Hour), "expires_at": due.Add(2 * time.Hour)})
	// It waits for the one that runs later, and has expired by then.
	key := map[string]any{"concurrency_key": "one", "run_at": due}
	d.timed(t, p.ID, "build", key)
	key["expires_at"] = due.Add(time.Millisecond)
	delete(key, "run_at")
	expired := d.end(t, d.timed(t, p.ID, "build", key).ID, jobWithin)
	require.Equal(t, "failed", expired.State)
	require.Equal(t, "expired", expired.Error.Code)
	require.Nil(t, expired.StartedAt)

	end := d.end(t, later.ID, jobWithin)
	require.Equal(t, "succeeded", end.State, "%+v", end.Error)
	require.False(t, end.StartedAt.Before(due.Truncate(time.Millisecond)))
	require.Equal(t, "queued", read[job](d.get(t, "/v1/jobs/"+late.ID).want(200)).State)
}
