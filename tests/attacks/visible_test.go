//go:build linux

package attacks_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// TestSandboxesNameTheirJobs checks that container names show which job runs where.
func TestSandboxesNameTheirJobs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running := b.background(ctx)
	list := b.Containers()
	if len(list) != 1 {
		t.Fatalf("sandboxes %+v", list)
	}
	c := list[0]
	if c.Container == "" || c.Engine != "honest" || c.Image != b.images.honest || c.State != pool.Running ||
		c.JobID != "endless-output" || c.Account != "attacker" || c.Jobs != 1 || time.Since(c.Since) > time.Minute {
		t.Errorf("container %+v", c)
	}
	b.eventually(30*time.Second, "the container is named after its job", func() bool {
		return slices.Contains(b.containers(b.opts.Owner), c.Container+"-job-endless-output running")
	})
	if n, err := b.Sweep(t.Context()); err != nil || n > 0 {
		t.Errorf("the sweep took %d renamed sandboxes: %v", n, err)
	}
	cancel()
	<-running
	b.eventually(30*time.Second, "the sandbox is gone", func() bool { return len(b.Containers()) == 0 })
	b.ready(1)
	if list := b.Containers(); len(list) != 1 || list[0].JobID != "" || list[0].Account != "" || list[0].State != pool.Warm {
		t.Errorf("a warm sandbox %+v", list)
	}
}
