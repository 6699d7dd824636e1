//go:build linux

// Package attacks_test lets hostile jobs, hostile agents and broken daemons loose on the sandbox, with a real Docker
// daemon, and looks whether the walls hold.
package attacks_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/sandbox/docker"
	"github.com/spark-games/spark/internal/sandbox/dockertest"
)

// What all tests of the package share: one daemon, and images made once.
var (
	daemon *docker.Daemon
	images struct{ honest, hostile string } // whose agent is ours, and whose is not
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerArg {
		os.Exit(workerMain(os.Args[2:]))
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	ctx := context.Background()
	err := prepare(ctx)
	defer func() {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		for _, digest := range []string{images.honest, images.hostile} {
			if digest != "" {
				_ = dockertest.Remove(ctx, dockertest.Host(), digest)
			}
		}
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "attacks:", err)
		return 1
	}
	return m.Run()
}

func prepare(ctx context.Context) error {
	var err error
	if daemon, err = dockertest.Connect(ctx); err != nil {
		return err
	}
	agent, err := dockertest.Program("github.com/spark-games/spark/cmd/engine-agent", "engine-agent")
	if err != nil {
		return err
	}
	job, err := dockertest.Program("github.com/spark-games/spark/tests/attacks/hostile", "hostile")
	if err != nil {
		return err
	}
	images.honest, err = dockertest.Image(ctx, dockertest.Host(), agent, job)
	job.Path = "engine-agent"
	var hostileErr error
	images.hostile, hostileErr = dockertest.Image(ctx, dockertest.Host(), job)
	return errors.Join(err, hostileErr)
}
