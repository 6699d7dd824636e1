package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/models"
)

func TestMain(m *testing.M) {
	agent.MaybeRun()
	if len(os.Args) > 2 && os.Args[1] == fakeArg {
		os.Exit(fakeAgent(os.Args[2], os.Args[3:]))
	}
	if err := os.Setenv("SPARK_TEST_SECRET", envSecret); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

const envSecret = "not-for-agents"

// plain is an engine without packages, so that the runner is tested alone.
type plain struct{}

func (plain) Info() engines.Info   { return engines.Info{Name: "plain"} }
func (plain) Image() engines.Image { return engines.Image{} }

func (plain) Toolchain() engines.Toolchain                      { return engines.Toolchain{} }
func (plain) Starter(engines.Design) ([]models.File, error)     { return nil, nil }
func (plain) Plan(r engines.BuildRequest) (engines.Plan, error) { return web.Plan(r, nil) }
func (plain) Verify(r engines.BuildRequest, out engines.Outputs) error {
	return web.Verify(r, out)
}

// noPackages is the toolchain of engines that have none.
type noPackages struct{}

func (noPackages) Dir() string { return "" }

func (noPackages) Ensure(context.Context, engines.Engine) (string, error) { return "", nil }
func (noPackages) SharedModules(context.Context, engines.Engine) ([]engines.ModuleBlob, error) {
	return nil, nil
}

func (noPackages) Digest(context.Context, engines.Engine) (string, error) { return "", nil }

func newRunner(t *testing.T, change ...func(*sandbox.Options)) *sandbox.LocalRunner {
	t.Helper()
	opts := sandbox.Options{Toolchains: noPackages{}, Dir: t.TempDir()}
	for _, c := range change {
		c(&opts)
	}
	r, err := sandbox.NewLocalRunner(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return r
}

func files(pairs ...string) []models.File {
	var list []models.File
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return list
}

func request(t *testing.T, mode engines.Mode, list []models.File) engines.RunRequest {
	t.Helper()
	plan, err := plain{}.Plan(engines.BuildRequest{Title: "A game", Files: list, Mode: mode})
	if err != nil {
		t.Fatal(err)
	}
	return engines.RunRequest{JobID: t.Name(), Engine: plain{}, Plan: plan, Files: list, Sink: enginetest.Sink(t)}
}

func TestBuild(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	list := files("src/main.ts", `import { n } from "./n"; document.title = "x" + (n as number);`,
		"src/n.ts", "export const n: number = 41 + 1;")
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		var lines []string
		req := request(t, mode, list)
		req.Log = func(line string) { lines = append(lines, line) }
		var steps []string
		req.Progress = func(fraction float64, stage string) { steps = append(steps, fmt.Sprintf("%.1f %s", fraction, stage)) }
		res, err := r.Run(t.Context(), req)
		if err != nil {
			t.Fatal(err, res)
		}
		for _, f := range enginetest.Files(t, res.Outputs) {
			t.Logf("%s %s\n%s", mode, f.Path, f.Data)
		}
		if err := (plain{}).Verify(engines.BuildRequest{Mode: mode}, res.Outputs); err != nil {
			t.Error(err)
		}
		if len(lines) != 1 || !strings.Contains(res.LogTail, lines[0]) {
			t.Errorf("log %q, tail %q", lines, res.LogTail)
		}
		if want := []string{"0.0 reading the project", "0.1 bundling", "0.8 putting the page together", "0.9 collecting what came out"}; !slices.Equal(steps, want) {
			t.Errorf("progress %q, want %q", steps, want)
		}
		t.Log(lines, res.Duration)
	}
}

// The runner knows the isolation of its agents without a build, with warm agents and without.
func TestIsolationIsKnownBeforeAnyBuild(t *testing.T) {
	t.Parallel()
	for _, warm := range []int{1, -1} {
		r := newRunner(t, func(o *sandbox.Options) { o.Warm = warm })
		got, err := r.Isolation()
		if err != nil || !got.Level.Valid() || got.Level == engines.Contained || got.Level == engines.Open && got.Reason == "" {
			t.Errorf("with %d agents: %+v %v", warm, got, err)
		}
	}
}
