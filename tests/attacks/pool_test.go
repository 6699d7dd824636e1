//go:build linux

package attacks_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// ready waits until n sandboxes are warm.
func (b *bench) ready(n int) {
	b.t.Helper()
	if err := b.Prepare(b.t.Context(), engine{"honest", b.images.honest}, limits, n); err != nil {
		b.t.Fatal(err)
	}
	b.eventually(time.Minute, "warm sandboxes", func() bool { return b.count(pool.Warm) >= n })
}

func (b *bench) count(s pool.State) int {
	n := 0
	for _, k := range b.Stats().Keys {
		n += k.States[s]
	}
	return n
}

// TestNothingIsLeftForTheNextJob runs two jobs of one account in one container.
func TestNothingIsLeftForTheNextJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, reuse)
	if o := do(t.Context(), b, b.attack("leave")); o.err != nil {
		t.Fatal(o.err, o.log())
	}
	b.eventually(30*time.Second, "the sandbox is used again, or given up", func() bool { return b.count(pool.Running) == 0 })
	o := do(t.Context(), b, b.attack("look"))
	if o.err != nil || strings.Contains(o.log(), "BROKE") {
		t.Errorf("%v\n%s", o.err, o.log())
	}
	if st := b.Stats(); st.Counts.Launched != 1 {
		t.Errorf("the second job had another sandbox: %+v", st.Counts)
	}
}

func TestTwoAccountsNeverShareASandbox(t *testing.T) {
	t.Parallel()
	b := newBench(t, reuse)
	for i, account := range []string{"one", "two", "one", "two"} {
		job := b.attack("leave")
		job.Account = account
		if o := do(t.Context(), b, job); o.err != nil {
			t.Fatal(o.err, o.log())
		}
		b.eventually(30*time.Second, "reset", func() bool { return b.count(pool.Running) == 0 })
		if st := b.Stats(); st.Counts.Launched != min(i+1, 2) {
			t.Errorf("job %d: %d sandboxes", i, st.Counts.Launched)
		}
	}
}

func TestSingleUseByDefault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 3 {
		b.stillWorks()
		if st := b.Stats(); st.Counts.Launched != i+1 {
			t.Errorf("%d sandboxes after %d jobs", st.Counts.Launched, i+1)
		}
	}
}

func TestIdleSandboxIsTakenAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 3 {
		if err := b.daemon.Remove(t.Context(), b.warmContainer()); err != nil {
			t.Fatal(err)
		}
		b.stillWorks() // immediately: the pool may not have noticed yet
	}
	if err := b.daemon.Kill(t.Context(), b.warmContainer()); err != nil {
		t.Fatal(err)
	}
	b.eventually(time.Minute, "the dead sandbox is noticed", func() bool { return b.Stats().Counts.Removed[pool.Died] > 0 })
	b.stillWorks()
}

// warmContainer waits for a warm sandbox and names its container.
func (b *bench) warmContainer() (name string) {
	b.t.Helper()
	b.ready(1)
	b.eventually(time.Minute, "a warm sandbox", func() bool {
		for _, c := range b.Containers() {
			if c.State == pool.Warm {
				name = c.Container
			}
		}
		return name != ""
	})
	return name
}

func TestBrokenImages(t *testing.T) {
	t.Parallel()
	daemon, im := commonDaemon(t)
	build := func(files ...dockertest.File) string {
		digest, err := dockertest.Image(t.Context(), shared.host, files...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = dockertest.Remove(context.Background(), shared.host, digest) })
		return digest
	}
	for name, c := range map[string]struct {
		image string
		tries int // until the pool gives up
	}{
		"missing":        {"sha256:" + strings.Repeat("0", 64), 1},
		"no agent":       {build(dockertest.File{Path: "readme", Data: []byte(name(t)), Mode: 0o644}), 1},
		"not executable": {build(dockertest.File{Path: "engine-agent", Data: []byte(name(t)), Mode: 0o644}), 1},
		"no program":     {build(dockertest.File{Path: "engine-agent", Data: []byte(name(t)), Mode: 0o755}), 5}, // it starts, and fails
	} {
		t.Run(name, func(t *testing.T) {
			b := benchOn(t, daemon, im)
			job := b.attack("honest")
			job.Engine = engine{"broken", c.image}
			o := do(t.Context(), b, job)
			if st := b.Stats(); o.code != models.CodeEngineUnavailable || st.Counts.Failed != c.tries {
				t.Errorf("after %s and %d tries: %v", o.took, st.Counts.Failed, o.err)
			}
			b.stillWorks()
		})
	}
}

