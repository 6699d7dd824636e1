//go:build !linux

package guard

import (
	"errors"
	"fmt"
	"os"
)

// Main is for process 1 of a Linux container only.
func Main(_, _ []string) int {
	fmt.Fprintln(os.Stderr, "engine-agent: a guard needs a container of Linux")
	return 1
}

// Clean is for a Linux container only.
func Clean() error { return errors.New("a cleaner needs a container of Linux") }
