package e2e

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/sandbox"
	"github.com/spark-games/spark/internal/sandbox/docker"
	"github.com/spark-games/spark/tests/testenv"
)

// boxesOf are the containers of a program.
func boxesOf(t *testing.T, d *docker.Daemon, p *program) (boxes []docker.Summary) {
	t.Helper()
	all, err := d.List(t.Context(), sandbox.LabelOwner)
	require.NoError(t, err)
	for _, c := range all {
		if strings.Contains(c.Labels[sandbox.LabelOwner]+"/", fmt.Sprintf("/%d/", p.PID())) {
			boxes = append(boxes, c)
		}
	}
	return boxes
}

// A worker that dies while a container builds leaves one result, by another worker, and no container.
func TestKilledWorkerLeavesNoContainer(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	d, err := docker.Connect(host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.Close() })
	c := startCluster(t, clusterOptions{env: []string{"SPARK_SANDBOX=docker", "SPARK_DOCKER_HOST=" + host, "SPARK_POOL_WARM=1"}})
	p := c.newProject(t, "Killed in a box", "phaser")
	c.await(t, c.submit(t, p.ID, fullPipeline("a snowy runner")[:2]...).ID, jobWithin).succeed(t)

	// The build stands still in a warm container that is frozen before it comes.
	var frozen []docker.Summary
	waitFor(t, jobWithin, "one warm container", func() (any, bool) {
		e := c.engine(t, "phaser")
		frozen = nil
		for _, box := range boxesOf(t, d, c.worker) { // every engine has one
			if box.Labels[sandbox.LabelEngine] == "phaser" {
				frozen = append(frozen, box)
			}
		}
		return e, e.Pool.Warm == 1 && e.Pool.Draining+e.Pool.Creating == 0 && len(frozen) == 1 && frozen[0].State == "running"
	})
	out, err := exec.CommandContext(t.Context(), "docker", "-H", host, "pause", frozen[0].ID).CombinedOutput()
	require.NoError(t, err, "%s", out)
	build := c.submitJob(t, p.ID, "build", map[string]any{"mode": "release", "no_cache": true})
	c.awaitJob(t, build.ID, jobWithin, func(j job) bool { return j.State == "running" && j.Progress >= 0.2 })

	dead := c.worker
	require.NoError(t, dead.Signal(syscall.SIGKILL))
	c.worker = c.startWorker()
	done := c.end(t, build.ID, 60*time.Second)
	require.Equal(t, "succeeded", done.State, "%+v", done.Error)
	require.Equal(t, 2, done.Attempt)
	onlyArtifact(t, c.client, done)
	waitFor(t, jobWithin, "nothing is left of the dead worker", func() (any, bool) {
		left := boxesOf(t, d, dead)
		return left, len(left) == 0
	})
	require.Equal(t, 0, c.worker.terminate(t, 30*time.Second))
	require.Empty(t, boxesOf(t, d, c.worker), "a worker that ends in order takes its containers away")
}
