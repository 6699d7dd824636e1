//go:build linux

package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// BenchmarkSandbox measures a sandbox and its alternatives, alternately in one run, because the machine's speed drifts and only
// the ratios are stable. Targets are printed beside the figures.
func BenchmarkSandbox(b *testing.B) {
	s := newSandboxBench(b)
	for _, part := range []struct {
		name string
		run  func(b *testing.B)
	}{
		{"acquire", s.acquire}, {"ping", s.ping}, {"job", s.jobs}, {"cancel", s.cancels}, {"sustained", s.sustained},
	} {
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				part.run(b)
			}
		})
	}
}

// timings are how long several ways of doing one thing took, measured alternately.
type timings map[string][]time.Duration

func (t timings) measure(b *testing.B, way string, f func() error) {
	b.Helper()
	begin := time.Now()
	if err := f(); err != nil {
		b.Fatalf("%s: %v", way, err)
	}
	t[way] = append(t[way], time.Since(begin))
}

func (t timings) percentile(way string, p float64) time.Duration {
	list := slices.Sorted(slices.Values(t[way]))
	return list[min(len(list)-1, int(p*float64(len(list))))]
}

// aim prints a percentile beside its target.
func (t timings) aim(b *testing.B, way string, p float64, want time.Duration) {
	b.Helper()
	got := t.percentile(way, p)
	verdict := "aim"
	if want == 0 {
		b.Logf("%-34s p%-3.0f %12s", way, p*100, got.Round(time.Microsecond))
	} else {
		if got > want {
			verdict = "MISSED, aim"
		}
		b.Logf("%-34s p%-3.0f %12s   %s ≤ %s", way, p*100, got.Round(time.Microsecond), verdict, want)
	}
	b.ReportMetric(float64(got.Microseconds()), fmt.Sprintf("%s-p%.0f-µs", strings.ReplaceAll(way, " ", "-"), p*100))
}

// ratio prints how two ways compare at their medians.
func (t timings) ratio(b *testing.B, way, other string, want float64) {
	b.Helper()
	r := float64(t.percentile(way, .5)) / float64(t.percentile(other, .5))
	verdict := ""
	switch {
	case want > 0 && r > want:
		verdict = fmt.Sprintf("MISSED, aim ≤ %.2f", want)
	case want > 0:
		verdict = fmt.Sprintf("aim ≤ %.2f", want)
	}
	b.Logf("%-34s %.3f × %s   %s", way, r, other, verdict)
	b.ReportMetric(r, strings.ReplaceAll(way+"/"+other, " ", "-"))
}

type sandboxBench struct {
	host, image, noop string
	daemon            *docker.Daemon
}

func newSandboxBench(b *testing.B) *sandboxBench {
	host := testenv.Docker(b)
	daemon, err := docker.Connect(host)
	if err != nil {
		b.Fatal(err)
	}
	agent, err := dockertest.Program("github.com/spark-games/spark/cmd/engine-agent", "engine-agent")
	if err != nil {
		b.Fatal(err)
	}
	nothing, err := emptyProgram()
	if err != nil {
		b.Fatal(err)
	}
	hostile, err := dockertest.Program("github.com/spark-games/spark/tests/attacks/hostile", "hostile")
	if err != nil {
		b.Fatal(err)
	}
	image, err := dockertest.Image(b.Context(), host, agent, hostile, dockertest.File{Path: "noop", Data: nothing, Mode: 0o755})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := errors.Join(dockertest.Remove(ctx, host, image), daemon.Close()); err != nil {
			b.Error(err)
		}
	})
	path := filepath.Join(b.TempDir(), "noop")
	if err := os.WriteFile(path, nothing, 0o755); err != nil {
		b.Fatal(err)
	}
	return &sandboxBench{host: host, image: image, noop: path, daemon: daemon}
}

// benchEngineOf is an engine that has only an image.
type benchEngineOf struct{ image string }

