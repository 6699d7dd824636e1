package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Build compiles the platform's programs into a folder. The tag "faults" adds what tests/faults needs to break them on purpose; without
// being told to, they are what a release is. With clocks, those of the programs can be shifted, for which Go's own packages are compiled
// anew, too: that takes minutes the first time.
func Build(ctx context.Context, into string, clocks bool) error {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("find the sources: %w", err)
	}
	args := []string{"build", "-tags", "faults", "-o", into + "/"}
	if clocks {
		dir, err := os.MkdirTemp("", "spark-faults-overlay-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		clock, err := overlay(ctx, dir)
		if err != nil {
			return err
		}
		args = append(args, "-overlay", clock)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./cmd/api", "./cmd/worker", "./cmd/scheduler", "./cmd/spark")...)
	cmd.Dir = filepath.Dir(strings.TrimSpace(string(mod)))
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	agent := exec.CommandContext(ctx, "go", "run", "./internal/builds/images/buildagent", into)
	agent.Dir = cmd.Dir
	if out, err := agent.CombinedOutput(); err != nil {
		return fmt.Errorf("build the engines' agent: %w\n%s", err, out)
	}
	return nil
}
