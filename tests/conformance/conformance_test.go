// Package conformance runs every engine's adapter through the conformance suite, with real toolchains and real agents.
package conformance

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/internal/sandbox"
	"github.com/spark-games/spark/internal/sandbox/agent"
	"github.com/spark-games/spark/internal/toolchain"
)

func TestMain(m *testing.M) {
	agent.MaybeRun()
	os.Exit(m.Run())
}

func newRunner(tb testing.TB) *sandbox.LocalRunner {
	tb.Helper()
	r, err := sandbox.NewLocalRunner(sandbox.Options{Toolchains: toolchain.New(enginetest.ToolchainDir(tb), nil), Warm: 2})
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

func TestEngines(t *testing.T) {
	t.Parallel()
	runner := newRunner(t)
	for _, e := range []engines.Engine{phaser.Engine{}, three.Engine{}} {
		t.Run(e.Info().Name, func(t *testing.T) { enginetest.Run(t, e, runner) })
	}
}