func (benchEngineOf) Info() engines.Info                                 { return engines.Info{Name: "bench", Version: "1"} }
func (benchEngineOf) Toolchain() engines.Toolchain                       { return engines.Toolchain{} }
func (benchEngineOf) Image() engines.Image                               { return engines.Image{Base: engines.Scratch} }
func (benchEngineOf) Starter(engines.Design) ([]models.File, error)      { return nil, nil }
func (benchEngineOf) Plan(engines.BuildRequest) (engines.Plan, error)    { return engines.Plan{}, nil }
func (benchEngineOf) Verify(engines.BuildRequest, engines.Outputs) error { return nil }

type benchImages struct{}

func (benchImages) Image(_ context.Context, e engines.Engine) (string, error) {
	return e.(benchEngineOf).image, nil
}

func (s *sandboxBench) runner(b *testing.B, cfg pool.Config) *sandbox.DockerRunner {
	r, err := sandbox.NewDockerRunner(b.Context(), sandbox.DockerOptions{Daemon: s.daemon, Images: benchImages{},
		Owner: "bench/" + rand.Text(), OwnersDir: b.TempDir(), Pool: cfg, Limits: benchLimits})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

var benchLimits = engines.Limits{Time: time.Minute, MemoryBytes: 512 << 20}

func closeRunner(b *testing.B, r *sandbox.DockerRunner) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		b.Error(err)
	}
}

func (s *sandboxBench) request(argv ...string) engines.RunRequest {
	return engines.RunRequest{Account: "bench", JobID: "bench", Sink: engines.NewSpool(""), Engine: benchEngineOf{s.image},
		Plan:  engines.Plan{Command: &engines.Command{Steps: []engines.Step{{Argv: argv}}, Output: "out", Executes: true}},
		Files: []models.File{{Path: "main.js", Data: []byte("run()")}}}
}

// until waits for the pool.
func until(b *testing.B, ok func() bool) {
	b.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatal("the pool does not get ready")
		}
	}
}

func count(r *sandbox.DockerRunner, states ...pool.State) (n int) {
	for _, k := range r.Stats().Keys {
		for _, s := range states {
			n += k.States[s]
		}
	}
	return n
}

// acquire takes warm containers from a pool whose containers cost nothing, so that only the pool is measured.
func (s *sandboxBench) acquire(b *testing.B) {
	p := pool.New(free{}, pool.Config{Max: 64, Warm: 32, Launches: 8})
	key := pool.Key{Engine: "bench", Image: "free"}
	p.Want(key, 32)
	t := timings{}
	for range 20_000 {
		t.measure(b, "acquire warm", func() error {
			l, err := p.Acquire(b.Context(), key, "bench")
			if err == nil {
				defer l.Release(true)
			}
			return err
		})
	}
	if err := p.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
	t.aim(b, "acquire warm", .5, 50*time.Microsecond)
	t.aim(b, "acquire warm", .99, time.Millisecond)
}

type free struct{}

func (free) Launch(context.Context, pool.Key) (pool.Sandbox, error) { return freeSandbox{}, nil }

type freeSandbox struct{}

func (freeSandbox) Ping(context.Context) error   { return nil }
func (freeSandbox) Reset(context.Context) error  { return nil }
func (freeSandbox) Gone() <-chan struct{}        { return nil }
func (freeSandbox) Remove(context.Context) error { return nil }

