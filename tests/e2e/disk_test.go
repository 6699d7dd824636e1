package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// disk is a small file system that a test may fill. Without the right to mount one, it is a folder whose blob store can be made
// to fail, which is the closest substitute.
type disk struct {
	t    *testing.T
	dir  string
	real bool
}

func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir()}
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=48m,mode=0700", "spark-e2e", d.dir).CombinedOutput()
	if err != nil {
		t.Logf("no separate file system (%v: %s): the blob store is made to fail instead", err, out)
		return d
	}
	d.real = true
	t.Cleanup(func() {
		// Lazily: a program that is just ending may still have a file open.
		out, err := exec.Command("umount", "-l", d.dir).CombinedOutput()
		require.NoError(t, err, "%s", out)
	})
	return d
}

// fill uses up the remaining space.
func (d *disk) fill(blobs string) {
	d.t.Helper()
	if !d.real {
		require.NoError(d.t, os.Rename(filepath.Join(blobs, "tmp"), filepath.Join(blobs, "tmp-away")))
		require.NoError(d.t, os.WriteFile(filepath.Join(blobs, "tmp"), nil, 0o600))
		return
	}
	f, err := os.Create(filepath.Join(d.dir, "filler"))
	require.NoError(d.t, err)
	defer f.Close()
	// Once is not enough: the programs check periodically whether there is room, with a file that is removed a moment later, and
	// its space would be free again.
	for end := time.Now().Add(time.Second); time.Now().Before(end); <-time.After(pollEvery) {
		for chunk := make([]byte, 1<<20); len(chunk) > 0; {
			if _, err = f.Write(chunk); err != nil {
				require.True(d.t, errors.Is(err, syscall.ENOSPC), "%v", err)
				chunk = chunk[:len(chunk)/2]
			}
		}
	}
}

// free makes space again.
func (d *disk) free(blobs string) {
	d.t.Helper()
	if !d.real {
		require.NoError(d.t, os.Remove(filepath.Join(blobs, "tmp")))
		require.NoError(d.t, os.Rename(filepath.Join(blobs, "tmp-away"), filepath.Join(blobs, "tmp")))
		return
	}
	require.NoError(d.t, os.Remove(filepath.Join(d.dir, "filler")))
}

// When the disk of the platform is full, it says so, refuses what it cannot store, and continues when there is space.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := newDisk(t)
	dir := filepath.Join(disk.dir, "data")
	d := startDev(t, dir)
	p := d.newProject(t, "Full", "three")
	build, agents := frozen(t, d.client, d.program, p.ID)

	disk.fill(filepath.Join(dir, "blobs"))
	d.waitDown(t, "blobs") // the database still has some room: what its log took before
	longPrompt := strings.Repeat("a game about a fox ", 1500)
	var generations []string
	if disk.real {
		// What still finds space is kept like any other job.
		eventually(t, startWithin, "submissions are refused", func() bool {
			a := d.do(t, "POST", "/v1/jobs", map[string]any{"project_id": p.ID, "kind": "generation", "input": step{"prompt": longPrompt}})
			if a.status == 202 {
				generations = append(generations, read[job](a).ID)
				return false
			}
			refused(t, a)
			return true
		})
		t.Logf("%d submissions found room on the full disk", len(generations))
		refused(t, d.do(t, "PUT", "/v1/projects/"+p.ID+"/files/more.js", make([]byte, 1<<20)))
	}
	thaw(t, agents) // the build is done now, and there is no room for its result

	disk.free(filepath.Join(dir, "blobs"))
	d.waitReady(t)
	for _, id := range []string{build.ID, d.submitJob(t, p.ID, "build", nil).ID} {
		j := d.end(t, id, jobWithin)
		require.Equal(t, "succeeded", j.State, "%+v", j.Error)
		onlyArtifact(t, d.client, j)
	}
	for _, id := range generations {
		require.Equal(t, "succeeded", d.end(t, id, jobWithin).State)
	}
	// Nothing is stored of what was refused: only the first generation and those that found space.
	all := read[list[job]](d.get(t, "/v1/jobs?kind=generation&limit=100").want(200))
	require.Len(t, all.Data, min(1+len(generations), 100))
}

// When the blob store is full but the database is not, submissions are refused, and a job that was accepted before waits for
// space for as long as it takes, and then has its one result.
func TestFullBlobStore(t *testing.T) {
	t.Parallel()
	disk := newDisk(t)
	blobs := filepath.Join(disk.dir, "blobs")
	c := startCluster(t, clusterOptions{blobs: blobs})
	p := c.newProject(t, "Full", "phaser")
	first := c.await(t, c.submit(t, p.ID, fullPipeline("a desert shooter")...).ID, jobWithin).succeed(t)

	build, agents := frozen(t, c.client, c.worker, p.ID)
	disk.fill(blobs)
	c.waitDown(t, "blobs")
	refused(t, c.do(t, "POST", "/v1/jobs", map[string]any{"project_id": p.ID, "kind": "build"}))
	refused(t, c.do(t, "POST", "/v1/pipelines", map[string]any{"project_id": p.ID, "steps": []step{{"kind": "build"}}}))
	thaw(t, agents)
	tried := c.awaitJob(t, build.ID, jobWithin, func(j job) bool { return j.Attempt > 3 || j.terminal() })
	require.False(t, tried.terminal(), "it has given up: %+v", tried.Error)
	c.get(t, first.Jobs[1].Output["play_url"].(string)).want(200) // what is there can be played

	disk.free(blobs)
	c.waitReady(t)
	done := c.end(t, build.ID, jobWithin)
	require.Equal(t, "succeeded", done.State, "%+v", done.Error)
	onlyArtifact(t, c.client, done)
}
