package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A platform at work is backed up and restored into another folder: with the pepper, it is the same platform, and its game is played.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	first, second := filepath.Join(root, "first"), filepath.Join(root, "second")
	d := startDev(t, first)
	p := d.newProject(t, "Saved", "three")
	done := d.await(t, d.submit(t, p.ID, fullPipeline("a calm ocean puzzle with pearls")...).ID, jobWithin).succeed(t)
	artifacts := read[list[artifact]](d.get(t, "/v1/artifacts").want(200)).Data

	file := filepath.Join(root, "spark.tar")
	saved := start(t, "spark", []string{"backup", file, "--data-dir", first}, nil)
	require.Equal(t, 0, saved.exit(t, startWithin), saved.said())
	require.Contains(t, saved.printed(t), "Recovery point: ")
	require.Contains(t, saved.printed(t), "pepper")
	game := d.get(t, *artifacts[len(artifacts)-1].PlayURL).want(200).body
	archive := d.get(t, done.Jobs[2].Output["download_url"].(string)).want(200).body

	running := start(t, "spark", []string{"restore", file, "--data-dir", first}, nil)
	require.Equal(t, 1, running.exit(t, startWithin))
	require.Contains(t, running.said(), "another Spark runs on the data folder")
	require.Equal(t, 0, d.terminate(t, startWithin))
	used := start(t, "spark", []string{"restore", file, "--data-dir", first}, nil)
	require.Equal(t, 1, used.exit(t, startWithin))
	require.Contains(t, used.said(), "the database is not empty")

	restored := start(t, "spark", []string{"restore", file, "--data-dir", second}, nil)
	require.Equal(t, 0, restored.exit(t, startWithin), restored.said())
	require.Contains(t, doesNotStart(t, second), "the pepper is gone")
	for _, name := range []string{"pepper", "api-key", "signing-key.pem"} {
		secret, err := os.ReadFile(filepath.Join(first, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(second, name), secret, 0o600))
	}
	c := startDev(t, second)
	require.Equal(t, d.key, c.key)
	require.Equal(t, artifacts, read[list[artifact]](c.get(t, "/v1/artifacts").want(200)).Data)
	require.Equal(t, done.Jobs[2].Output, read[job](c.get(t, "/v1/jobs/"+done.Jobs[2].ID).want(200)).Output)
	require.Equal(t, game, c.get(t, *artifacts[len(artifacts)-1].PlayURL).want(200).body)
	require.Equal(t, archive, c.get(t, done.Jobs[2].Output["download_url"].(string)).want(200).body)
	again := c.end(t, c.submitJob(t, p.ID, "build", nil).ID, jobWithin)
	require.Equal(t, "succeeded", again.State, "%+v", again.Error)
}
