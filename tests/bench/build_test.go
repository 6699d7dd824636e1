package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/models"
)

// esbuildVersion is the version of the library in the agent, so that the same tool is compared.
const esbuildVersion = "0.28.2"

// previewAim is the share of a plain esbuild bundle's time that a preview build may take.
const previewAim = 0.3

// BenchmarkBuild compares builds through the local runner (agent, protocol, checks and all) with the plain esbuild
// command on the same starter project. The two take turns, and the medians are compared, because a machine's speed
// drifts.
func BenchmarkBuild(b *testing.B) {
	esbuild := installEsbuild(b)
	tools := toolchain.New(enginetest.ToolchainDir(b), nil)
	for _, e := range []engines.Engine{phaser.Engine{}, three.Engine{}} {
		b.Run(e.Info().Name, func(b *testing.B) { benchEngine(b, e, tools, esbuild) })
	}
}

func benchEngine(b *testing.B, e engines.Engine, tools *toolchain.Installer, esbuild string) {
	dir, err := tools.Ensure(b.Context(), e)
	if err != nil {
		b.Fatal(err)
	}
	warm := newRunner(b, tools, 1)
	cold := newRunner(b, tools, -1)
	files := enginetest.Starter(b, e, engines.GenreRunner)
	project := writeProject(b, files, filepath.Join(dir, "node_modules"))
	plan, err := e.Plan(engines.BuildRequest{Files: files, Mode: engines.Preview})
	if err != nil {
		b.Fatal(err)
	}
	plain := func(args ...string) func() {
		return func() {
			args := append([]string{plan.Bundle.Entry, "--bundle", "--format=esm", "--log-level=error",
				"--outdir=" + filepath.Join(project, "out")}, args...)
			cmd := exec.CommandContext(b.Context(), esbuild, args...)
			cmd.Dir = project
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("esbuild: %v\n%s", err, out)
			}
		}
	}
	spark := func(r *sandbox.LocalRunner, mode engines.Mode) func() {
		return func() {
			res, err := enginetest.Build(b.Context(), e, r, mode, files)
			if err != nil {
				b.Fatalf("%v %+v", err, res)
			}
			if err := e.Verify(engines.BuildRequest{Mode: mode}, res.Outputs); err != nil {
				b.Fatal(err)
			}
		}
	}
	names := []string{"preview", "preview, cold agent", "esbuild", "release", "esbuild --minify"}
	ways := []func(){spark(warm, engines.Preview), spark(cold, engines.Preview), plain(), spark(warm, engines.Release),
		plain("--minify")}
	for _, way := range ways {
		way() // warms the machine's caches
	}
	times := make([][]time.Duration, len(ways))
	b.ResetTimer()
	for range max(b.N, 15) {
		for i, way := range ways {
			awaitWarm(warm)
			start := time.Now()
			way()
			times[i] = append(times[i], time.Since(start))
		}
	}
	b.StopTimer()
	med := make([]time.Duration, len(ways))
	for i := range times {
		slices.Sort(times[i])
		med[i] = times[i][len(times[i])/2]
		b.Logf("%-8s %-20s p50 %8s  p95 %8s", e.Info().Name, names[i], round(med[i]), round(times[i][len(times[i])*95/100]))
	}
	ratio := func(a, of int) float64 { return float64(med[a]) / float64(med[of]) }
	b.Logf("%-8s preview/esbuild %.2f (cold agent %.2f; aim %.2f), release/esbuild --minify %.2f", e.Info().Name,
		ratio(0, 2), ratio(1, 2), previewAim, ratio(3, 4))
	b.ReportMetric(float64(med[0].Microseconds())/1000, "preview-ms")
	b.ReportMetric(ratio(0, 2), "preview/esbuild")
	b.ReportMetric(float64(med[3].Microseconds())/1000, "release-ms")
	b.ReportMetric(ratio(3, 4), "release/esbuild-minify")
	b.ReportMetric(0, "ns/op")
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// awaitWarm lets the runner start its next agent, as it does between the builds of a person who is editing.
func awaitWarm(r *sandbox.LocalRunner) {
	for deadline := time.Now().Add(time.Second); r.Warm() == 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
}

func newRunner(b *testing.B, tools *toolchain.Installer, warm int) *sandbox.LocalRunner {
	b.Helper()
	r, err := sandbox.NewLocalRunner(sandbox.Options{Toolchains: tools, Warm: warm})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := r.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return r
}

// writeProject puts a project on the disk as npm would have it.
func writeProject(b *testing.B, files []models.File, modules string) string {
	b.Helper()
	dir := b.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		b.Fatal(err)
	}
	return dir
}

// installEsbuild installs the plain command from npm, once per machine, and returns its binary.
func installEsbuild(b *testing.B) string {
	b.Helper()
	dir := filepath.Join(enginetest.ToolchainDir(b), "bench-esbuild-"+esbuildVersion)
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	bin := filepath.Join(dir, "node_modules", "@esbuild", runtime.GOOS+"-"+arch, "bin", "esbuild")
	if _, err := os.Stat(bin); err == nil {
		return bin
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), "npm", "install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund",
		"--loglevel=error", fmt.Sprintf("esbuild@%s", esbuildVersion))
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("install esbuild: %v\n%s", err, out)
	}
	return bin
}
