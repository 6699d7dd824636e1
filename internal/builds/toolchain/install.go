package toolchain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// install makes a toolchain's folder.
func (i *Installer) install(ctx context.Context, name, dir string, tc engines.Toolchain) error {
	if err := os.MkdirAll(i.dir, 0o755); err != nil {
		return unavailable("the toolchain's folder cannot be made", err)
	}
	unlock, err := lock(ctx, dir+".lock")
	if err != nil {
		return unavailable("another install of the engine does not end", err)
	}
	defer unlock()
	if installed(dir, tc) {
		return nil // by the process that had the lock before
	}
	sweep(dir)
	tmp, err := os.MkdirTemp(i.dir, filepath.Base(dir)+tmpMark+"*")
	if err != nil {
		return unavailable("the toolchain's folder cannot be written", err)
	}
	defer os.RemoveAll(tmp)
	start := time.Now()
	i.log.Info("installing an engine's packages", zap.String("engine", name))
	if len(tc.PackageJSON) > 0 {
		if err := npmInstall(ctx, tmp, tc); err != nil {
			return err
		}
	}
	if tc.Go != nil {
		if err := i.goInstall(ctx, tmp, tc.Go); err != nil {
			return err
		}
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return unavailable("the toolchain's folder cannot be written", err)
	}
	if err := os.Rename(tmp, dir); err != nil {
		return unavailable("the toolchain's folder cannot be written", err)
	}
	i.log.Info("installed an engine's packages", zap.String("engine", name), zap.Duration("took", time.Since(start)))
	return nil
}

const tmpMark = ".tmp-"

// sweep removes what a killed install left. The lock is held, so nobody works in there.
func sweep(dir string) {
	left, _ := filepath.Glob(dir + tmpMark + "*")
	for _, d := range left {
		_ = os.RemoveAll(d)
	}
}

// npmInstall runs npm ci. Scripts of packages are never run.
func npmInstall(ctx context.Context, dir string, tc engines.Toolchain) error {
	npm, err := exec.LookPath("npm")
	if err == nil {
		_, err = exec.LookPath("node")
	}
	if err != nil {
		return models.WrapError(models.CodeEngineUnavailable,
			"this engine needs Node.js and npm to install its packages, and they are not on the PATH", err)
	}
	for file, data := range map[string][]byte{"package.json": tc.PackageJSON, "package-lock.json": tc.PackageLock} {
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
			return unavailable("the toolchain's folder cannot be written", err)
		}
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier",
		"--no-progress", "--loglevel=error")
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return unavailable("installing the engine's packages took too long", context.Cause(ctx))
		}
		return models.WrapError(models.CodeEngineUnavailable, "npm could not install the engine's packages",
			fmt.Errorf("%w: %s", err, tail(out.String())))
	}
	if !installed(dir, engines.Toolchain{PackageJSON: tc.PackageJSON}) {
		return models.WrapError(models.CodeEngineUnavailable, "npm could not install the engine's packages",
			errors.New("npm left no node_modules"))
	}
	return nil
}

func tail(s string) string {
	const most = 2000
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = "…" + s[len(s)-most:]
	}
	return s
}
