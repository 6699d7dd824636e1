//go:build linux

// Package attacks_test runs hostile jobs, hostile agents and broken daemons against the sandbox, with a real Docker daemon, and
// checks that every protection holds.
package attacks_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
	"github.com/spark-games/spark/tests/attacks/reads"
	"github.com/spark-games/spark/tests/testenv"
)

// images are the images that the attacks need, on one daemon.
type images struct{ honest, hostile string } // with the real agent, and with a hostile one

// shared is what the tests of this package have in common: the run's daemon, and images made once.
var shared struct {
	once   sync.Once
	err    error
	host   string
	daemon *docker.Daemon
	images images
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == workerArg {
		os.Exit(workerMain(os.Args[2:]))
	}
	code := m.Run()
	if err := cleanUp(); err != nil {
		fmt.Fprintln(os.Stderr, "attacks:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func cleanUp() error {
	if shared.daemon == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return errors.Join(dockertest.Remove(ctx, shared.host, shared.images.honest),
		dockertest.Remove(ctx, shared.host, shared.images.hostile), shared.daemon.Close())
}

// commonDaemon is the run's daemon, with the images.
func commonDaemon(t *testing.T) (*docker.Daemon, images) {
	t.Helper()
	host := testenv.Docker(t)
	shared.once.Do(func() {
		shared.host = host
		if shared.daemon, shared.err = docker.Connect(host); shared.err == nil {
			shared.images, shared.err = makeImages(context.Background(), host)
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.daemon, shared.images
}

// programs are the files of the images, built once.
var programs = sync.OnceValues(func() ([2]dockertest.File, error) {
	agent, err := dockertest.Program("github.com/spark-games/spark/cmd/engine-agent", "engine-agent")
	if err != nil {
		return [2]dockertest.File{}, err
	}
	hostile, err := dockertest.Program("github.com/spark-games/spark/tests/attacks/hostile", "hostile")
	return [2]dockertest.File{agent, hostile}, err
})

// baitInImage is a file of the honest image that no job may read.
const baitInImage = "/srv/outside.js"

func makeImages(ctx context.Context, host string) (images, error) {
	files, err := programs()
	if err != nil {
		return images{}, err
	}
	agent, hostile := files[0], files[1]
	var im images
	secret := dockertest.File{Path: baitInImage[1:], Data: reads.Bait(bait), Mode: 0o644}
	toolchain := dockertest.File{Path: "toolchain/README", Mode: 0o644}
	im.honest, err = dockertest.Image(ctx, host, agent, hostile, secret, toolchain)
	if err != nil {
		return im, err
	}
	hostile.Path = agent.Path
	im.hostile, err = dockertest.Image(ctx, host, hostile)
	return im, err
}
