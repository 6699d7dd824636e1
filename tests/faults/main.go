// Command faults runs the platform under load, breaks what it depends on, and checks that every promise was kept:
//
//	go run ./tests/faults -seed 7
//
// It starts everything that it needs. docs/faults.md says what it does and how to read its report.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spark-games/spark/tests/faults/cluster"
	"github.com/spark-games/spark/tests/faults/inject"
	"github.com/spark-games/spark/tests/faults/load"
	"github.com/spark-games/spark/tests/faults/report"
)

const (
	exitViolations = 1
	exitTrouble    = 125 // the suite failed, not the platform
)

func main() { os.Exit(run()) }

func run() int {
	seed := flag.Uint64("seed", 1, "seed of the first segment; the others follow")
	minutes := flag.Float64("minutes", 20, "how long faults are injected, in all")
	length := flag.Float64("segment", 20, "minutes of a segment")
	results := flag.String("results", "", "file to which results are added; segments whose seeds it has are not run again")
	only := flag.String("faults", "", "only these types of faults, separated by commas")
	broken := flag.String("break", "", `leave "fence", "renewal" or "repair" out of the programs: there must be violations then`)
	users := flag.Int("users", 24, "who submit at a time")
	keep := flag.Bool("keep", false, "keep the folder of a segment with violations")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	how := segment{users: *users, mix: load.Everything, faults: choose(*only), broken: *broken, keep: *keep, clocks: true,
		drain: 3 * time.Minute, log: os.Stderr}
	code, err := soak(ctx, *results, plan(*seed, *minutes, *length), how)
	if err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		return exitTrouble
	}
	return code
}

// plan divides the time into segments.
func plan(seed uint64, minutes, length float64) (all []segment) {
	for ; minutes > 0; minutes -= length {
		all = append(all, segment{seed: seed, length: time.Duration(min(minutes, length) * float64(time.Minute))})
		seed++
	}
	return all
}

func choose(only string) []inject.Fault {
	if only == "" {
		return inject.All()
	}
	return inject.Only(strings.Split(only, ",")...)
}

// soak runs the segments that the file of results lacks, adds their results, and prints what all of them say.
func soak(ctx context.Context, path string, segments []segment, how segment) (code int, err error) {
	programs, err := os.MkdirTemp("", "spark-faults-programs-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(programs)
	if err := cluster.Build(ctx, programs, how.clocks); err != nil {
		return 0, err
	}
	var all []report.Result
	if path != "" {
		if all, err = report.Load(path); err != nil {
			return 0, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	done := make(map[uint64]bool)
	for _, r := range all {
		done[r.Seed] = true
	}
	for _, s := range segments {
		if done[s.seed] {
			continue
		}
		how.programs, how.seed, how.length = programs, s.seed, s.length
		r, err := how.run(ctx)
		if err != nil {
			return 0, fmt.Errorf("seed %d: %w", s.seed, err)
		}
		if path != "" {
			if err := report.Append(path, r); err != nil {
				return 0, err
			}
		}
		all = append(all, r)
	}
	sum := report.Merge(all)
	if len(sum.Violations) > 0 {
		code = exitViolations
	}
	return code, report.Print(os.Stdout, sum)
}
