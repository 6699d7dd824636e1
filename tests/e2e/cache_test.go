package e2e

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// copyProject makes a project with another one's files, for any client.
func copyProject(t *testing.T, from client, of string, to client) project {
	t.Helper()
	listed := read[struct {
		Title string
		Files []struct{ Path string }
	}](from.get(t, "/v1/projects/"+of+"/files").want(200))
	p := to.newProject(t, "A copy", "phaser")
	var files []map[string]string
	for _, f := range listed.Files {
		content := from.get(t, "/v1/projects/"+of+"/files/"+f.Path).want(200).body
		files = append(files, map[string]string{"path": f.Path, "base64": base64.StdEncoding.EncodeToString(content)})
	}
	to.do(t, "PUT", "/v1/projects/"+p.ID+"/files", map[string]any{"title": listed.Title, "files": files}).want(200)
	return p
}

// Equal files are built once per account, and never shared with another account. A cached result is as good as a built one.
func TestBuildsAreCached(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"))
	p := d.newProject(t, "Cached", "phaser")
	d.await(t, d.submit(t, p.ID, step{"kind": "generation", "input": step{"prompt": scenarios[0].prompt, "seed": 7}}).ID, jobWithin).succeed(t)
	build := func(c client, project string, input step) job {
		t.Helper()
		j := c.end(t, c.submitJob(t, project, "build", input).ID, jobWithin)
		require.Equal(t, "succeeded", j.State, "%+v", j.Error)
		return j
	}
	shown := func(c client, j job) artifact {
		t.Helper()
		return read[artifact](c.get(t, "/v1/artifacts/"+j.Output["artifact_id"].(string)).want(200))
	}
	first := build(d.client, p.ID, step{"mode": "preview"})
	require.NotContains(t, first.Output, "cached")
	again := build(d.client, p.ID, step{"mode": "preview"})
	require.Equal(t, true, again.Output["cached"])
	require.Equal(t, first.Output["artifact_id"], again.Output["cached_from"])
	one, two := shown(d.client, first), shown(d.client, again)
	require.False(t, one.Cached)
	require.True(t, two.Cached)
	require.Equal(t, one.ID, two.CachedFrom)
	require.Equal(t, one.Digest, two.Digest)
	require.NotEqual(t, one.ID, two.ID)

	// It plays, including its modules, even if the modules were lost since.
	require.NoError(t, os.RemoveAll(filepath.Join(d.dir, "blobs", "modules")))
	play := build(d.client, p.ID, step{"mode": "preview"})
	require.Equal(t, true, play.Output["cached"])
	page := newPage(t)
	page.open(d.url + play.Output["play_url"].(string))
	page.play(scenarios[0], starts[0].do)

	// Another project of the account with the same files and title has it too; another account does not, even if it asks for
	// exactly the same.
	copied := copyProject(t, d.client, p.ID, d.client)
	require.Equal(t, true, build(d.client, copied.ID, step{"mode": "preview"}).Output["cached"])
	stranger := d.stranger(t)
	theirs := copyProject(t, d.client, p.ID, stranger)
	built := build(stranger, theirs.ID, step{"mode": "preview"})
	require.NotContains(t, built.Output, "cached")
	require.Equal(t, one.Digest, shown(stranger, built).Digest, "the content is equal, and was built again")

	// Another mode, a forced build, and a changed file are built.
	require.NotContains(t, build(d.client, p.ID, step{"mode": "release"}).Output, "cached")
	forced := build(d.client, p.ID, step{"mode": "preview", "no_cache": true})
	require.NotContains(t, forced.Output, "cached")
	require.Equal(t, forced.Output["artifact_id"], build(d.client, p.ID, step{"mode": "preview"}).Output["cached_from"])

	// A file that is missing from the store is made again.
	files := read[struct {
		Files []struct{ Path, SHA256 string }
	}](d.get(t, "/v1/artifacts/"+one.ID).want(200)).Files
	gone := files[0].SHA256
	require.NoError(t, os.Remove(filepath.Join(d.dir, "blobs", "blobs", gone[:2], gone)))
	repaired := build(d.client, p.ID, step{"mode": "preview"})
	require.NotContains(t, repaired.Output, "cached")
	d.get(t, "/v1/artifacts/"+one.ID+"/files/"+files[0].Path).want(200)

	d.do(t, "PUT", "/v1/projects/"+p.ID+"/files/notes.txt", []byte("another file"), "If-None-Match: *").want(200)
	require.NotContains(t, build(d.client, p.ID, step{"mode": "preview"}).Output, "cached")

	metrics := string(client{url: d.url}.get(t, "/metrics").want(200).body)
	require.Regexp(t, regexp.MustCompile(`spark_build_cache_lookups_total\{engine="phaser",result="hit"\} 4\b`), metrics)
	require.Regexp(t, regexp.MustCompile(`spark_build_cache_lookups_total\{engine="phaser",result="off"\} 1\b`), metrics)
	require.Regexp(t, regexp.MustCompile(`spark_build_cache_lookups_total\{engine="phaser",result="miss"\} 5\b`), metrics)
	refused := d.do(t, "POST", "/v1/jobs", map[string]any{"project_id": p.ID, "kind": "build", "input": step{"nocache": true}}).want(400)
	require.Equal(t, "/input/nocache", read[problem](refused).Errors[0].Pointer)
}
