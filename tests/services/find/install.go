package find

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
)

// Debian's packages run policyFile before they start a service: 101 means no. The tests start their own servers, so the
// distribution's need not run.
const (
	policyFile   = "/usr/sbin/policy-rc.d"
	policyScript = "#!/bin/sh\nexit 101\n"
)

// CanInstall says whether Install can work here: Debian, as root.
func CanInstall() bool {
	_, err := exec.LookPath("apt-get")
	return err == nil && debian() && os.Geteuid() == 0
}

// Install installs the missing tools with apt-get, whose output goes to log.
func Install(ctx context.Context, missing []Missing, log *os.File) (err error) {
	packages := make([]string, 0, len(missing))
	for _, m := range missing {
		packages = append(packages, strings.Fields(m.Debian)...)
	}
	release, err := holdServices()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()

	// The package lists are absent in a fresh container and often outdated elsewhere. A failed update matters only if the
	// packages cannot be installed either.
	stale := apt(ctx, log, "update")
	err = apt(ctx, log, append([]string{"install", "--yes", "--no-install-recommends"}, packages...)...)
	if err != nil {
		return errors.Join(stale, err)
	}
	return nil
}

func apt(ctx context.Context, log *os.File, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-qq", "-o", "DPkg::Lock::Timeout=300"}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("apt-get %s: %w", args[0], err)
	}
	return nil
}

// holdServices keeps freshly installed services from starting until release is called. A policy that is there already stays.
func holdServices() (release func() error, err error) {
	f, err := os.OpenFile(policyFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if errors.Is(err, fs.ErrExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hold back services: %w", err)
	}
	release = func() error { return os.Remove(policyFile) }
	_, err = f.WriteString(policyScript)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("hold back services: %w", err), release())
	}
	return release, nil
}
