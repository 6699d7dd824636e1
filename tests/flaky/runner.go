package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// batch is how many runs of a test share a process: a crash or a stop loses no more than these.
	batch = 10
	// enough is after how many failures a test is not run any more.
	enough = 5
	// batchTimeout limits one process; a test that hangs fails.
	batchTimeout = 20 * time.Minute
)

// runner runs tests, package by package.
type runner struct {
	root   string // of the module
	ledger *ledger
	race   bool
	out    io.Writer
}

// all runs what has not been run. It continues after failing tests, and stops if tests cannot be run.
func (r *runner) all(ctx context.Context, tests []test) error {
	binaries, err := os.MkdirTemp("", "flaky-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(binaries)
	for pkg, of := range groups(tests) {
		if err := r.runPackage(ctx, binaries, pkg, of); err != nil {
			return err
		}
	}
	return nil
}

// groups yields the tests of each package, which are adjacent.
func groups(tests []test) func(yield func(string, []test) bool) {
	return func(yield func(string, []test) bool) {
		for len(tests) > 0 {
			n := 1
			for n < len(tests) && tests[n].Package == tests[0].Package {
				n++
			}
			if !yield(tests[0].Package, tests[:n]) {
				return
			}
			tests = tests[n:]
		}
	}
}

func (r *runner) runPackage(ctx context.Context, binaries, pkg string, tests []test) error {
	var program string
	for {
		open := r.open(tests)
		if len(open) == 0 {
			return nil
		}
		if program == "" {
			var err error
			if program, err = r.compile(ctx, binaries, pkg); err != nil {
				return err
			}
			if _, err := os.Stat(program); errors.Is(err, fs.ErrNotExist) {
				_, err = r.note(open, nil, true) // the package has no tests on this system
				return err
			}
		}
		if err := r.runBatch(ctx, program, pkg, open); err != nil {
			return err
		}
	}
}

// open are the tests that have runs left.
func (r *runner) open(tests []test) []test {
	return slices.DeleteFunc(slices.Clone(tests), func(t test) bool {
		rec := r.ledger.of(t)
		return rec.Done || rec.Runs >= t.Runs || rec.Failures >= enough
	})
}

func (r *runner) compile(ctx context.Context, binaries, pkg string) (string, error) {
	program := filepath.Join(binaries, strings.ReplaceAll(strings.TrimPrefix(pkg, "./"), "/", "_")+".test")
	args := []string{"test", "-c", "-o", program}
	if r.race {
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, pkg)...)
	cmd.Dir = r.root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile the tests of %s: %w\n%s", pkg, err, out)
	}
	return program, nil
}

// runBatch runs the open tests of a package together, a few times each, and records the results.
func (r *runner) runBatch(ctx context.Context, program, pkg string, open []test) error {
	count := batch
	for _, t := range open {
		count = min(count, t.Runs-r.ledger.of(t).Runs)
	}
	names := make([]string, len(open))
	for i, t := range open {
		names[i] = regexp.QuoteMeta(t.Name)
	}
	began := time.Now()
	cmd := exec.CommandContext(ctx, program, "-test.run=^("+strings.Join(names, "|")+")$", "-test.count="+strconv.Itoa(count),
		"-test.shuffle=on", "-test.timeout="+batchTimeout.String(), "-test.v=test2json")
	cmd.Dir = filepath.Join(r.root, pkg)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // tests can then stop the processes that they started
	cmd.WaitDelay = 30 * time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err() // it proves nothing
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("run the tests of %s: %w", pkg, err)
	}
	failed, err := r.note(open, readResults(string(out)), exit == nil)
	if err == nil && exit != nil && failed == 0 {
		failed, err = 1, r.noteBreakdown(pkg, open, string(out))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "%-50s %2d tests ×%d, %d failures, %s\n", pkg, len(open), count, failed, time.Since(began).Round(time.Second))
	return r.ledger.save()
}

// note counts the results of the tests, and returns how many runs failed.
func (r *runner) note(open []test, results map[string][]result, fine bool) (failed int, err error) {
	for _, t := range open {
		rec := r.ledger.of(t)
		for _, res := range results[t.Name] {
			rec.Runs++
			if res.failed {
				rec.Failures++
				failed++
				err = errors.Join(err, r.ledger.keep(t, rec.Runs, res.output))
			}
		}
		if fine && len(results[t.Name]) == 0 {
			rec.Done = true // not built here: another system's test
		}
	}
	return failed, err
}

// noteBreakdown counts a program that failed although every test passed: goroutines were left, or it did not start. It is
// reported as a failure of the package's TestMain.
func (r *runner) noteBreakdown(pkg string, open []test, output string) error {
	program := test{Package: pkg, Name: "TestMain"}
	rec := r.ledger.of(program)
	rec.Runs++
	rec.Failures++
	if rec.Failures >= enough {
		for _, t := range open {
			r.ledger.of(t).Done = true
		}
	}
	return r.ledger.keep(program, rec.Runs, output)
}
