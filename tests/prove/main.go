// Command prove puts together what "make prove" has measured: the faults that a platform survived, how it shared itself between accounts,
// and its speed beside other job queues. It writes one page, and computes nothing itself.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/tests/faults/report"
)

func main() {
	faults := flag.String("faults", ".faults/results.jsonl", "the results of the fault suite")
	fairness := flag.String("fairness", ".prove/fairness.md", "the table of the fairness benchmark")
	speed := flag.String("speed", ".prove/speed.md", "the report of the comparison with other queues")
	out := flag.String("out", "docs/proof.md", "the page")
	flag.Parse()
	if err := prove(*faults, *fairness, *speed, *out); err != nil {
		fmt.Fprintln(os.Stderr, "prove:", err)
		os.Exit(1)
	}
}

const head = `# Proof

What Spark promises, and what was measured of it. ` + "`make prove`" + ` wrote this page on %s, and writes it anew from a run of your own.

`

const faultsHead = `## Faults

` + "`make faults`" + ` breaks everything that a platform under load depends on, one thing after another, and compares what clients were told with
what was stored: %d faults in %.0f minutes, seeds %s, between %s and %s. [faults.md](faults.md) says what is done and checked, and what the
words mean. "Recovered" of a worker is counted for each of its jobs, until that runs elsewhere.

- Machine: %s
- Spark: %s

`

const fairnessHead = `
## Fairness

` + "`make fairness`" + `: one worker with twenty slots, real Postgres and Redis. [fairness.md](fairness.md) says who gets what.

`

const speedHead = `
## Speed

` + "`make bench`" + `: the same jobs on Spark and on other job queues, in one run on the same Postgres and Redis, as
[performance/README.md](performance/README.md) says.

`

func prove(faults, fairness, speed, out string) error {
	var b strings.Builder
	fmt.Fprintf(&b, head, time.Now().UTC().Format(time.DateOnly))
	if err := writeFaults(&b, faults); err != nil {
		return err
	}
	table, err := os.ReadFile(fairness)
	if err != nil {
		return err
	}
	b.WriteString(fairnessHead + string(table) + speedHead)
	measured, err := os.ReadFile(speed)
	if err != nil {
		return err
	}
	targets, err := summary(string(measured))
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(speed), err)
	}
	b.WriteString(targets)
	next := out + ".next"
	return errors.Join(os.WriteFile(next, []byte(b.String()), 0o644), os.Rename(next, out))
}

// writeFaults writes what all segments have found together.
func writeFaults(b *strings.Builder, path string) error {
	all, err := report.Load(path)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("%s has no results", filepath.Base(path))
	}
	slices.SortFunc(all, func(x, y report.Result) int { return x.Started.Compare(y.Started) })
	var seeds, versions []string
	for _, r := range all {
		seeds = append(seeds, fmt.Sprint(r.Seed))
		if r.Version != "" && !slices.Contains(versions, r.Version) {
			versions = append(versions, r.Version)
		}
	}
	day := func(r report.Result) string { return r.Started.UTC().Format(time.DateOnly) }
	sum := report.Merge(all)
	fmt.Fprintf(b, faultsHead, sum.Injected(), sum.Seconds/60, strings.Join(seeds, ", "),
		day(all[0]), day(all[len(all)-1]), all[0].Machine, strings.Join(versions, ", "))
	return report.Print(b, sum)
}

// summary is the part of the report that says what was measured on what, and how that stands to the targets.
func summary(report string) (string, error) {
	_, rest, found := strings.Cut(report, "\n\n")
	targets, _, ended := strings.Cut(rest, "\n## Figures")
	if !found || !ended || !strings.Contains(targets, "\n## Targets\n\n") {
		return "", errors.New("it is not a report of the comparison")
	}
	return strings.Replace(targets, "## Targets\n\n", "", 1), nil
}
