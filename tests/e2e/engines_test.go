package e2e

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// engineLine is what the tests read of one version of an engine.
type engineLine struct {
	Name, Version string
	Default       bool
	Available     bool
	Reason        string
	Image         *string
	Pool          struct{ Creating, Warm, Leased, Running, Draining, Waiting int }
}

func (c client) engine(t testing.TB, name string) engineLine {
	t.Helper()
	for _, e := range read[list[engineLine]](c.get(t, "/v1/engines").want(200)).Data {
		if e.Name == name && e.Default {
			return e
		}
	}
	require.FailNow(t, "there is no engine "+name)
	return engineLine{}
}

// reportsGone is when nothing is believed any more of a worker that died: what it said last holds for ten seconds.
const reportsGone = 15 * time.Second

// The API knows of the engines what the workers tell: each in a process of its own, the builds in containers.
func TestEnginesAsTheWorkersSeeThem(t *testing.T) {
	t.Parallel()
	c := startCluster(t, clusterOptions{env: []string{"SPARK_SANDBOX=docker", "SPARK_DOCKER_HOST=" + testenv.Docker(t), "SPARK_POOL_WARM=1"}})
	p := c.newProject(t, "Listed", "phaser")
	done := c.await(t, c.submit(t, p.ID, fullPipeline("a snowy runner")[:2]...).ID, jobWithin).succeed(t)
	require.Equal(t, "phaser", done.Jobs[1].Output["engine"])
	built := c.engine(t, "phaser")
	require.Equal(t, built.Version, done.Jobs[1].Output["engine_version"])

	var seen engineLine
	waitFor(t, jobWithin, "the worker tells of its warm container", func() (any, bool) {
		seen = c.engine(t, "phaser")
		return seen, seen.Available && seen.Image != nil && seen.Pool.Warm == 1 && seen.Pool.Draining == 0
	})
	require.Regexp(t, "^sha256:[0-9a-f]{64}$", *seen.Image)

	t.Run("a project keeps its version", func(t *testing.T) {
		body := map[string]string{"name": "Pinned", "engine": "phaser", "engine_version": seen.Version}
		pinned := read[project](c.do(t, http.MethodPost, "/v1/projects", body).want(201))
		done := c.await(t, c.submit(t, pinned.ID, fullPipeline("a neon platformer")[:2]...).ID, jobWithin).succeed(t)
		require.Equal(t, seen.Version, done.Jobs[1].Output["engine_version"])
		body["engine_version"] = "0.0.1"
		refused := read[problem](c.do(t, http.MethodPost, "/v1/projects", body).want(400))
		require.Equal(t, "unknown_version", refused.Code)
		require.Contains(t, refused.Detail, seen.Version)
	})
	t.Run("a dead worker builds nothing", func(t *testing.T) {
		require.NoError(t, c.worker.Signal(syscall.SIGKILL))
		waitFor(t, reportsGone, "its report is gone", func() (any, bool) {
			seen = c.engine(t, "phaser")
			return seen, !seen.Available && seen.Reason != "" && seen.Image == nil && seen.Pool.Warm == 0
		})
	})
	t.Run("another one does, on a machine without Docker", func(t *testing.T) {
		c.startWorker("SPARK_DOCKER_HOST=unix:///nowhere/docker.sock")
		waitFor(t, startWithin, "it says why it cannot", func() (any, bool) {
			seen = c.engine(t, "phaser")
			return seen, !seen.Available && seen.Reason == "it is built in containers, and no Docker daemon answers"
		})
		local := c.startWorker("SPARK_SANDBOX=local")
		waitFor(t, startWithin, "it can", func() (any, bool) {
			seen = c.engine(t, "phaser")
			return seen, seen.Available && seen.Reason == ""
		})
		require.Equal(t, 0, local.terminate(t, 30*time.Second))
		require.False(t, c.engine(t, "phaser").Available, "a worker that stops in order takes its report away")
	})
}
