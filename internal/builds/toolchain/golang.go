package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// hostGo is the Go that is installed on this machine.
type hostGo struct {
	Program string `json:"-"`
	Root    string `json:"GOROOT"`
	Version string `json:"GOVERSION"`
	Tools   string `json:"GOTOOLDIR"`
	Proxy   string `json:"GOPROXY"`
	Sums    string `json:"GOSUMDB"`
}

// findGo asks the machine's Go for its properties, once.
func (i *Installer) findGo(ctx context.Context) (hostGo, error) {
	i.mu.Lock()
	known := i.golang
	i.mu.Unlock()
	if known.Root != "" {
		return known, nil
	}
	program, err := exec.LookPath("go")
	if err != nil {
		return hostGo{}, missing("this engine needs Go, and it is not on the PATH", err)
	}
	out, err := exec.CommandContext(ctx, program, "env", "-json", "GOROOT", "GOVERSION", "GOTOOLDIR", "GOPROXY", "GOSUMDB").Output()
	if err != nil {
		return hostGo{}, unavailable("Go does not report its GOROOT", err)
	}
	g := hostGo{Program: program}
	if err := json.Unmarshal(out, &g); err != nil {
		return hostGo{}, unavailable("Go does not report its GOROOT", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.golang = g
	return g, nil
}

// goInstall copies the machine's Go, downloads the modules and warms the build cache.
func (i *Installer) goInstall(ctx context.Context, name, dir string, tc *engines.GoToolchain) error {
	g, err := i.findGo(ctx)
	if err != nil {
		return err
	}
	if err := copyGo(g, filepath.Join(dir, "go")); err != nil {
		return unavailable("Go could not be copied", err)
	}
	project := filepath.Join(dir, "warm")
	if err := os.MkdirAll(project, 0o755); err != nil {
		return unavailable("the toolchain's folder cannot be written", err)
	}
	defer os.RemoveAll(project)
	pinned := []models.File{{Path: "go.mod", Data: tc.GoMod}, {Path: "go.sum", Data: tc.GoSum}}
	run := func(ctx context.Context, env []string, args ...string) error {
		cmd := exec.CommandContext(ctx, filepath.Join(dir, "go", "bin", "go"), args...)
		cmd.Dir = project
		path := os.Getenv("PATH") //nolint:forbidigo // Go needs git and proxy settings
		cmd.Env = append([]string{"PATH=" + path, "HOME=" + dir, "TMPDIR=" + os.TempDir(),
			"GOROOT=" + filepath.Join(dir, "go"), "GOMODCACHE=" + filepath.Join(dir, "mod"), "GOCACHE=" + filepath.Join(dir, engines.GoCache),
			"GOENV=off", "GOWORK=off", "GOTOOLCHAIN=local", "GOTELEMETRY=off", "CGO_ENABLED=0"}, env...)
		ownGroup(cmd)
		cmd.WaitDelay = 5 * time.Second
		out, err := cmd.CombinedOutput()
		if err != nil && ctx.Err() != nil {
			return interrupted(ctx, i.silence, "Go's module proxy", "see \"go env GOPROXY\"")
		}
		if err != nil {
			return models.WrapError(models.CodeEngineUnavailable, "Go could not install the engine's modules",
				fmt.Errorf("go %s: %w: %s", args[0], err, tail(string(out))))
		}
		return nil
	}
	for n, files := range tc.Warm {
		at := fmt.Sprintf("%d", n)
		project = filepath.Join(dir, "warm", at)
		if err := writeAll(project, slices.Concat(files, pinned)); err != nil {
			return unavailable("the toolchain's folder cannot be written", err)
		}
		if n == 0 {
			download, stop := i.downloading(ctx, name, filepath.Join(dir, "mod"))
			err := run(download, append(proxies(), "GOPROXY="+g.Proxy, "GOSUMDB="+g.Sums, "GOFLAGS=-modcacherw -mod=readonly"), "mod", "download")
			stop()
			if err != nil {
				return err
			}
		}
		args := slices.Concat([]string{"build", "-o", os.DevNull}, tc.Flags, []string{"."})
		if err := run(ctx, append(slices.Clone(tc.Env), "GOPROXY=off", "GOFLAGS=-mod=readonly"), args...); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(filepath.Join(dir, "warm")), os.RemoveAll(filepath.Join(dir, ".config")))
}

// proxies are the variables by which programs find a network proxy.
func proxies() []string {
	var env []string
	for _, v := range os.Environ() { //nolint:forbidigo // they are passed on, not read
		name, _, _ := strings.Cut(v, "=")
		switch strings.ToUpper(name) {
		case "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR":
			env = append(env, v)
		}
	}
	return env
}

func writeAll(dir string, files []models.File) error {
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// copyGo copies the parts of Go that builds read: no tests, no documents, and not the sources of the tools.
func copyGo(g hostGo, to string) error {
	goos := filepath.Base(g.Tools)
	exe := filepath.Ext(g.Program)
	for _, name := range []string{"go.env", "VERSION", "bin/go" + exe, "lib/wasm/wasm_exec.js"} {
		if err := copyFile(filepath.Join(g.Root, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	for _, tool := range []string{"compile", "link", "asm"} {
		name := filepath.Join("pkg/tool", goos, tool+exe)
		if err := copyFile(filepath.Join(g.Root, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	for _, tree := range []string{"src", "pkg/include"} {
		root := filepath.Join(g.Root, tree)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(g.Root, path)
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || rel == filepath.Join("src", "cmd")):
				return fs.SkipDir
			case d.IsDir() || !d.Type().IsRegular() || strings.HasSuffix(rel, "_test.go"):
				return nil
			}
			return copyFile(path, filepath.Join(to, rel))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644|info.Mode()&0o111) //nolint:gosec // both paths are of the Go toolchain itself
}

// goDigest is a Go toolchain's part of the digest.
func goDigest(version string, tc *engines.GoToolchain) []byte {
	b := bytes.NewBufferString("layout 4\n")
	fmt.Fprintf(b, "%s\n%q\n%q\n%q\n%q\n", version, tc.GoMod, tc.GoSum, tc.Env, tc.Flags)
	for _, files := range tc.Warm {
		for _, f := range files {
			fmt.Fprintf(b, "%q %q\n", f.Path, f.Data)
		}
	}
	return b.Bytes()
}
