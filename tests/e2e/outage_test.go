package e2e

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/tests/testenv"
)

// waitDown waits until /readyz names this dependency as down, and checks that the process itself counts as alive.
func (c client) waitDown(t *testing.T, name string) {
	t.Helper()
	waitFor(t, startWithin, "readiness", func() (any, bool) {
		a, err := c.try("GET", "/readyz", nil)
		if err != nil || a.status != http.StatusServiceUnavailable {
			return err, false
		}
		a.t = t
		require.NotEmpty(t, a.header.Get("Retry-After"))
		r := read[readiness](a)
		require.Equal(t, "unavailable", r.Status)
		var down []string
		for _, check := range r.Checks {
			if !check.Up {
				down = append(down, check.Name)
			}
		}
		return r, slices.Contains(down, name)
	})
	c.get(t, "/healthz").want(200)
}

func (c client) waitReady(t *testing.T) {
	t.Helper()
	eventually(t, startWithin, "everything is up again", func() bool {
		a, err := c.try("GET", "/readyz", nil)
		return err == nil && a.status == 200
	})
}

// refused checks that a submission is refused for now, with a time to retry.
func refused(t *testing.T, a *answer) {
	t.Helper()
	a.want(http.StatusServiceUnavailable)
	require.NotEmpty(t, a.header.Get("Retry-After"))
	require.Equal(t, "unavailable", isProblem(t, a).Code)
}

// Without Redis nothing can be handed to a worker, and submissions are refused. What was accepted before runs when it is
// back with nothing in it.
func TestLostRedis(t *testing.T) {
	t.Parallel()
	redis := testenv.StartRedis(t)
	c := startCluster(t, clusterOptions{redis: redis.URL()})
	type submitted struct{ project, pipeline string }
	var all []submitted
	submit := func(prompt string) {
		p := c.newProject(t, prompt, "three")
		all = append(all, submitted{p.ID, c.submit(t, p.ID, fullPipeline(prompt)...).ID})
	}
	submit("before it is lost")
	c.await(t, all[0].pipeline, jobWithin).succeed(t)

	for range 3 {
		submit("while it is lost")
	}
	redis.Kill()
	c.waitDown(t, "redis")
	refused(t, c.do(t, "POST", "/v1/jobs", map[string]any{"project_id": all[0].project, "kind": "build"}))
	redis.Start()
	c.waitReady(t)
	submit("when it is back")
	for _, s := range all {
		c.oneResult(t, s.project, c.await(t, s.pipeline, jobWithin).succeed(t))
	}
}

// Without its database the platform accepts nothing. A job that was running keeps its work until the database is back.
func TestLostDatabase(t *testing.T) {
	t.Parallel()
	files := projectFiles(t, "phaser", scenarios[0])
	postgres := testenv.StartPostgres(t)
	model := aitest.New(t)
	gate := make(chan struct{})
	held := aitest.Game("Kept", files...)
	held.Stall = gate
	model.Push(held)
	model.Always(aitest.Game("Kept", files...)) // in case the lease is lost in the meantime
	c := startCluster(t, clusterOptions{postgres: postgres.URL(), env: modelEnv(model)})
	p := c.newProject(t, "Kept", "phaser")
	submitted := c.submit(t, p.ID, fullPipeline("a game")...)
	eventually(t, jobWithin, "the model is asked", func() bool { return len(model.Requests()) > 0 })

	postgres.Kill()
	c.waitDown(t, "database")
	refused(t, c.do(t, "POST", "/v1/jobs", map[string]any{"project_id": p.ID, "kind": "build"}))
	refused(t, c.do(t, "POST", "/v1/pipelines", map[string]any{"project_id": p.ID, "steps": fullPipeline("another game")}))
	refused(t, c.do(t, "POST", "/v1/projects", map[string]any{"name": "x", "engine": "phaser"}))
	refused(t, c.get(t, "/v1/jobs"))
	close(gate) // the work finishes while it cannot be stored

	postgres.Start()
	c.waitReady(t)
	c.oneResult(t, p.ID, c.await(t, submitted.ID, jobWithin).succeed(t))
	require.Len(t, read[list[job]](c.get(t, "/v1/jobs").want(200)).Data, 3, "what was refused is not there")
	require.Len(t, read[list[project]](c.get(t, "/v1/projects").want(200)).Data, 1)
}
