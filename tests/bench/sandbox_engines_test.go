//go:build linux

package bench

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
	"github.com/spark-games/spark/internal/builds/images"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/docker"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/models"
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
	for _, e := range []engines.Engine{phaser.Engine{}, three.Engine{}, pixi.Engine{}, babylon.Engine{}, playcanvas.Engine{},
		kaplay.Engine{}, love.Engine{}, ebitengine.Engine{}, godot.Engine{}} {
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
				switch {
				case e == engines.Engine(love.Engine{}):
					benchLoveInSandbox(b, r, tools)
				case e.Toolchain().Go != nil || e.Image().Base != engines.Scratch:
					benchCommandInSandbox(b, r, e, tools)
				default:
					benchInSandbox(b, r, e, tools, esbuild)
				}
			}
		})
	}
}

// benchCommandInSandbox compares a build by an engine's own programs with the same programs on the host. Both start from the
// project's files alone, which differ a little in every run, so that nothing of an earlier build can be reused.
func benchCommandInSandbox(b *testing.B, r *sandbox.DockerRunner, e engines.Engine, tools *toolchain.Installer) {
	if missing := e.Toolchain().Missing(exec.LookPath); len(missing) > 0 {
		b.Skip("this host has no " + strings.Join(missing, " and no "))
	}
	dir, err := tools.Ensure(b.Context(), e)
	if err != nil {
		b.Fatal(err)
	}
	starter, cache := enginetest.Starter(b, e, engines.GenreRunner), ""
	if e.Toolchain().Go != nil { // as in a sandbox, what a build adds to the toolchain's cache does not stay there
		cache = b.TempDir()
		if err := os.CopyFS(cache, os.DirFS(filepath.Join(dir, engines.GoCache))); err != nil {
			b.Fatal(err)
		}
	}
	t := timings{}
	for n := range 6 {
		files := varied(starter)
		plan, err := e.Plan(engines.BuildRequest{Files: files, Mode: engines.Release})
		if err != nil {
			b.Fatal(err)
		}
		plain := func() error { return onHost(b, plan.Command, files, dir, cache) }
		if n == 0 { // what the host's file cache has to know, it knows after one round
			if err := plain(); err != nil {
				b.Fatalf("plain tool: %v", err)
			}
			continue
		}
		until(b, func() bool { return count(r, pool.Warm) > 0 && count(r, pool.Creating, pool.Draining) == 0 })
		t.measure(b, "build in a sandbox", func() error {
			_, err := enginetest.Build(b.Context(), e, r, engines.Release, files)
			return err
		})
		until(b, func() bool { return count(r, pool.Warm) > 0 && count(r, pool.Creating, pool.Draining) == 0 })
		t.measure(b, "plain tool", plain)
	}
	for _, way := range []string{"build in a sandbox", "plain tool"} {
		t.aim(b, way, .5, 0)
	}
	t.ratio(b, "build in a sandbox", "plain tool", 1.1)
}

// benchLoveInSandbox compares a build with the packager of love.js.
func benchLoveInSandbox(b *testing.B, r *sandbox.DockerRunner, tools *toolchain.Installer) {
	e := love.Engine{}
	dir, err := tools.Ensure(b.Context(), e)
	if err != nil {
		b.Fatal(err)
	}
	files := enginetest.Starter(b, e, engines.GenreRunner)
	project := writeProject(b, files, filepath.Join(dir, "node_modules"))
	if err := os.Remove(filepath.Join(project, "node_modules")); err != nil {
		b.Fatal(err)
	}
	t := timings{}
	for range 16 {
		until(b, func() bool { return count(r, pool.Warm) > 0 && count(r, pool.Creating, pool.Draining) == 0 })
		t.measure(b, "release in a sandbox", func() error {
			_, err := enginetest.Build(b.Context(), e, r, engines.Release, files)
			return err
		})
		until(b, func() bool { return count(r, pool.Warm) > 0 && count(r, pool.Creating, pool.Draining) == 0 })
		t.measure(b, "love.js", func() error {
			out, err := exec.CommandContext(b.Context(), "node", filepath.Join(dir, "node_modules/love.js/index.js"), "--compatibility",
				"--title", "Game", project, b.TempDir()).CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			return err
		})
	}
	t.aim(b, "release in a sandbox", .5, 0)
	t.aim(b, "love.js", .5, 0)
	t.ratio(b, "release in a sandbox", "love.js", 1.1)
}

// varied is a project with a unique comment in each of its sources.
func varied(files []models.File) []models.File {
	comments := map[string]string{".go": "\n// ", ".gd": "\n# "}
	files = slices.Clone(files)
	for i, f := range files {
		if comment, ok := comments[filepath.Ext(f.Path)]; ok {
			files[i].Data = append(slices.Clone(f.Data), comment+rand.Text()+"\n"...)
		}
	}
	return files
}

// onHost writes a project to a workspace, runs a plan's steps in it and completes the game.
func onHost(b *testing.B, c *engines.Command, files []models.File, toolchain, cache string) error {
	work, err := os.MkdirTemp(b.TempDir(), "work-")
	if err != nil {
		return err
	}
	for _, dir := range []string{"project", "home", "tmp", c.Output} {
		if err := os.MkdirAll(filepath.Join(work, dir), 0o755); err != nil {
			return err
		}
	}
	for _, f := range append(slices.Clone(files), c.Files...) {
		path := filepath.Join(work, "project", filepath.FromSlash(f.Path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, f.Data, 0o600)); err != nil {
			return err
		}
	}
	expand := strings.NewReplacer("{project}", filepath.Join(work, "project"), "{work}", work, "{toolchain}", toolchain,
		"{cache}", cache).Replace
	for _, step := range c.Steps {
		argv := make([]string, len(step.Argv))
		for i, a := range step.Argv {
			argv[i] = expand(a)
		}
		cmd := exec.CommandContext(b.Context(), argv[0], argv[1:]...)
		cmd.Env = append(os.Environ(), "HOME="+filepath.Join(work, "home"), "TMPDIR="+filepath.Join(work, "tmp"))
		for _, v := range step.Env {
			cmd.Env = append(cmd.Env, expand(v))
		}
		if cmd.Dir = expand(step.Dir); step.Dir == "" {
			cmd.Dir = filepath.Join(work, "project")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %.500s", argv[0], err, out)
		}
	}
	for _, f := range c.Copies {
		data, err := os.ReadFile(expand(f.From))
		if err == nil {
			err = os.WriteFile(filepath.Join(work, c.Output, filepath.FromSlash(f.To)), data, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func benchInSandbox(b *testing.B, r *sandbox.DockerRunner, e engines.Engine, tools *toolchain.Installer, esbuild string) {
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
	inSandbox := func(mode engines.Mode) func() error {
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
		t.measure(b, "preview in a sandbox", inSandbox(engines.Preview))
		settled()
		t.measure(b, "esbuild", plain())
		t.measure(b, "release in a sandbox", inSandbox(engines.Release))
		settled()
		t.measure(b, "esbuild --minify", plain("--minify"))
	}
	for _, way := range []string{"preview in a sandbox", "esbuild", "release in a sandbox", "esbuild --minify"} {
		t.aim(b, way, .5, 0)
	}
	t.ratio(b, "preview in a sandbox", "esbuild", previewAim)
	t.ratio(b, "release in a sandbox", "esbuild --minify", 1.1)
}
