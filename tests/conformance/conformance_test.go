// Package conformance runs every engine's adapter through the conformance suite, with real toolchains and real agents.
package conformance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/babylon"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/godot"
	"github.com/spark-games/spark/engines/kaplay"
	"github.com/spark-games/spark/engines/love"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/pixi"
	"github.com/spark-games/spark/engines/playcanvas"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/agent"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/tests/services/find"
)

// agentBinary is cmd/engine-agent as it is shipped: without the race detector, under which a bundler takes ten times as long.
// The sandbox's own tests check that a program can be its own agent.
var agentBinary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "spark-conformance-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	agentBinary = filepath.Join(dir, "engine-agent")
	build := exec.Command("go", "build", "-o", agentBinary, "../../cmd/engine-agent")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the agent: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

func newRunner(tb testing.TB) *sandbox.LocalRunner {
	tb.Helper()
	r, err := sandbox.NewLocalRunner(sandbox.Options{Toolchains: toolchain.New(enginetest.ToolchainDir(tb), nil),
		Agent: []string{agentBinary, agent.Arg}, Warm: 2, ProjectCode: true}) // trusted: the projects are the tests' own
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
	return r
}

// adapters are the engines that the suite runs over.
var adapters = []engines.Engine{babylon.Engine{}, ebitengine.Engine{}, godot.Engine{}, kaplay.Engine{}, love.Engine{}, phaser.Engine{},
	phaser.Phaser3, pixi.Engine{}, playcanvas.Engine{}, three.Engine{}}

func TestEngines(t *testing.T) {
	t.Parallel()
	runner := newRunner(t)
	for _, e := range adapters {
		t.Run(engines.Ref(e), func(t *testing.T) {
			needPrograms(t, e)
			enginetest.Run(t, e, runner)
		})
	}
}

// needPrograms skips a test of an engine whose programs are not installed and cannot be installed here. In continuous
// integration they are.
func needPrograms(t *testing.T, e engines.Engine) {
	t.Helper()
	if missing := e.Toolchain().Missing(exec.LookPath); len(missing) > 0 && !find.CanInstall() && os.Getenv("CI") != "true" {
		t.Skip("this machine has no " + strings.Join(missing, " and no "))
	}
}
