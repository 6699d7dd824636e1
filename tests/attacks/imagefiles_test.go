//go:build linux

package attacks_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// player is a job whose game includes a file of the image.
func player(b *bench, from string, steps ...string) engines.RunRequest {
	job := b.attack(steps...)
	job.Plan.Command.Copies = []engines.Copy{{From: from, To: "player"}}
	job.Plan.Limits.OutputBytes = 64 << 20
	return job
}

// A file of the image is read from a container once, for all jobs, and no job can change what others get.
func TestFilesOfTheImageAreFetchedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const jobs = 4
	contents := make(chan []byte, jobs)
	var all sync.WaitGroup
	for n := range jobs {
		all.Go(func() {
			job := player(b, "/hostile", "honest")
			job.Account = []string{"one", "other"}[n%2]
			o := do(t.Context(), b, job)
			made := o.files(t)
			if o.err != nil || len(made) != 2 || made[0].Path != "index.html" || made[1].Path != "player" {
				t.Errorf("%v\n%s", o.err, o.log())
				return
			}
			contents <- made[1].Data
			if got := o.res.Environment.Limits.OutputBytes; got != job.Plan.Limits.OutputBytes {
				t.Errorf("the game was held to %d bytes", got)
			}
		})
	}
	all.Wait()
	if n := b.Stats().Counts.Launched; n != jobs+1 {
		t.Errorf("%d containers for %d jobs and one file", n, jobs)
	}
	close(contents)
	first := <-contents
	if !bytes.HasPrefix(first, []byte("\x7fELF")) {
		t.Fatalf("%d bytes, no program", len(first))
	}
	for c := range contents {
		if !bytes.Equal(c, first) {
			t.Error("two jobs got different files")
		}
	}
	if o := do(t.Context(), b, player(b, "/hostile", "artifact names player")); o.code != models.CodeInvalidOutput {
		t.Errorf("a job that makes a file of that name: %v", o.err)
	}
	if o := do(t.Context(), b, player(b, "/hostile", "honest")); o.err != nil || !bytes.Equal(o.files(t)[1].Data, first) {
		t.Errorf("after that: %v", o.err)
	}
	job := player(b, "/hostile", "honest")
	job.Plan.Limits.OutputBytes = 1 << 20
	if o := do(t.Context(), b, job); o.code != models.CodeOutputTooLarge {
		t.Errorf("a file that is larger than the game may be: %v", o.err)
	}
}

// A file that only a job can have made is taken from the job's own container, even if another one was searched for it.
func TestFilesOfAJobAreItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t, reuse)
	for _, want := range []string{"<!doctype html>", "<!doctype html>"} {
		o := do(t.Context(), b, player(b, "/work/job/out/index.html", "honest"))
		if made := o.files(t); o.err != nil || len(made) != 2 || string(made[1].Data) != want {
			t.Errorf("%v\n%s", o.err, o.log())
		}
	}
	if o := do(t.Context(), b, player(b, "/work/job/out/index.html", "nothing")); o.code != models.CodeSandboxFailed {
		t.Errorf("a file that is not there: %v", o.err)
	}
}
