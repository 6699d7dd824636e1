//go:build linux

package bench

import (
	"crypto/rand"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/kaplay"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/pixi"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/internal/images"
	"github.com/spark-games/spark/internal/sandbox"
	"github.com/spark-games/spark/internal/sandbox/docker"
	"github.com/spark-games/spark/internal/sandbox/pool"
	"github.com/spark-games/spark/internal/toolchain"
	"github.com/spark-games/spark/tests/testenv"
)

// BenchmarkSandboxEngines builds each engine's starter in a warm single-use container and with the plain tool on the
// host, by turns.
func BenchmarkSandboxEngines(b *testing.B) {
	host := testenv.Docker(b)
	daemon, err := docker.Connect(host)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = daemon.Close() })
	tools := toolchain.New(enginetest.ToolchainDir(b), nil)
	maker, err := images.New(images.Options{Host: host, Toolchains: tools})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = maker.Close() })
	esbuild := installEsbuild(b)
	for _, e := range []engines.Engine{kaplay.Engine{}, phaser.Engine{}, three.Engine{}, pixi.Engine{}} {
		b.Run(e.Info().Name, func(b *testing.B) {
			r, err := sandbox.NewDockerRunner(b.Context(), sandbox.DockerOptions{Daemon: daemon, Images: maker, Modules: tools,
				Owner: "bench/" + rand.Text(), OwnersDir: b.TempDir(), Pool: pool.Config{Max: 3, Warm: 1}})
			if err != nil {
				b.Fatal(err)
			}
			defer closeRunner(b, r)
			if err := r.Prepare(b.Context(), e, engines.Limits{}, 1); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				benchInBox(b, r, e, tools, esbuild)
			}
		})
	}
}

func benchInBox(b *testing.B, r *sandbox.DockerRunner, e engines.Engine, tools *toolchain.Installer, esbuild string) {
	dir, err := tools.Ensure(b.Context(), e)
	if err != nil {
		b.Fatal(err)
	}
	files := enginetest.Starter(b, e, engines.GenreRunner)
	project := writeProject(b, files, filepath.Join(dir, "node_modules"))
	plan, err := e.Plan(engines.BuildRequest{Files: files, Mode: engines.Preview})
	if err != nil {
		b.Fatal(err)
	}
	plain := func(args ...string) func() error {
		return func() error {
			args := append([]string{plan.Bundle.Entry, "--bundle", "--format=esm", "--log-level=error",
				"--outdir=" + filepath.Join(project, "out")}, args...)
			cmd := exec.CommandContext(b.Context(), esbuild, args...)
			cmd.Dir = project
			out, err := cmd.CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			return err
		}
	}
	inBox := func(mode engines.Mode) func() error {
		return func() error {
			res, err := enginetest.Build(b.Context(), e, r, mode, files)
			if err != nil {
				return fmt.Errorf("%w: %+v", err, res)
			}
			if err == nil {
				err = e.Verify(engines.BuildRequest{Mode: mode}, res.Outputs)
			}
			return err
		}
	}
	settled := func() { // as between the builds of a person who is editing
		until(b, func() bool { return count(r, pool.Warm) > 0 && count(r, pool.Creating, pool.Draining) == 0 })
	}
	t := timings{}
	for range 16 {
		settled()
		t.measure(b, "preview in a box", inBox(engines.Preview))
		settled()
		t.measure(b, "esbuild", plain())
		t.measure(b, "release in a box", inBox(engines.Release))
		settled()
		t.measure(b, "esbuild --minify", plain("--minify"))
	}
	for _, way := range []string{"preview in a box", "esbuild", "release in a box", "esbuild --minify"} {
		t.aim(b, way, .5, 0)
	}
	t.ratio(b, "preview in a box", "esbuild", previewAim)
	t.ratio(b, "release in a box", "esbuild --minify", 1.1)
}
