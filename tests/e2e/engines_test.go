package e2e

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/pixelbox"
	"github.com/spark-games/spark/tests/testenv"
)

// engineLine is what the tests read of one version of an engine.
type engineLine struct {
	Name, Version string
	Default       bool
	Available     bool
	Reason        string
	Image         *string
	Isolation     *string
	Notice        string
	Pool          struct{ Creating, Warm, Leased, Running, Draining, Waiting int }
}

// poolLine is what the tests read of a worker's pool.
type poolLine struct {
	Worker, Sandbox string
	Engines         []poolEngine
	Sandboxes       []struct {
		Container, State string
		JobID            *string `json:"job_id"`
	}
}

type poolEngine struct {
	Engine, Version string
	WarmAcquires    int `json:"warm_acquires"`
	ColdAcquires    int `json:"cold_acquires"`
	Kills           map[string]int
}

// of is the version of an engine with the most builds.
func (p poolLine) of(name string) (most poolEngine) {
	for _, e := range p.Engines {
		if e.Engine == name && e.WarmAcquires+e.ColdAcquires > most.WarmAcquires+most.ColdAcquires {
			most = e
		}
	}
	return most
}

// pool is the only worker's report of its containers; it is empty when the worker is so busy that its last report has expired.
func (c client) pool(t testing.TB) (p poolLine) {
	t.Helper()
	all := read[list[poolLine]](c.get(t, "/v1/pool").want(200)).Data
	require.LessOrEqual(t, len(all), 1)
	for _, p = range all {
	}
	return p
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

// The API learns about engines from the workers. Each process runs separately, and builds run in containers.
func TestEnginesAsTheWorkersSeeThem(t *testing.T) {
	t.Parallel()
	c := startCluster(t, clusterOptions{env: []string{"SPARK_SANDBOX=docker", "SPARK_DOCKER_HOST=" + testenv.Docker(t), "SPARK_POOL_WARM=1"}})
	p := c.newProject(t, "Listed", "phaser")
	done := c.await(t, c.submit(t, p.ID, fullPipeline("a snowy runner")[:2]...).ID, jobWithin).succeed(t)
	require.Equal(t, "phaser", done.Jobs[1].Output["engine"])
	built := c.engine(t, "phaser")
	require.Equal(t, built.Version, done.Jobs[1].Output["engine_version"])

	var seen engineLine
	waitFor(t, jobWithin, "the worker reports its warm container", func() (any, bool) {
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
	t.Run("the pool", func(t *testing.T) {
		var pool poolLine
		waitFor(t, startWithin, "both builds are counted", func() (any, bool) {
			pool = c.pool(t)
			return pool, pool.of("phaser").WarmAcquires+pool.of("phaser").ColdAcquires >= 2
		})
		require.Equal(t, "docker", pool.Sandbox)
		require.Equal(t, seen.Version, pool.of("phaser").Version)

		shown := start(t, "spark", []string{"pool"}, []string{"SPARK_SERVER=" + c.url, "SPARK_KEY=" + c.key})
		require.Equal(t, 0, shown.exit(t, startWithin), shown.said())
		require.Contains(t, shown.printed(t), "phaser@"+seen.Version)
		require.NotContains(t, shown.printed(t), "\x1b", "one plain snapshot, because the output is not a terminal")
		metrics := string(c.get(t, "/metrics").want(200).body)
		require.NotContains(t, metrics, "spark_sandbox_kills_total{", "the API has no sandboxes")
	})
	t.Run("a dead worker builds nothing", func(t *testing.T) {
		require.NoError(t, c.worker.Signal(syscall.SIGKILL))
		waitFor(t, startWithin, "its report is gone", func() (any, bool) {
			seen = c.engine(t, "phaser")
			return seen, !seen.Available && seen.Reason != "" && seen.Image == nil && seen.Pool.Warm == 0
		})
		require.Empty(t, read[list[poolLine]](c.get(t, "/v1/pool").want(200)).Data)
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
		require.False(t, c.engine(t, "phaser").Available, "a worker that stops in order removes its report")
	})
}

// A studio adds its own engine: an image and a file, without Go.
func TestCustomEngine(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	studio := pixelbox.Studio(t, pixelbox.Image(t, host))
	declared, err := os.ReadFile(filepath.Join(studio, "pixelbox.yaml"))
	require.NoError(t, err)
	elsewhere := regexp.MustCompile(`(?m)^image: .*$`).ReplaceAll(declared, []byte("image: spark-test/nobody-has-it:1"))
	elsewhere = bytes.Replace(elsewhere, []byte("version: 1.2.0"), []byte("version: 1.10.0"), 1)
	require.NoError(t, os.WriteFile(filepath.Join(studio, "newer.yaml"), elsewhere, 0o600))
	older := bytes.Replace(declared, []byte("version: 1.2.0"), []byte("version: 1.1.0"), 1)
	require.NoError(t, os.WriteFile(filepath.Join(studio, "older.yaml"), older, 0o600))

	d := startDev(t, filepath.Join(t.TempDir(), "data"), "SPARK_ENGINES_DIR="+studio, "SPARK_SANDBOX=auto", "SPARK_DOCKER_HOST="+host)
	versions := func() (all []engineLine) {
		for _, e := range read[list[engineLine]](d.get(t, "/v1/engines").want(200)).Data {
			if e.Name == "pixelbox" {
				all = append(all, e)
			}
		}
		return all
	}
	waitFor(t, jobWithin, "it is known which images there are", func() (any, bool) {
		all := versions()
		return all, len(all) == 3 && !all[0].Available && all[1].Available && all[2].Available
	})
	seen := versions()
	require.Equal(t, []string{"1.10.0", "1.2.0", "1.1.0"}, []string{seen[0].Version, seen[1].Version, seen[2].Version})
	require.True(t, seen[0].Default, "the newest")
	require.Equal(t, "the engine's base image spark-test/nobody-has-it:1 is not on the Docker daemon", seen[0].Reason)

	// Two versions side by side, each project in its own image.
	var images []string
	for _, version := range []string{"1.2.0", "1.1.0"} {
		p := read[project](d.do(t, http.MethodPost, "/v1/projects", map[string]string{"name": "Box", "engine": "pixelbox", "engine_version": version}).want(201))
		done := d.await(t, d.submit(t, p.ID, fullPipeline("a calm space shooter")...).ID, jobWithin).succeed(t)
		build := done.Jobs[1]
		require.Equal(t, version, build.Output["engine_version"])
		page := d.get(t, build.Output["play_url"].(string)).want(200).body
		require.Contains(t, string(page), `<script src="game.js"></script>`)
		require.NotContains(t, string(d.get(t, build.Output["play_url"].(string)+"game.js").want(200).body), "{{")
		waitFor(t, jobWithin, "the image is reported", func() (any, bool) {
			for _, e := range versions() {
				if e.Version == version && e.Image != nil {
					images = append(images, *e.Image)
					return e, true
				}
			}
			return nil, false
		})

		// Mistakes in a project are reported as the file's patterns extract them from the tool's output.
		d.do(t, http.MethodPut, "/v1/projects/"+p.ID+"/files/src/main.js", []byte("let ok = 1;\nlet broken = = 2;\n")).want(200)
		wrong := d.end(t, d.submitJob(t, p.ID, "build", map[string]any{"mode": "release"}).ID, jobWithin)
		require.Equal(t, "compile_failed", wrong.Error.Code)
		require.Equal(t, map[string]any{"severity": "error", "file": "src/main.js", "line": 2., "column": 14., "text": "an expression is missing", "line_text": "let broken = = 2;"},
			wrong.Output["diagnostics"].([]any)[0])
	}
	require.NotEqual(t, images[0], images[1])

	t.Run("the pool shows which job has which sandbox, and why it was killed", func(t *testing.T) {
		p := read[project](d.do(t, http.MethodPost, "/v1/projects", map[string]string{"name": "Box", "engine": "pixelbox", "engine_version": "1.2.0"}).want(201))
		d.do(t, http.MethodPut, "/v1/projects/"+p.ID+"/files/src/main.js", []byte("// forever\n")).want(200)
		build := d.submitJob(t, p.ID, "build", nil)
		var container string
		waitFor(t, jobWithin, "its sandbox is shown", func() (any, bool) {
			pool := d.pool(t)
			for _, b := range pool.Sandboxes {
				if b.JobID != nil && *b.JobID == build.ID && b.State == "running" {
					container = b.Container
				}
			}
			return pool, container != ""
		})
		running, err := exec.Command("docker", "--host", host, "ps", "--quiet", "--filter", "name="+container).Output()
		require.NoError(t, err)
		require.NotEmpty(t, strings.TrimSpace(string(running)), container)
		shown := start(t, "spark", []string{"pool"}, []string{"SPARK_SERVER=" + d.url, "SPARK_KEY=" + d.key})
		require.Equal(t, 0, shown.exit(t, startWithin), shown.said())
		require.Regexp(t, container+` +pixelbox@1\.2\.0 +running .*`+build.ID, shown.printed(t))

		d.do(t, http.MethodPost, "/v1/jobs/"+build.ID+"/cancel", nil).want(202)
		waitFor(t, jobWithin, "its kill is counted", func() (any, bool) {
			pool := d.pool(t)
			return pool, pool.of("pixelbox").Kills["cancelled"] == 1
		})
		require.Contains(t, string(d.get(t, "/metrics").want(200).body), `spark_sandbox_kills_total{engine="pixelbox",reason="cancelled"} 1`)
	})
	t.Run("one whose image is missing says so", func(t *testing.T) {
		p := d.newProject(t, "Box", "pixelbox")
		gen := d.end(t, d.submitJob(t, p.ID, "generation", map[string]any{"prompt": "a box"}).ID, jobWithin)
		require.Equal(t, "succeeded", gen.State, "%+v", gen.Error)
		failed := d.end(t, d.submitJob(t, p.ID, "build", nil).ID, jobWithin)
		require.Equal(t, "engine_unavailable", failed.Error.Code)
		require.Equal(t, seen[0].Reason, failed.Error.Message)
	})
	t.Run("a file with mistakes stops the program", func(t *testing.T) {
		bad := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(bad, "a.yaml"), []byte("name: X\ncolour: red\n"), 0o600))
		p := start(t, "spark", []string{"dev"}, []string{"SPARK_DATA_DIR=" + t.TempDir(), "SPARK_ADDR=127.0.0.1:0", "SPARK_ENGINES_DIR=" + bad})
		require.NotEqual(t, 0, p.exit(t, startWithin))
		require.Contains(t, p.said(), "a.yaml:1: \"X\" is not small letters")
		require.Contains(t, p.said(), "a.yaml:2: unknown field \"colour\"")
	})
}