// ping sends a job without an action to an agent and waits for its answer.
func (s *sandboxBench) ping(b *testing.B) {
	name := "spark-bench-" + rand.Text()
	c, err := s.daemon.Start(b.Context(), docker.Spec{Name: name, Image: s.image, Labels: map[string]string{"spark.test": "true"},
		Memory: 256 << 20, NanoCPUs: 2e9, Processes: 64, OpenFiles: 1024, FileBytes: 1 << 20,
		Work: docker.Tmpfs{Bytes: 1 << 20, Inodes: 100}, Tmp: docker.Tmpfs{Bytes: 1 << 20, Inodes: 100}})
	defer func() { _ = s.daemon.Remove(context.Background(), name) }()
	if err != nil {
		b.Fatal(err)
	}
	r, w := protocol.NewReader(c), protocol.NewWriter(c)
	if f, err := r.Next(); err != nil || f.Type != protocol.Hello {
		b.Fatal(f.Type, err)
	}
	t := timings{}
	for range 2000 {
		t.measure(b, "ping", func() error {
			token := protocol.Token([]byte(rand.Text())[:protocol.TokenSize])
			w.Begin(token)
			r.Expect(token)
			err := errors.Join(w.Send(protocol.Start, []byte(`{"plan":{}}`)), w.Send(protocol.Run, nil), w.Flush())
			if err != nil {
				return err
			}
			f, err := r.Next()
			if err == nil && f.Type != protocol.Done {
				err = fmt.Errorf("%s instead of done", f.Type)
			}
			return err
		})
	}
	t.aim(b, "ping", .5, 200*time.Microsecond)
	t.aim(b, "ping", .99, 0)
}

// jobs runs a program that does nothing, in every way.
func (s *sandboxBench) jobs(b *testing.B) {
	single := s.runner(b, pool.Config{Max: 4, Warm: 1})
	defer closeRunner(b, single)
	reused := s.runner(b, pool.Config{Max: 2, Warm: -1, Reuse: pool.Reuse{Jobs: 1 << 20, For: time.Hour}})
	defer closeRunner(b, reused)
	cold := s.runner(b, pool.Config{Max: 2, Warm: -1})
	defer closeRunner(b, cold)
	cli := func(args ...string) func() error {
		return func() error {
			out, err := exec.CommandContext(b.Context(), "docker", append([]string{"-H", s.host}, args...)...).CombinedOutput()
			if err != nil {
				err = fmt.Errorf("docker %s: %w: %s", args[0], err, out)
			}
			return err
		}
	}
	name := "spark-bench-" + rand.Text()
	if err := cli("run", "-d", "--name", name, "--network", "none", "--label", "spark.test=true", "--entrypoint", "/hostile", s.image, "stubborn")(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.daemon.Remove(context.Background(), name) }()
	job := s.request("/noop")
	run := func(r *sandbox.DockerRunner) func() error {
		return func() error { _, err := r.Run(b.Context(), job); return err }
	}
	if err := errors.Join(run(reused)(), single.Prepare(b.Context(), job.Engine, benchLimits, 1)); err != nil {
		b.Fatal(err)
	}
	t := timings{}
	for range 40 {
		until(b, func() bool { return count(single, pool.Warm) > 0 && count(single, pool.Creating, pool.Draining) == 0 })
		t.measure(b, "job, single-use warm", run(single))
		until(b, func() bool { return count(single, pool.Warm) > 0 && count(single, pool.Creating, pool.Draining) == 0 })
		for range 5 {
			until(b, func() bool { return count(reused, pool.Warm) > 0 })
			t.measure(b, "job, reused", run(reused))
			until(b, func() bool { return count(reused, pool.Warm) > 0 })
			time.Sleep(20 * time.Millisecond)
			t.measure(b, "job, reused, after a pause", run(reused))
		}
		t.measure(b, "job, cold hardened", run(cold))
		until(b, func() bool { return count(cold, pool.Draining) == 0 })
		t.measure(b, "docker run --rm", cli("run", "--rm", "--network", "none", "--label", "spark.test=true", "--entrypoint", "/noop", s.image))
		t.measure(b, "docker exec", cli("exec", name, "/noop"))
		t.measure(b, "on the host", func() error { return exec.CommandContext(b.Context(), s.noop).Run() })
	}
	t.aim(b, "job, single-use warm", .5, 10*time.Millisecond)
	t.aim(b, "job, single-use warm", .95, 25*time.Millisecond)
	t.aim(b, "job, reused", .5, 2*time.Millisecond)
	t.aim(b, "job, reused", .95, 0)
	t.aim(b, "job, reused, after a pause", .5, 2*time.Millisecond)
	t.aim(b, "job, cold hardened", .5, 0)
	t.aim(b, "docker run --rm", .5, 0)
	t.aim(b, "docker exec", .5, 0)
	t.aim(b, "on the host", .5, 0)
	t.ratio(b, "job, single-use warm", "docker exec", 0)
	t.ratio(b, "job, single-use warm", "docker run --rm", 0)
	t.ratio(b, "job, reused", "docker exec", 0)
	t.ratio(b, "job, cold hardened", "docker run --rm", 1.3)
}

