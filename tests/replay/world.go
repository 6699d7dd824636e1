//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/dockertest"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/attacks/reads"
)

// world is the environment in which the findings are tried.
type world struct {
	dir       string
	image     string // with the agent, the hostile program and a file that no job may read
	local     *sandbox.LocalRunner
	contained *sandbox.DockerRunner
	platform  *platform // nil until it is started
	closers   []func() error
}

const (
	secret = "TOPSECRET"
	// bait is the file in the image.
	bait = "/srv/outside.js"
)

// limits are those of hostile builds.
var limits = engines.Limits{Time: time.Minute, MemoryBytes: 256 << 20, OutputBytes: 16 << 20, OutputFiles: 100, LogBytes: 64 << 10}

func newWorld(ctx context.Context) (w *world, err error) {
	w = &world{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.dir, err = os.MkdirTemp("", "spark-replay-"); err != nil {
		return nil, err
	}
	w.closers = append(w.closers, func() error { return os.RemoveAll(w.dir) })
	tools := engine{dir: filepath.Join(w.dir, "toolchains")}
	files := []dockertest.File{{Path: "toolchain/README", Mode: 0o644}, {Path: bait[1:], Data: reads.Bait(secret), Mode: 0o644}}
	for name, pkg := range map[string]string{"engine-agent": "cmd/engine-agent", "hostile": "tests/attacks/hostile"} {
		f, err := dockertest.Program("github.com/spark-games/spark/"+pkg, name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		if err := tools.add(f); err != nil {
			return nil, err
		}
	}
	if w.local, err = sandbox.NewLocalRunner(sandbox.Options{Toolchains: tools, Dir: filepath.Join(w.dir, "agents"), ProjectCode: true,
		Limits: limits}); err != nil {
		return nil, err
	}
	w.closers = append(w.closers, func() error { return w.local.Close(ended()) })
	daemon, err := dockertest.Connect(ctx)
	if err != nil {
		return nil, err
	}
	w.closers = append(w.closers, daemon.Close)
	if w.image, err = dockertest.Image(ctx, dockertest.Host(), files...); err != nil {
		return nil, err
	}
	w.closers = append(w.closers, func() error { return dockertest.Remove(context.Background(), dockertest.Host(), w.image) })
	if w.contained, err = contained(ctx, daemon, filepath.Join(w.dir, "owners")); err != nil {
		return nil, err
	}
	w.closers = append(w.closers, func() error { return w.contained.Close(soon()) })
	return w, nil
}

func contained(ctx context.Context, daemon *docker.Daemon, owners string) (*sandbox.DockerRunner, error) {
	return sandbox.NewDockerRunner(ctx, sandbox.DockerOptions{Daemon: daemon, Images: catalog{}, Owner: "replay-" + models.NewID(),
		OwnersDir: owners, Limits: limits, Pool: pool.Config{Max: 2, Warm: 1, PingTimeout: 30 * time.Second}})
}

// close removes what was made, in reverse order.
func (w *world) close() {
	var errs []error
	for _, end := range slices.Backward(w.closers) {
		errs = append(errs, end())
	}
	w.closers = nil
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
	}
}

// ended and soon limit how long the cleanup may take.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	context.AfterFunc(ctx, cancel)
	return ctx
}

// engine is one whose toolchain has the hostile program, and whose image is the world's. It implements engines.Engine and
// sandbox.Toolchains.
type engine struct{ dir, image string }

func (engine) Info() engines.Info                                 { return engines.Info{Name: "hostile", Version: "1"} }
func (engine) Toolchain() engines.Toolchain                       { return engines.Toolchain{} }
func (engine) Image() engines.Image                               { return engines.Image{Base: engines.Scratch} }
func (engine) Starter(engines.Design) ([]models.File, error)      { return nil, nil }
func (engine) Plan(engines.BuildRequest) (engines.Plan, error)    { return engines.Plan{}, nil }
func (engine) Verify(engines.BuildRequest, engines.Outputs) error { return nil }

func (e engine) Dir() string { return e.dir }

func (e engine) Ensure(context.Context, engines.Engine) (string, error) {
	return filepath.Join(e.dir, "hostile"), nil
}
func (engine) Digest(context.Context, engines.Engine) (string, error) { return "", nil }
func (engine) SharedModules(context.Context, engines.Engine) ([]engines.ModuleBlob, error) {
	return nil, nil
}

func (e engine) add(f dockertest.File) error {
	folder, err := e.Ensure(context.Background(), nil)
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, f.Path), f.Data, os.FileMode(f.Mode)))
}

type catalog struct{}

func (catalog) Image(_ context.Context, e engines.Engine) (string, error) {
	return e.(engine).image, nil
}
