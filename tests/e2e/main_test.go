package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// programs is the folder of the programs under test; a run builds them once.
var programs string

// shared is what several tests use, to be stopped at the end.
var shared duties

// duties are functions that run at the end of the run.
type duties struct {
	mu  sync.Mutex
	all []func() error
}

func (d *duties) add(duty func() error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, duty)
}

// do runs them, the last one first.
func (d *duties) do() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, duty := range slices.Backward(d.all) {
		errs = append(errs, duty())
	}
	return errors.Join(errs...)
}

// atOnce is how many tests run concurrently unless the command line says otherwise. Most of a test is waiting, and the rest
// takes turns: the browser has two pages.
const atOnce = "4"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err) // the testing package defines the flag
	}
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "spark-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs = filepath.Join(dir, "bin")
	if err := build(programs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	sharedDir = dir
	code := m.Run()
	if err := shared.do(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// sourcesDir is the module's root.
const sourcesDir = "../.."

// build makes the programs as a release does: without the race detector, because the tests are about the shipped programs.
func build(into string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "make", "--directory", sourcesDir, "build", "BIN="+into).CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}