// cancels measures the time from the cancel of a job until the container's control group has no process left.
func (s *sandboxBench) cancels(b *testing.B) {
	var id atomic.Pointer[string]
	watched := &watchedDaemon{Daemon: s.daemon, started: func(c string) { id.Store(&c) }}
	r, err := sandbox.NewDockerRunner(b.Context(), sandbox.DockerOptions{Daemon: watched, Images: benchImages{},
		Owner: "bench/" + rand.Text(), OwnersDir: b.TempDir(), Pool: pool.Config{Max: 2, Warm: -1}, Limits: benchLimits})
	if err != nil {
		b.Fatal(err)
	}
	defer closeRunner(b, r)
	t := timings{}
	for range 30 {
		ctx, cancel := context.WithCancel(b.Context())
		begun, ended := make(chan struct{}), make(chan error, 1)
		job := s.request("/hostile", "family")
		var once sync.Once
		job.Log = func(string) { once.Do(func() { close(begun) }) }
		go func() { _, err := r.Run(ctx, job); ended <- err }()
		<-begun
		group := cgroupOf(b, *id.Load())
		t.measure(b, "cancel to all dead", func() error {
			cancel()
			for {
				procs, err := os.ReadFile(filepath.Join(group, "cgroup.procs"))
				if os.IsNotExist(err) || err == nil && len(procs) == 0 {
					return nil // gone with its container, or empty
				}
				if err != nil {
					return err
				}
				time.Sleep(200 * time.Microsecond)
			}
		})
		if err := <-ended; models.CodeOf(err) != models.CodeCancelled {
			b.Fatal(err)
		}
		until(b, func() bool { return count(r, pool.Draining) == 0 })
	}
	t.aim(b, "cancel to all dead", .5, 0)
	t.aim(b, "cancel to all dead", .99, 50*time.Millisecond)
}

type watchedDaemon struct {
	*docker.Daemon
	started func(id string)
}

func (d *watchedDaemon) Start(ctx context.Context, s docker.Spec) (*docker.Container, error) {
	c, err := d.Daemon.Start(ctx, s)
	if err == nil {
		d.started(c.ID)
	}
	return c, err
}

func cgroupOf(b *testing.B, id string) string {
	for _, pattern := range []string{"/sys/fs/cgroup/memory/docker/", "/sys/fs/cgroup/docker/", "/sys/fs/cgroup/system.slice/docker-"} {
		if found, _ := filepath.Glob(pattern + id + "*"); len(found) > 0 {
			return found[0]
		}
	}
	b.Skip("the container's control group cannot be seen from here")
	return ""
}

// sustained keeps four builds going for a while.
func (s *sandboxBench) sustained(b *testing.B) {
	for _, c := range []struct {
		name string
		cfg  pool.Config
	}{
		{"single-use builds per second", pool.Config{Max: 8, Warm: 4}},
		{"reused builds per second", pool.Config{Max: 4, Warm: 1, Reuse: pool.Reuse{Jobs: 16, For: 10 * time.Minute}}},
	} {
		r := s.runner(b, c.cfg)
		ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second)
		var done atomic.Int64
		var all sync.WaitGroup
		begin := time.Now()
		for range 4 {
			all.Go(func() {
				for ctx.Err() == nil {
					if _, err := r.Run(ctx, s.request("/noop")); err == nil {
						done.Add(1)
					} else if ctx.Err() == nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		cancel()
		rate := float64(done.Load()) / time.Since(begin).Seconds()
		closeRunner(b, r)
		b.Logf("%-34s %.1f", c.name, rate)
		b.ReportMetric(rate, strings.ReplaceAll(c.name, " ", "-"))
	}
}
