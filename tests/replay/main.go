//go:build linux

// Command replay retries every security fault ever found in Spark: in the builds of both runners, on real processes and
// containers, and in a platform that it starts on a temporary folder. It prints a line for each, "ok" or "HOLE", and exits with
// 1 if there is a hole, or if one could not be tried.
//
//	make replay
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spark-games/spark/internal/builds/sandbox/agent"
)

// finding is a fault that was found once.
type finding struct {
	fault int // its number in the list of faults
	what  string
	where string // "local", "docker" or "http"
	// try attacks again. It returns what the attack achieved, "" for nothing; the error means that it could not be tried.
	try func(ctx context.Context) (hole string, err error)
}

// tryWithin limits each attack: one that hangs has achieved something.
const tryWithin = 3 * time.Minute

func main() {
	agent.MaybeRun()
	only := flag.String("only", "", "the findings to try again, by a part of their line")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := replay(ctx, os.Stdout, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "replay:", err)
		os.Exit(1)
	}
}

// replay tries all findings.
func replay(ctx context.Context, out io.Writer, only string) error {
	w, err := newWorld(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	all := append(builds(w), overHTTP(w)...)
	slices.SortStableFunc(all, func(a, b finding) int { return cmp.Compare(a.fault, b.fault) })
	holes := 0
	for _, f := range all {
		line := fmt.Sprintf("fault %2d  %-6s  %s", f.fault, f.where, f.what)
		if !strings.Contains(line, only) {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		hole, err := attempt(ctx, f)
		switch {
		case err != nil:
			holes++
			fmt.Fprintf(out, "HOLE  %s: it could not be tried: %v\n", line, err)
		case hole != "":
			holes++
			fmt.Fprintf(out, "HOLE  %s: %s\n", line, clip(hole))
		default:
			fmt.Fprintf(out, "ok    %s\n", line)
		}
	}
	if holes > 0 {
		return fmt.Errorf("%d holes", holes)
	}
	return nil
}

func attempt(ctx context.Context, f finding) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, tryWithin)
	defer cancel()
	return f.try(ctx)
}

// clip makes one line of what an attack achieved.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return s[:min(len(s), 400)]
}
