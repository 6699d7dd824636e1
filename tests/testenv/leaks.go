package testenv

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// leaksWithin is how long goroutines may take to end after the last test: on a busy machine that is longer than goleak's default
// of half a second. A goroutine that leaks stays forever.
const leaksWithin = 20 * time.Second

// RunWithoutLeaks runs a package's tests for its TestMain, and fails if goroutines are left. It does not return.
func RunWithoutLeaks(m *testing.M, options ...goleak.Option) {
	code := m.Run()
	if code == 0 {
		if err := leaks(leaksWithin, options...); err != nil {
			fmt.Fprintln(os.Stderr, "goleak: errors on successful test run:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// leaks returns what goleak finds, as soon as it finds nothing or the time is up.
func leaks(within time.Duration, options ...goleak.Option) (err error) {
	for deadline := time.Now().Add(within); ; {
		if err = goleak.Find(options...); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}
