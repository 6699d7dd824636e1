//go:build linux

package attacks_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// workerArg makes the test binary a worker that the test kills: it brings a container into a state, reports it, and waits.
const workerArg = "attacked-worker"

func workerMain(args []string) int {
	host, owner, ownersDir, state, image := args[0], args[1], args[2], args[3], args[4]
	ctx := context.Background()
	daemon, err := docker.Connect(host)
	if err != nil {
		return 1
	}
	var there atomic.Bool
	reached := sync.OnceFunc(func() { there.Store(true); fmt.Println("reached") })
	opts := sandbox.DockerOptions{Daemon: daemon, Images: catalog{}, Owner: owner, OwnersDir: ownersDir, Limits: limits,
		Pool: pool.Config{Max: 2, Warm: -1}}
	if state == "leased" {
		opts.Observer = stuck{reached: reached}
	}
	r, err := sandbox.NewDockerRunner(ctx, opts)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	e := engine{"killed", image}
	job := (&bench{images: images{honest: image}}).attack("honest")
	job.Log = func(string) { reached() }
	job.Sink = engines.NewSpool("")
	switch state {
	case "creating":
		reached() // and the test continues when the container exists
		_ = r.Prepare(ctx, e, limits, 1)
	case "warm", "deaf":
		_ = r.Prepare(ctx, e, limits, 2)
		for r.Stats().Counts.Launched < 2 {
			time.Sleep(time.Millisecond)
		}
		reached()
	case "running":
		job.Plan.Command.Steps[0].Argv[1] = "endless-output"
		_, err = r.Run(ctx, job)
	case "draining":
		if _, err = r.Run(ctx, job); err == nil {
			reached()
		}
	default:
		_, err = r.Run(ctx, job)
	}
	if err != nil && !there.Load() { // a test that waits for the state must not wait forever
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	time.Sleep(time.Hour)
	return 0
}

// stuck stops the worker at the moment when a job has got its container.
type stuck struct{ reached func() }

func (s stuck) Acquired(pool.Key, time.Duration, bool) {
	s.reached()
	time.Sleep(time.Hour)
}
func (stuck) Launched(pool.Key, time.Duration, error)      {}
func (stuck) Removed(pool.Key, pool.Reason, time.Duration) {}
func (stuck) Ended(string, models.Code, time.Duration)     {}
func (stuck) Reaped(int)                                   {}

// TestKilledWorkers kills a worker with a container in each state. Another worker on the same daemon removes everything,
// including agents that do not end with their input.
func TestKilledWorkers(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"creating", "warm", "leased", "running", "draining", "deaf"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b := newBench(t) // the living worker
			image := b.images.honest
			if state == "deaf" {
				image = b.images.hostile
			}
			owner := b.opts.Owner + "/killed"
			worker := exec.Command(os.Args[0], workerArg, shared.host, owner, b.opts.OwnersDir, state, image)
			worker.Stderr = os.Stderr
			out, err := worker.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := worker.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = worker.Process.Kill(); _ = worker.Wait() })
			if !bufio.NewScanner(out).Scan() {
				t.Fatal("the worker did not reach the state")
			}
			if state == "creating" {
				b.eventually(30*time.Second, "a container", func() bool { return len(b.containers(owner)) > 0 })
			}
			t.Logf("killed with %v", b.containers(owner))
			if err := worker.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = worker.Wait()
			begin := time.Now()
			b.eventually(time.Minute, "nothing is left", func() bool { return len(b.containers(owner)) == 0 })
			t.Logf("nothing left after %s", time.Since(begin))
			// And nothing appears later.
			if n, err := b.Sweep(t.Context()); err != nil || n > 0 || len(b.containers(owner)) > 0 {
				t.Errorf("%d containers came late: %v", n, err)
			}
			b.stillWorks()
		})
	}
}

// TestLivingWorkersAreLeftAlone has two workers on one daemon sweep.
func TestLivingWorkersAreLeftAlone(t *testing.T) {
	t.Parallel()
	one := newBench(t)
	two := newBench(t, func(o *sandbox.DockerOptions) { o.OwnersDir = one.opts.OwnersDir })
	stranger := newBench(t) // whose liveness the others cannot determine
	for _, b := range []*bench{one, two, stranger} {
		b.ready(1)
	}
	for _, b := range []*bench{one, two, stranger} {
		if _, err := b.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range []*bench{one, two, stranger} {
		if len(b.containers(b.opts.Owner)) == 0 || b.Stats().Counts.Removed[pool.Died] > 0 {
			t.Errorf("a living worker lost its sandbox: %+v", b.Stats())
		}
	}
}

var _ engines.Runner = (*bench)(nil)
