//go:build linux

package attacks_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// own starts a daemon that the test may break, with the images, and a runner on it.
func own(t *testing.T, change ...func(*sandbox.DockerOptions)) (*testenv.DockerProcess, *bench) {
	t.Helper()
	p := testenv.StartDocker(t)
	daemon, err := docker.Connect(p.Host())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Close() })
	im, err := makeImages(t.Context(), p.Host())
	if err != nil {
		t.Fatal(err)
	}
	return p, benchOn(t, daemon, im, change...)
}

// background runs a job that never ends by itself, and returns when it has begun.
func (b *bench) background(ctx context.Context) <-chan outcome {
	begun, ended := make(chan struct{}), make(chan outcome, 1)
	var once sync.Once
	job := b.attack("endless-output")
	job.Log = func(string) { once.Do(func() { close(begun) }) }
	go func() { ended <- do(ctx, b, job) }()
	select {
	case <-begun:
	case o := <-ended:
		b.t.Fatalf("the job ended before it began: %v\n%s", o.err, o.log())
	}
	return ended
}

func TestDaemonRestarts(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*testenv.DockerProcess){
		"in order": (*testenv.DockerProcess).Stop, "after a crash": (*testenv.DockerProcess).Kill,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, b := own(t, func(o *sandbox.DockerOptions) { o.Confirm = 2 * time.Second })
			b.ready(2)
			running := b.background(t.Context())
			stop(p)
			if o := <-running; o.code != models.CodeSandboxFailed && o.code != models.CodeUnavailable {
				t.Errorf("the running job: %v", o.err)
			} else if !strings.Contains(o.log(), "all work and no play") {
				t.Errorf("the log's tail is lost: %q", o.log())
			}
			p.Start()
			begin := time.Now()
			// The warm containers are all dead, and the pool may not have noticed. A job may meet a daemon that is still
			// starting; then the queue retries it.
			b.eventually(time.Minute, "builds work again", func() bool {
				o := do(t.Context(), b, b.attack("honest"))
				if o.err != nil && o.code != models.CodeSandboxFailed && o.code != models.CodeEngineUnavailable {
					t.Errorf("after the restart: %v", o.err)
				}
				return o.err == nil
			})
			t.Logf("builds again after %s", time.Since(begin))
		})
	}
}

func TestDaemonHangs(t *testing.T) {
	t.Parallel()
	p, b := own(t, func(o *sandbox.DockerOptions) {
		o.Confirm = time.Second
		o.Pool.LaunchTimeout, o.Pool.RemoveTimeout, o.Pool.BreakAfter = time.Second, time.Second, 2
		o.Pool.BreakFor = 2 * time.Second
	})
	b.ready(1)
	ctx, cancel := context.WithCancelCause(t.Context())
	running := b.background(ctx)
	p.Pause()

	// A running job, one that gets a warm container, and one that needs a new one: each ends in time.
	begin := time.Now()
	cancel(errors.New("no longer wanted"))
	if o := <-running; o.code != models.CodeCancelled || time.Since(begin) > 20*time.Second {
		t.Errorf("the running job, after %s: %v", time.Since(begin), o.err)
	}
	for range 3 {
		job := b.attack("honest")
		job.Plan.Limits.Time = time.Second
		switch o := do(t.Context(), b, job); {
		case o.code != models.CodeTimeout && o.code != models.CodeEngineUnavailable && o.code != models.CodeSandboxFailed:
			t.Errorf("error %v", o.err)
		case o.took > 20*time.Second:
			t.Errorf("the end came after %s: %v", o.took, o.err)
		}
	}
	waiting, leave := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer leave()
	if o := do(waiting, b, b.attack("honest")); o.err == nil || o.took > 20*time.Second {
		t.Errorf("who leaves, after %s: %v", o.took, o.err)
	}
	if st := b.Stats(); st.Total == 0 || st.Total > st.Max {
		t.Errorf("sandboxes that no one has confirmed removed do not count: %+v", st)
	}

	p.Resume()
	b.eventually(time.Minute, "builds work again", func() bool { return do(t.Context(), b, b.attack("honest")).err == nil })
	b.eventually(time.Minute, "nothing is left from the time when the daemon hung", func() bool {
		st := b.Stats()
		return len(b.containers(b.opts.Owner)) == st.Total && b.count(pool.Draining) == 0
	})
}

// TestNothingOutlivesARunWithAHangingDaemon pauses the daemon while a job runs, and cancels the job. When Run returns, no
// process of the job may be left. Where the container's processes can be reached, the worker kills them; elsewhere, as with a
// daemon on another machine, process 1 exits by its own timer.
func TestNothingOutlivesARunWithAHangingDaemon(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		far     bool
		limit   time.Duration // of the job's time
		atLeast time.Duration
		within  time.Duration
	}{
		"on this machine": {false, 5 * time.Minute, 0, time.Minute}, "far away": {true, 15 * time.Second, time.Second, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, b := own(t, func(o *sandbox.DockerOptions) {
				o.Confirm, o.Pool.RemoveTimeout = time.Second, time.Second
				if c.far {
					o.Daemon = farDaemon{o.Daemon}
				}
			})
			job := b.attack("family")
			job.Plan.Limits.Time = c.limit
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			begun, ended := make(chan struct{}), make(chan outcome, 1)
			var once sync.Once
			job.Log = func(string) { once.Do(func() { close(begun) }) }
			go func() { ended <- do(ctx, b, job) }()
			<-begun
			list, err := b.daemon.List(t.Context(), sandbox.LabelOwner+"="+b.opts.Owner)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			id := list[0].ID
			if n := processesOf(t, id); n < 5 {
				t.Fatalf("the job has %d processes", n)
			}
			p.Pause()
			begin := time.Now()
			cancel()
			o := <-ended
			took := time.Since(begin)
			if n := processesOf(t, id); n > 0 {
				t.Errorf("%d processes outlived the run", n)
			}
			if o.code != models.CodeCancelled || took < c.atLeast || took > c.within {
				t.Errorf("after %s: %v", took, o.err)
			}
			if st := b.Stats(); st.Total != 1 {
				t.Errorf("a sandbox that no one has confirmed removed does not count: %+v", st)
			}
			p.Resume()
			b.eventually(time.Minute, "the sandbox is gone", func() bool { return b.Stats().Total == 0 })
			b.stillWorks()
		})
	}
}

// farDaemon is a daemon whose processes seem to be on another machine.
type farDaemon struct{ sandbox.Daemon }

func (farDaemon) Pid(context.Context, string) (int, error) { return 0, errors.New("far away") }

// processesOf counts a container's processes by the control group that the kernel reports for each process.
func processesOf(t *testing.T, id string) (n int) {
	t.Helper()
	groups, err := filepath.Glob("/proc/[0-9]*/cgroup")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		text, err := os.ReadFile(g)
		if err != nil || !strings.Contains(string(text), id) {
			continue
		}
		// A dead process may still wait to be reaped by its parent: it is listed, but runs nothing.
		status, err := os.ReadFile(filepath.Join(filepath.Dir(g), "status"))
		if err == nil && !strings.Contains(string(status), "\nState:\tZ") {
			n++
		}
	}
	return n
}

func TestNoDaemon(t *testing.T) {
	t.Parallel()
	daemon, err := docker.Connect("unix:///nonexistent/docker.sock")
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	if _, err := sandbox.NewDockerRunner(t.Context(), options(t, daemon)); err == nil {
		t.Error("made a runner without a daemon")
	}
}
