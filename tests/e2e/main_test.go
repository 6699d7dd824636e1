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

// shared ends what several tests use.
var shared duties

// duties are what is to be done at the end of the run.
type duties struct {
	mu  sync.Mutex
	all []func() error
}

func (d *duties) add(duty func() error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, duty)
}

// do does them, the last one first.
func (d *duties) do() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, duty := range slices.Backward(d.all) {
		errs = append(errs, duty())
	}
	return errors.Join(errs...)
}

// atOnce is how many tests run at once when the command line does not say. Most of a test here is waiting, and what is not
// takes turns: the browser has two pages.
const atOnce = "4"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err) // the flag is the testing package's own
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

// build makes the programs as everybody does: without the race detector, since what is tested is what ships.
func build(into string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "make", "--directory", sourcesDir, "build", "BIN="+into).CombinedOutput(); err != nil {
		return fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return nil
}
