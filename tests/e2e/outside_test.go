package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// imageOf has a program make phaser's image if it is missing, and returns the output.
func imageOf(t *testing.T, dir string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), jobWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(programs, "spark"), "images", "phaser")
	cmd.Dir = dir
	cmd.Env = environment("SPARK_DOCKER_HOST=" + testenv.Docker(t))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// The programs of "make build", outside the source tree, find the images that were made from the same sources, and build in them
// by default. Everything that shows the isolation of a build shows it.
func TestProgramsOutsideTheSourcesUseTheImages(t *testing.T) {
	t.Parallel()
	host := testenv.Docker(t)
	imageOf(t, sourcesDir)
	require.Contains(t, imageOf(t, t.TempDir()), "was there")

	d := startDev(t, filepath.Join(t.TempDir(), "data"), "SPARK_SANDBOX=auto", "SPARK_DOCKER_HOST="+host, "SPARK_LOG_LEVEL=info", "SPARK_LOG_FORMAT=json")
	p := d.newProject(t, "Outside", "phaser")
	done := d.await(t, d.submit(t, p.ID, fullPipeline("a snowy runner")[:2]...).ID, jobWithin).succeed(t)
	_, s := d.provenance(t, done.Jobs[1].Output["artifact_id"].(string))
	internal := s.Predicate.BuildDefinition.InternalParameters
	require.Equal(t, "docker", internal["environment"])
	require.Equal(t, "docker", internal["isolation"])
	var seen engineLine
	waitFor(t, startWithin, "the engine is built in containers", func() (any, bool) {
		seen = d.engine(t, "phaser")
		return seen, seen.Available && seen.Image != nil && seen.Isolation != nil && *seen.Isolation == "docker" && seen.Notice == ""
	})
	ready := read[readiness](d.get(t, "/readyz").want(200))
	require.NotNil(t, ready.Builds)
	said, err := os.ReadFile(d.stderr)
	require.NoError(t, err)
	require.Regexp(t, `"started".*"kinds":\[.*"sandbox":"auto","isolation":"(open|confined)".*"isolation_min":"open","engines":\[`, string(said))
	require.Equal(t, 0, d.terminate(t, 30*time.Second))
}

// A platform that requires containers builds nothing without them, and says so; it does not fall back.
func TestNoContainersNoBuilds(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"), "SPARK_SANDBOX=auto", "SPARK_SANDBOX_MIN=docker", "SPARK_DOCKER_HOST=unix:///nowhere/docker.sock")
	seen := d.engine(t, "phaser")
	require.False(t, seen.Available)
	require.Contains(t, seen.Reason, "SPARK_SANDBOX_MIN")
	require.Nil(t, read[readiness](d.get(t, "/readyz").want(200)).Builds, "nothing can be built")
	p := d.newProject(t, "Held in", "phaser")
	failed := d.await(t, d.submit(t, p.ID, fullPipeline("a snowy runner")[:2]...).ID, jobWithin)
	require.Equal(t, "sandbox_unavailable", failed.Jobs[1].Error.Code)
}
