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
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// batch is how many runs of a test share a process: a crash or a stop loses no more than these.
	batch = 10
	// enough is after how many failures a test is not run any more.
	enough = 5
	// batchTime is about how long one process runs, if several runs fit in.
	batchTime = 5 * time.Minute
	// batchTimeout limits one process; a test that hangs fails.
	batchTimeout = time.Hour
)

// runner runs tests, a few packages side by side: they are load for one another.
type runner struct {
	root   string // of the module
	race   bool
	slow   int // runs of tests that take long
	atOnce int // packages
	out    io.Writer

	mu     sync.Mutex // guards ledger and out
	ledger *ledger
}

// all runs what has not been run. It continues after failing tests, and stops if tests cannot be run.
func (r *runner) all(ctx context.Context, tests []test) error {
	binaries, err := os.MkdirTemp("", "flaky-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(binaries)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.atOnce)
	for pkg, of := range groups(tests) {
		g.Go(func() error { return r.runPackage(ctx, binaries, pkg, of) })
	}
	return g.Wait()
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
	most := batch
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
				return r.absent(open)
			}
		}
		count := min(r.count(open), most)
		began := time.Now()
		if err := r.runBatch(ctx, program, pkg, open, count); err != nil {
			return err
		}
		most = int(max(batchTime*time.Duration(count)/max(time.Since(began), 1), 1))
	}
}

// absent notes tests that are not built on this system.
func (r *runner) absent(tests []test) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := r.note(tests, nil, true)
	return err
}

// open are the tests that have runs left. Those that have not run yet come first, by themselves: how long they take says how
// often they run.
func (r *runner) open(tests []test) []test {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := slices.DeleteFunc(slices.Clone(tests), func(t test) bool {
		rec := r.ledger.of(t)
		return rec.Done || rec.Runs >= r.wanted(t) || rec.Failures >= enough
	})
	first := slices.DeleteFunc(slices.Clone(left), func(t test) bool { return r.ledger.of(t).Runs > 0 })
	if len(first) > 0 {
		return first
	}
	return left
}

// slowFrom is how long one run of a test that counts as slow takes, in seconds.
const slowFrom = 3

// wanted is how often a test runs.
func (r *runner) wanted(t test) int {
	if r.ledger.of(t).Seconds > slowFrom {
		return min(t.Runs, r.slow)
	}
	return t.Runs
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

// count is how often the open tests run in the next batch.
func (r *runner) count(open []test) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	count := batch
	for _, t := range open {
		if r.ledger.of(t).Runs == 0 {
			return 1
		}
		count = min(count, r.wanted(t)-r.ledger.of(t).Runs)
	}
	return count
}

// runBatch runs the open tests of a package together, a few times each, and records the results.
func (r *runner) runBatch(ctx context.Context, program, pkg string, open []test, count int) error {
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
	r.mu.Lock()
	defer r.mu.Unlock()
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
			if rec.Runs++; rec.Runs == 1 || res.seconds < rec.Seconds {
				rec.Seconds = res.seconds
			}
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
