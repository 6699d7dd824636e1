package toolchain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// install makes a toolchain's folder.
func (i *Installer) install(ctx context.Context, name, dir string, tc engines.Toolchain) (err error) {
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
	defer func() { i.tell(Progress{Engine: name, Done: true, Err: err}) }()
	if len(tc.PackageJSON) > 0 {
		if err := i.npmInstall(ctx, name, tmp, tc); err != nil {
			return err
		}
	}
	if tc.Go != nil {
		if err := i.goInstall(ctx, name, tmp, tc.Go); err != nil {
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

// sweep removes what a killed install left. The lock is held, so no other install is running.
func sweep(dir string) {
	left, _ := filepath.Glob(dir + tmpMark + "*")
	for _, d := range left {
		_ = os.RemoveAll(d)
	}
}

// npmInstall runs npm ci. Packages' scripts are never run.
func (i *Installer) npmInstall(ctx context.Context, name, dir string, tc engines.Toolchain) error {
	npm, err := exec.LookPath("npm")
	if err == nil {
		_, err = exec.LookPath("node")
	}
	if err != nil {
		return missing("this engine needs Node.js and npm to install its packages, and they are not on the PATH", err)
	}
	for file, data := range map[string][]byte{"package.json": tc.PackageJSON, "package-lock.json": tc.PackageLock} {
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
			return unavailable("the toolchain's folder cannot be written", err)
		}
	}
	ctx, stop := i.downloading(ctx, name, dir)
	defer stop()
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier",
		"--no-progress", "--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000")
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ownGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return interrupted(ctx, i.silence, "npm's registry", "see \"npm config get registry\"")
		}
		message := "npm could not install the engine's packages"
		if m := npmCode.FindStringSubmatch(out.String()); m != nil {
			message += " (" + m[1] + ")"
		}
		return models.WrapError(models.CodeEngineUnavailable, message, fmt.Errorf("%w: %s", err, tail(out.String())))
	}
	if !installed(dir, engines.Toolchain{PackageJSON: tc.PackageJSON}) {
		return models.WrapError(models.CodeEngineUnavailable, "npm could not install the engine's packages",
			errors.New("npm left no node_modules"))
	}
	return nil
}

// npmCode is npm's error code, such as ECONNREFUSED.
var npmCode = regexp.MustCompile(`(?m)^npm (?:error|ERR!) code ([A-Z][A-Z0-9_]{1,40})$`)

// interrupted explains why a download was ended.
func interrupted(ctx context.Context, silence time.Duration, registry, setting string) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errSilent):
		return unavailable(fmt.Sprintf("%s has sent nothing for %s, so that the engine's packages are not installed; is there a network? (%s)",
			registry, silence, setting), cause)
	case errors.Is(cause, context.DeadlineExceeded):
		return unavailable("installing the engine's packages took too long", cause)
	default:
		return unavailable("installing the engine's packages was stopped", cause)
	}
}

func tail(s string) string {
	const most = 2000
	s = strings.TrimSpace(s)
	if len(s) > most {
		s = "…" + s[len(s)-most:]
	}
	return s
}
