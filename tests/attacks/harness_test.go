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
	"github.com/spark-games/spark/internal/sandbox"
	"github.com/spark-games/spark/internal/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// engine is one whose image is given. It implements engines.Engine and, for the runner, sandbox.Images.
type engine struct{ name, image string }

func (e engine) Info() engines.Info                             { return engines.Info{Name: e.name, Version: "1"} }
func (engine) Toolchain() engines.Toolchain                     { return engines.Toolchain{} }
func (engine) Image() engines.Image                             { return engines.Image{Base: engines.Scratch} }
func (engine) Starter(engines.Design) ([]models.File, error)    { return nil, nil }
func (engine) Plan(engines.BuildRequest) (engines.Plan, error)  { return engines.Plan{}, nil }
func (engine) Verify(engines.BuildRequest, []models.File) error { return nil }

type catalog struct{}

func (catalog) Image(_ context.Context, e engines.Engine) (string, error) {
	return e.(engine).image, nil
}

func honest() engine  { return engine{"honest", images.honest} }
func hostile() engine { return engine{"hostile", images.hostile} }

// newRunner makes a runner over the shared daemon. When the test ends, nothing of it may be left.
func newRunner(t *testing.T, change ...func(*sandbox.DockerOptions)) *sandbox.DockerRunner {
	t.Helper()
	opts := options(t)
	for _, c := range change {
		c(&opts)
	}
	r, err := sandbox.NewDockerRunner(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			t.Error(err)
		}
		if left := containers(t, opts.Owner); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return r
}

func options(t *testing.T) sandbox.DockerOptions {
	log := zap.NewNop()
	if testing.Verbose() {
		log = zaptest.NewLogger(t, zaptest.WrapOptions(zap.AddCaller()))
	}
	return sandbox.DockerOptions{
		Daemon: daemon, Images: catalog{}, Owner: "attacks/" + rand.Text(), OwnersDir: t.TempDir(), Log: log,
		Limits: engines.Limits{Time: 30 * time.Second, MemoryBytes: 256 << 20, OutputBytes: 4 << 20, OutputFiles: 100, LogBytes: 16 << 10},
		Pool:   pool.Config{Max: 4, Warm: -1},
	}
}

func warm(n int) func(*sandbox.DockerOptions) {
	return func(o *sandbox.DockerOptions) { o.Pool.Warm = n }
}

func reuse(o *sandbox.DockerOptions) { o.Pool.Reuse = pool.Reuse{Jobs: 16, For: 10 * time.Minute} }

// containers are those of an owner, in any state.
func containers(t *testing.T, owner string) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	list, err := daemon.List(ctx, sandbox.LabelOwner+"="+owner)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range list {
		names = append(names, c.Name+" "+c.State)
	}
	return names
}

// attack is a request for a job that is the hostile program, one step for each list of arguments.
func attack(steps ...string) engines.RunRequest {
	plan := engines.Plan{Command: &engines.Command{Output: "out", Executes: true}}
	for _, s := range steps {
		plan.Command.Steps = append(plan.Command.Steps, engines.Step{Argv: append([]string{"/hostile"}, strings.Split(s, " ")...), Dir: "{work}/out"})
	}
	return engines.RunRequest{Account: "attacker", JobID: strings.Join(steps, "; "), Engine: honest(), Plan: plan,
		Files: []models.File{{Path: "main.js", Data: []byte("run()")}}}
}

// outcome of one job, as a test wants it.
type outcome struct {
	res  *engines.Result
	err  error
	code models.Code // "" for success
	took time.Duration
}

func do(ctx context.Context, r engines.Runner, job engines.RunRequest) outcome {
	begin := time.Now()
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

// stillWorks shows that the runner builds on after an attack.
func stillWorks(t *testing.T, r engines.Runner) {
	t.Helper()
	if o := do(t.Context(), r, attack("honest")); o.err != nil || len(o.res.Outputs) != 1 {
		t.Errorf("after the attack: %v\n%s", o.err, o.log())
	}
}
