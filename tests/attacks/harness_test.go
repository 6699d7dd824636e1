//go:build linux

package attacks_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// engine is one whose image is given. It implements engines.Engine and, for the runner, sandbox.Images.
type engine struct{ name, image string }

func (e engine) Info() engines.Info                               { return engines.Info{Name: e.name, Version: "1"} }
func (engine) Toolchain() engines.Toolchain                       { return engines.Toolchain{} }
func (engine) Image() engines.Image                               { return engines.Image{Base: engines.Scratch} }
func (engine) Starter(engines.Design) ([]models.File, error)      { return nil, nil }
func (engine) Plan(engines.BuildRequest) (engines.Plan, error)    { return engines.Plan{}, nil }
func (engine) Verify(engines.BuildRequest, engines.Outputs) error { return nil }

type catalog struct{}

func (catalog) Image(_ context.Context, e engines.Engine) (string, error) {
	return e.(engine).image, nil
}

// bench is a runner on a daemon, and what the tests need to inspect it.
type bench struct {
	*sandbox.DockerRunner
	t      *testing.T
	daemon *docker.Daemon
	images images
	opts   sandbox.DockerOptions
}

// newBench makes a runner over the shared daemon. When the test ends, nothing of it may be left.
func newBench(t *testing.T, change ...func(*sandbox.DockerOptions)) *bench {
	t.Helper()
	daemon, images := commonDaemon(t)
	return benchOn(t, daemon, images, change...)
}

func benchOn(t *testing.T, daemon *docker.Daemon, images images, change ...func(*sandbox.DockerOptions)) *bench {
	t.Helper()
	b := &bench{t: t, daemon: daemon, images: images, opts: options(t, daemon)}
	for _, c := range change {
		c(&b.opts)
	}
	var err error
	if b.DockerRunner, err = sandbox.NewDockerRunner(t.Context(), b.opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := b.Close(ctx); err != nil {
			t.Error(err)
		}
		if len(b.containers(b.opts.Owner)) > 0 {
			b.sweepAfter(ctx)
		}
	})
	return b
}

// sweepAfter has another worker sweep after a runner was closed, for containers that appeared too late, such as one that a
// hanging daemon created after nobody waited for it any more.
func (b *bench) sweepAfter(ctx context.Context) {
	b.t.Helper()
	next := b.opts
	next.Owner = "attacks/" + rand.Text()
	r, err := sandbox.NewDockerRunner(ctx, next)
	if err != nil {
		b.t.Error(err)
		return
	}
	deadline := time.Now().Add(30 * time.Second)
	for left := b.list(b.opts.Owner); len(left) > 0; left = b.list(b.opts.Owner) {
		if time.Now().After(deadline) {
			b.t.Errorf("another worker does not remove %+v: %v", left[0], b.daemon.Remove(ctx, left[0].ID))
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err := r.Close(ctx); err != nil {
		b.t.Error(err)
	}
}

func options(t *testing.T, daemon *docker.Daemon) sandbox.DockerOptions {
	log := zap.NewNop()
	if testing.Verbose() {
		log = zaptest.NewLogger(t)
	}
	return sandbox.DockerOptions{
		Daemon: daemon, Images: catalog{}, Owner: "attacks/" + rand.Text(), OwnersDir: t.TempDir(), Log: log, Limits: limits,
		Pool: pool.Config{Max: 4, Warm: -1, PingTimeout: 30 * time.Second}, // on a busy machine a container may be slow to answer
	}
}

// limits are the limits of an attack that sets none.
var limits = engines.Limits{Time: 30 * time.Second, MemoryBytes: 256 << 20, OutputBytes: 4 << 20, OutputFiles: 100, LogBytes: 16 << 10}

func reuse(o *sandbox.DockerOptions) { o.Pool.Reuse = pool.Reuse{Jobs: 16, For: 10 * time.Minute} }

// containers are those of an owner, in any state.
func (b *bench) containers(owner string) (names []string) {
	b.t.Helper()
	for _, c := range b.list(owner) {
		names = append(names, c.Name+" "+c.State)
	}
	return names
}

func (b *bench) list(owner string) []docker.Summary {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	list, err := b.daemon.List(ctx, sandbox.LabelOwner+"="+owner)
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// attack is a request for a job that is the hostile program, one step for each list of arguments.
func (b *bench) attack(steps ...string) engines.RunRequest {
	plan := engines.Plan{Command: &engines.Command{Output: "out", Executes: true}}
	for _, s := range steps {
		plan.Command.Steps = append(plan.Command.Steps, engines.Step{Argv: append([]string{"/hostile"}, strings.Split(s, " ")...), Dir: "{work}/out"})
	}
	return engines.RunRequest{Account: "attacker", JobID: strings.Join(steps, "; "), Engine: engine{"honest", b.images.honest}, Plan: plan,
		Files: []models.File{{Path: "main.js", Data: []byte("run()")}}}
}

// outcome is the outcome of one job, as the tests check it.
type outcome struct {
	res  *engines.Result
	err  error
	code models.Code // "" for success
	took time.Duration
}

func do(ctx context.Context, r engines.Runner, job engines.RunRequest) outcome {
	begin := time.Now()
	job.Sink = engines.NewSpool("") // kept until the outcome has been checked
	res, err := r.Run(ctx, job)
	o := outcome{res: res, err: err, took: time.Since(begin)}
	if err != nil {
		o.code = models.CodeOf(err)
	}
	return o
}

// log is the end of the job's output.
func (o outcome) log() string {
	if o.res == nil {
		return ""
	}
	return o.res.LogTail
}

// files are the files that the job has made.
func (o outcome) files(t *testing.T) []models.File {
	t.Helper()
	if o.res == nil {
		return nil
	}
	return enginetest.Files(t, o.res.Outputs)
}

// stillWorks checks that the runner still builds after an attack.
func (b *bench) stillWorks() {
	b.t.Helper()
	if o := do(b.t.Context(), b, b.attack("honest")); o.err != nil || len(o.res.Outputs.Manifest()) != 1 {
		b.t.Errorf("after the attack: %v\n%s", o.err, o.log())
	}
}

// eventually polls for a condition that is not signalled.
func (b *bench) eventually(within time.Duration, what string, ok func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(within); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: not within %s", what, within)
		}
	}
}
