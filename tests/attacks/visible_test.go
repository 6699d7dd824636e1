//go:build linux

package attacks_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/pool"
)

// TestBoxesNameTheirJobs checks that container names show which job runs where.
func TestBoxesNameTheirJobs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running := b.background(ctx)
	list := b.Boxes()
	if len(list) != 1 {
		t.Fatalf("boxes %+v", list)
	}
	box := list[0]
	if box.Container == "" || box.Engine != "honest" || box.Image != b.images.honest || box.State != pool.Running ||
		box.JobID != "endless-output" || box.Account != "attacker" || box.Jobs != 1 || time.Since(box.Since) > time.Minute {
		t.Errorf("box %+v", box)
	}
	b.eventually(30*time.Second, "the container is named after its job", func() bool {
		return slices.Contains(b.containers(b.opts.Owner), box.Container+"-job-endless-output running")
	})
	if n, err := b.Sweep(t.Context()); err != nil || n > 0 {
		t.Errorf("the sweep took %d renamed boxes: %v", n, err)
	}
	cancel()
	<-running
	b.eventually(30*time.Second, "the box is gone", func() bool { return len(b.Boxes()) == 0 })
	b.ready(1)
	if list := b.Boxes(); len(list) != 1 || list[0].JobID != "" || list[0].Account != "" || list[0].State != pool.Warm {
		t.Errorf("a warm box %+v", list)
	}
}
