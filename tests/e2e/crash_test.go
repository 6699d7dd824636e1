package e2e

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The one-process platform is killed in the middle of pipelines and started again on its folder, each time at a different point:
// every pipeline completes, every job has exactly one result, and nothing is lost.
func TestKilledPlatformLosesNothing(t *testing.T) {
	t.Parallel()
	const rounds, perRound = 4, 4
	dir := filepath.Join(t.TempDir(), "data")
	d := startDev(t, dir)
	key := d.key
	warm := d.newProject(t, "Warm", "phaser")
	d.await(t, d.submit(t, warm.ID, fullPipeline("a forest runner")...).ID, jobWithin).succeed(t)

	type submitted struct{ project, pipeline string }
	var all []submitted
	interrupted := 0
	for round := range rounds {
		if round == 0 {
			freezeChildren(t, d.program) // its first builds hang, so that they are running at the kill
		}
		var waiting []submitted
		for i := range perRound {
			p := d.newProject(t, "Killed", engineNames[i%len(engineNames)])
			waiting = append(waiting, submitted{p.ID, d.submit(t, p.ID, fullPipeline(scenarios[i%len(scenarios)].prompt)...).ID})
		}
		ended := rand.N(3 * perRound / 2)
		if round == 0 {
			ended = 0
		}
		eventually(t, jobWithin, "the round has come so far", func() bool {
			done, building := 0, false
			for _, w := range waiting {
				for _, j := range read[pipeline](d.get(t, "/v1/pipelines/"+w.pipeline).want(200)).Jobs {
					if j.terminal() {
						done++
					}
					building = building || j.Kind == "build" && j.Stage != "" && j.State == "running"
				}
			}
			return done >= ended && (round > 0 || building)
		})
		d.kill()
		killed := time.Now()
		d = startDev(t, dir)
		require.Equal(t, key, d.key, "the old key is kept")
		again := 0
		for _, w := range waiting {
			done := d.await(t, w.pipeline, jobWithin).succeed(t)
			for _, j := range done.Jobs {
				if j.Attempt > 1 {
					again++
				}
			}
		}
		interrupted += again
		t.Logf("round %d: killed after %d of %d jobs had ended, %d were running; all done %s later",
			round, ended, 3*perRound, again, time.Since(killed).Round(10*time.Millisecond))
		all = append(all, waiting...)
	}
	require.Positive(t, interrupted, "jobs that were running when the platform was killed")
	for _, w := range all {
		p := read[pipeline](d.get(t, "/v1/pipelines/"+w.pipeline).want(200)).succeed(t)
		d.oneResult(t, w.project, p)
		d.get(t, "/v1/projects/"+w.project).want(200)
	}
	projects := read[list[project]](d.get(t, "/v1/projects?limit=100").want(200)).Data
	require.Len(t, projects, 1+rounds*perRound)
	require.Len(t, read[list[job]](d.get(t, "/v1/jobs?limit=100").want(200)).Data, 3*len(projects))
	require.Equal(t, 0, d.terminate(t, 30*time.Second), "it still stops in order")
}

// Two platforms on one folder would damage each other: the second does not start.
func TestFolderHasOnePlatform(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	d := startDev(t, dir)
	second := start(t, "spark", []string{"dev"}, []string{"SPARK_DATA_DIR=" + dir, "SPARK_ADDR=127.0.0.1:0"})
	require.Equal(t, 1, second.exit(t, startWithin))
	require.Contains(t, second.said(), "another Spark runs on the data folder")
	d.get(t, "/readyz").want(200)
}
