package cluster

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Build compiles the platform's programs into a folder. The tag "faults" adds what tests/faults needs to break them on purpose; without
// being told to, they are what a release is.
func Build(ctx context.Context, into string) error {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("find the sources: %w", err)
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-tags", "faults", "-o", into+"/", "./cmd/api", "./cmd/worker", "./cmd/scheduler")
	cmd.Dir = filepath.Dir(strings.TrimSpace(string(mod)))
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}
