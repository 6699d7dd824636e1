package e2e

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/tests/testenv"
)

// containersOf are the containers of a program.
func containersOf(t *testing.T, d *docker.Daemon, p *program) (own []docker.Summary) {
	t.Helper()
	all, err := d.List(t.Context(), sandbox.LabelOwner)
	require.NoError(t, err)
	for _, c := range all {
		if strings.Contains(c.Labels[sandbox.LabelOwner]+"/", fmt.Sprintf("/%d/", p.PID())) {
			own = append(own, c)
		}
	}
	return own
}

// frozenBuild submits a build that hangs in a warm container, which is frozen beforehand. If the pool checks the frozen
// container before the build gets it, it is discarded, and the build runs in another: then the next one is tried.
func (c *cluster) frozenBuild(t *testing.T, d *docker.Daemon, projectID string) (build job) {
	t.Helper()
	for range 5 {
		var warm []docker.Summary
		waitFor(t, jobWithin, "one warm container", func() (any, bool) {
			e := c.engine(t, "phaser")
			warm = nil
			for _, one := range containersOf(t, d, c.worker) { // every engine has one
				if one.Labels[sandbox.LabelEngine] == "phaser" {
					warm = append(warm, one)
				}
			}
			return e, e.Pool.Warm == 1 && e.Pool.Draining+e.Pool.Creating == 0 && len(warm) == 1 && warm[0].State == "running"
		})
		if out, err := exec.CommandContext(t.Context(), "docker", "-H", testenv.Docker(t), "pause", warm[0].ID).CombinedOutput(); err != nil {
			t.Logf("it has been removed meanwhile: %v: %s", err, out)
			continue
		}
		build = c.submitJob(t, projectID, "build", map[string]any{"mode": "release", "no_cache": true})
		stands := false
		waitFor(t, jobWithin, "the build has its container, or is over", func() (any, bool) {
			build = read[job](c.get(t, "/v1/jobs/"+build.ID).want(200))
			pool := c.pool(t)
			for _, b := range pool.Sandboxes {
				stands = stands || b.Container == warm[0].Name && b.JobID != nil && *b.JobID == build.ID && b.State == "running"
			}
			return pool, stands || build.terminal()
		})
		if stands {
			return build
		}
	}
	require.FailNow(t, "no build met the frozen container")
	return build
}

// When a worker dies while a container builds, there is one result, by another worker, and no container is left.
func TestKilledWorkerLeavesNoContainer(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	d, err := docker.Connect(host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.Close() })
	c := startCluster(t, clusterOptions{env: []string{"SPARK_SANDBOX=docker", "SPARK_DOCKER_HOST=" + host, "SPARK_POOL_WARM=1"}})
	p := c.newProject(t, "Killed in a sandbox", "phaser")
	c.await(t, c.submit(t, p.ID, fullPipeline("a snowy runner")[:2]...).ID, jobWithin).succeed(t)

	build := c.frozenBuild(t, d, p.ID)
	dead := c.worker
	require.NoError(t, dead.Signal(syscall.SIGKILL))
	c.worker = c.startWorker()
	done := c.end(t, build.ID, jobWithin)
	require.Equal(t, "succeeded", done.State, "%+v", done.Error)
	require.Equal(t, 2, done.Attempt)
	onlyArtifact(t, c.client, done)
	waitFor(t, jobWithin, "everything of the dead worker is removed", func() (any, bool) {
		left := containersOf(t, d, dead)
		return left, len(left) == 0
	})
	require.Equal(t, 0, c.worker.terminate(t, 30*time.Second))
	require.Empty(t, containersOf(t, d, c.worker), "a worker that stops in order removes its containers")
}
