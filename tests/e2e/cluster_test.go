package e2e

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The whole pipeline on Postgres and Redis, with the API, the worker and the scheduler in three processes.
func TestThreeProcesses(t *testing.T) {
	t.Parallel()
	c := startCluster(t, clusterOptions{})
	p := c.newProject(t, "Three processes", "three")
	submitted := c.submit(t, p.ID, fullPipeline("a calm ocean puzzle with pearls")...)
	require.Len(t, submitted.Jobs, 3)
	for i, kind := range []string{"generation", "build", "export"} {
		require.Equal(t, kind, submitted.Jobs[i].Kind)
	}
	require.Equal(t, []string{"blocked", "blocked"}, []string{submitted.Jobs[1].State, submitted.Jobs[2].State})
	live := c.follow(t, submitted.Jobs[2].ID, 0, nil) // ends with the job
	begun := c.follow(t, submitted.Jobs[1].ID, 0, func(e event) bool { return e.Type == "started" })
	done := c.await(t, submitted.ID, time.Second).succeed(t)
	c.oneResult(t, p.ID, done)
	require.Equal(t, live, c.history(t, done.Jobs[2]))
	require.Equal(t, c.history(t, done.Jobs[1]), append(begun, c.follow(t, submitted.Jobs[1].ID, begun[len(begun)-1].ID, nil)...))
	require.Equal(t, []string{"blocked", "queued", "started"}, types(begun))

	export := done.Jobs[2]
	archive := c.get(t, export.Output["download_url"].(string)).want(200).body
	sum := sha256.Sum256(archive)
	require.Equal(t, export.Output["sha256"], hex.EncodeToString(sum[:]))
	names := zipNames(t, archive)
	require.Contains(t, names, "index.html")

	// The same input gives the same bytes.
	again := c.submitJob(t, p.ID, "export", map[string]any{"artifact_id": done.Jobs[1].Output["artifact_id"]})
	again = c.end(t, again.ID, jobWithin)
	require.Equal(t, "succeeded", again.State, "%+v", again.Error)
	require.Equal(t, export.Output["sha256"], again.Output["sha256"])

	t.Run("events are replayed from Last-Event-ID", func(t *testing.T) {
		for _, j := range done.Jobs {
			all := c.history(t, j)
			for i, e := range all {
				require.Equal(t, all[i+1:], append([]event{}, c.follow(t, j.ID, e.ID, nil)...), "after %d", e.ID)
			}
		}
	})
	t.Run("a stop in order", func(t *testing.T) {
		for _, program := range []*program{c.api, c.worker, c.scheduler} {
			require.Equal(t, 0, program.terminate(t, 30*time.Second), program.name)
		}
	})
}

func types(events []event) (all []string) {
	for _, e := range events {
		all = append(all, e.Type)
	}
	return all
}

func zipNames(t *testing.T, archive []byte) []string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(t, err)
	var names []string
	for _, f := range r.File {
		names = append(names, f.Name)
	}
	return names
}

// frozen submits a build that hangs: the agents of the program, the only worker, are frozen beforehand.
func frozen(t *testing.T, c client, worker *program, projectID string) (build job, agents []int) {
	t.Helper()
	gen := c.end(t, c.submitJob(t, projectID, "generation", map[string]any{"prompt": "a snowy runner", "from_scratch": true}).ID, jobWithin)
	require.Equal(t, "succeeded", gen.State, "%+v", gen.Error)
	// A first build installs what is needed, and leaves agents that were started in advance.
	warm := c.end(t, c.submitJob(t, projectID, "build", nil).ID, jobWithin)
	require.Equal(t, "succeeded", warm.State, "%+v", warm.Error)
	agents = freezeChildren(t, worker)
	build = c.submitJob(t, projectID, "build", map[string]any{"mode": "release"})
	c.awaitJob(t, build.ID, jobWithin, func(j job) bool { return j.State == "running" && j.Progress >= 0.2 })
	return build, agents
}

// A worker that gets SIGTERM during a build hands it back, and another worker finishes it.
func TestStoppedWorkerHandsItsBuildBack(t *testing.T) {
	t.Parallel()
	// The job has three quarters of it to finish, which it cannot; the rest is for handing it back.
	c := startCluster(t, clusterOptions{env: []string{"SPARK_SHUTDOWN_TIMEOUT=12s"}})
	p := c.newProject(t, "Handed back", "phaser")
	build, _ := frozen(t, c.client, c.worker, p.ID)

	told := time.Now()
	require.Equal(t, 0, c.worker.terminate(t, startWithin))
	t.Logf("the worker stopped within %s", time.Since(told).Round(10*time.Millisecond))
	waiting := read[job](c.get(t, "/v1/jobs/"+build.ID).want(200))
	require.Equal(t, "queued", waiting.State, "it was handed back before the worker ended")
	require.Nil(t, waiting.Error, "the job did nothing wrong")

	c.worker = c.startWorker()
	done := c.end(t, build.ID, jobWithin)
	require.Equal(t, "succeeded", done.State, "%+v", done.Error)
	require.Equal(t, 2, done.Attempt)
	onlyArtifact(t, c.client, done)
}

// When a worker dies during a build, nothing is lost but the time until its lease expires.
func TestKilledWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	c := startCluster(t, clusterOptions{})
	p := c.newProject(t, "Killed", "three")
	build, _ := frozen(t, c.client, c.worker, p.ID)

	c.startWorker()
	require.NoError(t, c.worker.Signal(syscall.SIGKILL))
	killed := time.Now()
	done := c.end(t, build.ID, jobWithin)
	took := time.Since(killed)
	require.Equal(t, "succeeded", done.State, "%+v", done.Error)
	require.Equal(t, 2, done.Attempt)
	onlyArtifact(t, c.client, done)
	t.Logf("done %s after the kill", took.Round(10*time.Millisecond))
	// Five or six seconds; if only a queue's own timeout detected a lost worker, it would take more than a minute.
	require.Less(t, took, 45*time.Second, "from the kill to the result")
}

// onlyArtifact checks that a finished build left one artifact, has one terminal event, and can be played.
func onlyArtifact(t *testing.T, c client, j job) {
	t.Helper()
	c.history(t, j)
	made := read[list[artifact]](c.get(t, "/v1/artifacts?job_id="+j.ID).want(200)).Data
	require.Len(t, made, 1)
	require.Equal(t, j.Output["artifact_id"], made[0].ID)
	c.get(t, *made[0].PlayURL).want(200)
}