// TestUnknownRuntime has a worker whose daemon lacks the configured runtime. It reports this immediately, and does not affect
// others on the daemon.
func TestUnknownRuntime(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *sandbox.DockerOptions) { o.Shape.Runtime = "no-such-runtime" })
	other := newBench(t)
	for range 2 { // and the second time without asking the daemon
		o := do(t.Context(), b, b.attack("honest"))
		if o.code != models.CodeEngineUnavailable {
			t.Errorf("after %s: %v", o.took, o.err)
		}
		if msg := models.AsError(o.err).Message; !strings.Contains(msg, "no-such-runtime") {
			t.Errorf("message %q", msg)
		}
	}
	if st := b.Stats(); len(st.Keys) != 1 || st.Keys[0].Broken == "" || st.Counts.Failed != 1 {
		t.Errorf("stats %+v", st)
	}
	other.stillWorks()
}

func name(t *testing.T) string { return t.Name() }

func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, cause := range map[string]error{
		"by the user": errors.New("no longer wanted"), "lost lease": models.NewError(models.CodeWorkerLost, "lease lost"),
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		begun := make(chan struct{})
		var once sync.Once
		job := b.attack("fork-bomb wait")
		job.Log = func(string) { once.Do(func() { close(begun) }) }
		ended := make(chan outcome)
		go func() { ended <- do(ctx, b, job) }()
		<-begun
		begin := time.Now()
		cancel(cause)
		o := <-ended
		want := models.CodeCancelled
		if e, ok := errors.AsType[*models.Error](cause); ok {
			want = e.Code
		}
		if o.code != want || !strings.Contains(o.log(), "held started") {
			t.Errorf("%s: %v\n%s", name, o.err, o.log())
		}
		t.Logf("%s: dead after %s", name, time.Since(begin))
		if n := b.count(pool.Running) + b.count(pool.Leased); n > 0 {
			t.Errorf("%d sandboxes still run", n)
		}
	}
	b.stillWorks()
}

func TestCloseWhileJobsRun(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	begun := make(chan struct{})
	job := b.attack("fork-bomb wait")
	var once sync.Once
	job.Log = func(string) { once.Do(func() { close(begun) }) }
	ended := make(chan outcome)
	go func() { ended <- do(t.Context(), b, job) }()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	closed := make(chan error)
	go func() { closed <- b.Close(ctx) }()
	if o := <-ended; o.code != models.CodeUnavailable {
		t.Errorf("the running job: %v", o.err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if left := b.containers(b.opts.Owner); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if o := do(t.Context(), b, b.attack("honest")); o.code != models.CodeUnavailable {
		t.Errorf("a job after the end: %v", o.err)
	}
}

// turns records the order in which builds get a container, by engine.
type turns struct {
	stuck
	mu  sync.Mutex
	all []string
}

func (l *turns) Acquired(k pool.Key, _ time.Duration, _ bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, k.Engine)
}

func (l *turns) list() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}

// TestOneAccountFloods lets one account ask for forty builds before another asks for its first.
func TestOneAccountFloods(t *testing.T) {
	t.Parallel()
	var order turns
	b := newBench(t, func(o *sandbox.DockerOptions) { o.Pool.Max, o.Observer = 2, &order })
	const flood = 40
	var jobs sync.WaitGroup
	run := func(account string) {
		job := b.attack("honest")
		job.Account, job.Engine = account, engine{account, b.images.honest}
		if o := do(t.Context(), b, job); o.err != nil {
			t.Error(o.err)
		}
	}
	for range flood {
		jobs.Go(func() { run("flood") })
	}
	b.eventually(time.Minute, "the flood", func() bool { return b.Stats().Waiting >= flood-2 })
	served := len(order.list())
	run("modest")
	if before := slices.Index(order.list(), "modest") - served; before < 0 || before > 6 {
		t.Errorf("the modest account was served after %d of the other's builds", before)
	}
	jobs.Wait()
}

// TestBurst submits a hundred builds to four warm containers simultaneously.
func TestBurst(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *sandbox.DockerOptions) { o.Pool.Max, o.Pool.Warm = 6, 4 })
	b.ready(4)
	begin := time.Now()
	var jobs sync.WaitGroup
	for n := range 100 {
		jobs.Go(func() {
			job := b.attack("honest")
			job.Account, job.JobID = fmt.Sprint(n%10), fmt.Sprint(n)
			job.Plan.Limits = engines.Limits{Time: 10 * time.Second}
			if o := do(t.Context(), b, job); o.err != nil || len(o.res.Outputs.Manifest()) != 1 {
				t.Errorf("build %d: %v", n, o.err)
			}
		})
	}
	jobs.Wait()
	t.Logf("100 builds in %s", time.Since(begin))
}
