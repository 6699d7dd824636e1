// Command flaky runs the tests that are new or changed since a commit many times on a busy machine, and reports which of them
// fail by chance. "make flaky" runs it, with the services that tests need:
//
//	make flaky BASE=main              # fifty times; end to end, conformance, attacks, images and what takes long ten times
//	make flaky BASE=main SHARD=1/4    # a quarter of them, for one of four machines
//	make flaky BASE=main RESUME=1     # continue a stopped run; tests of code that changed since start again
//	make flaky BASE=all ONLY=./internal/data/store/...
//
// A test counts as changed if its lines have changed, or those of a function, type or value of its test package that it uses.
// The exit code is 1 if any test failed; the output of failures is kept.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// Exit codes.
const (
	exitFlaky   = 1
	exitTrouble = 2 // the tests could not be run
	exitStopped = 130
)

type options struct {
	root    string // of the module
	out     io.Writer
	base    string // commit that the tests are compared with; "all" for every test
	only    string // prefix of the packages' folders; "" is all
	shard   shard
	resume  bool
	fast    int // runs of unit and service tests
	slow    int // runs of end-to-end and other slow tests
	load    int // busy loops
	atOnce  int // packages
	race    bool
	state   string // file
	listing bool
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == burnArgument {
		burn(os.Stdin)
		return
	}
	o := options{root: ".", out: os.Stdout}
	flag.StringVar(&o.base, "base", "", `commit to compare with; "all" runs every test (default: where the branch left main)`)
	flag.StringVar(&o.only, "only", "", "folder, such as ./internal/data/...: only packages below it")
	flag.TextVar(&o.shard, "shard", shard{1, 1}, "which part of the tests, as 1/4")
	flag.BoolVar(&o.resume, "resume", false, "continue where the last run was stopped; tests whose code changed since start again")
	flag.IntVar(&o.fast, "runs", 50, "runs of unit and service tests")
	flag.IntVar(&o.slow, "slow-runs", 10, "runs of end-to-end, conformance, attack and image tests, and of those that take more than 3 s")
	flag.IntVar(&o.load, "load", (runtime.NumCPU()+1)/2, "busy loops beside the tests")
	flag.IntVar(&o.atOnce, "packages", runtime.NumCPU(), "packages whose tests run side by side")
	flag.BoolVar(&o.race, "race", true, "run with the race detector")
	flag.StringVar(&o.state, "state", ".flaky/state.json", "file that remembers the runs; failures are kept beside it")
	flag.BoolVar(&o.listing, "list", false, "only list the tests")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "flaky:", err)
	}
	os.Exit(code)
}

func run(ctx context.Context, o options) (int, error) {
	selected, err := selectTests(ctx, o)
	if err != nil {
		return exitTrouble, err
	}
	if o.listing {
		for _, t := range selected.tests {
			fmt.Fprintf(o.out, "%s %s ×%d\n", t.Package, t.Name, t.Runs)
		}
		return 0, nil
	}
	ledger, err := openLedger(o.state, selected.code, o.resume)
	if err != nil {
		return exitTrouble, err
	}
	fmt.Fprintf(o.out, "%d tests changed since %s\n", len(selected.tests), selected.base)
	if len(selected.tests) == 0 {
		return 0, nil
	}
	idle, err := startLoad(o.load)
	if err != nil {
		return exitTrouble, err
	}
	defer idle()
	r := runner{root: o.root, ledger: ledger, race: o.race, slow: o.slow, atOnce: max(o.atOnce, 1), out: o.out}
	err = r.all(ctx, selected.tests)
	failed := printTable(o.out, selected.tests, ledger)
	switch {
	case ctx.Err() != nil:
		return exitStopped, errors.New("stopped; RESUME=1 continues")
	case err != nil:
		return exitTrouble, err
	case failed > 0:
		return exitFlaky, fmt.Errorf("%d of %d tests fail; their output is in %s", failed, len(selected.tests), ledger.failures())
	}
	return 0, nil
}
