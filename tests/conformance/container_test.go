package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/internal/builds/images"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

// newDockerRunner builds in containers, and makes missing images.
func newDockerRunner(tb testing.TB) *sandbox.DockerRunner {
	tb.Helper()
	host := testenv.Docker(tb)
	tc := toolchain.New(enginetest.ToolchainDir(tb), nil)
	maker, err := images.New(images.Options{Host: host, Toolchains: tc})
	if err != nil {
		tb.Fatal(err)
	}
	daemon, err := docker.Connect(host)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := sandbox.NewDockerRunner(tb.Context(), sandbox.DockerOptions{Daemon: daemon, Images: maker, Modules: tc,
		Owner: "conformance-" + models.NewID(), OwnersDir: tb.TempDir(), Pool: pool.Config{Max: 4, Warm: 1}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.Close(ctx); err != nil {
			tb.Error(err)
		}
		_ = maker.Close()
		_ = daemon.Close()
	})
	return r
}

func TestEnginesInContainers(t *testing.T) {
	t.Parallel()
	runner := newDockerRunner(t)
	for _, e := range adapters {
		t.Run(engines.Ref(e), func(t *testing.T) { enginetest.Run(t, e, runner) })
	}
}
