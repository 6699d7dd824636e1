package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/spark-games/spark/tests/faults/checker"
)

// Merge adds results up.
func Merge(all []Result) (sum Result) {
	sum = Result{Ends: make(map[string]int), Faults: make(map[string]int), Recovery: make(map[string][]float64), Aims: make(map[string][]float64)}
	for _, r := range all {
		sum.Seconds += r.Seconds
		sum.Jobs += r.Jobs
		sum.Unanswered += r.Unanswered
		sum.Excused += r.Excused
		sum.Reconnects += r.Reconnects
		sum.Redeliveries += r.Redeliveries
		sum.Fenced += r.Fenced
		sum.LostLeases += r.LostLeases
		for k, n := range r.Ends {
			sum.Ends[k] += n
		}
		for k, n := range r.Faults {
			sum.Faults[k] += n
		}
		for k, times := range r.Recovery {
			sum.Recovery[k] = append(sum.Recovery[k], times...)
		}
		for k, times := range r.Aims {
			sum.Aims[k] = append(sum.Aims[k], times...)
		}
		sum.Violations = append(sum.Violations, r.Violations...)
		sum.Machine, sum.Version = r.Machine, r.Version
	}
	return sum
}

// Print writes what a result says as Markdown tables.
func Print(w io.Writer, r Result) error {
	t := tabwriter.NewWriter(w, 0, 4, 1, ' ', 0)
	line := func(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }
	line("| fault\t| faults\t| recovered\t| p50 s\t| p95 s\t| max s\t|")
	line("| ---\t| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t|")
	for _, k := range slices.Sorted(maps.Keys(r.Faults)) {
		line("| %s\t| %d\t| %s", k, r.Faults[k], quantiles(r.Recovery[k]))
	}
	line("| all\t| %d\t|\t|\t|\t|\t|\n", r.Injected())
	line("| time of\t|\t| measured\t| p50 s\t| p95 s\t| max s\t|")
	line("| ---\t| ---\t| ---:\t| ---:\t| ---:\t| ---:\t|")
	for _, k := range []string{AimRerun, AimFlush, AimAccept} {
		line("| %s\t|\t| %s", k, quantiles(r.Aims[k]))
	}
	line("\n| jobs\t| \t|")
	line("| ---\t| ---:\t|")
	for _, row := range []struct {
		what string
		n    int
	}{
		{"accepted", r.Jobs}, {"succeeded", r.Ends["succeeded"]}, {"failed", r.Ends["failed"]}, {"cancelled", r.Ends["cancelled"]},
		{"accepted without their client hearing of it", r.Unanswered}, {"failed because of a fault", r.Excused},
		{"attempts whose worker was lost", r.LostLeases}, {"redeliveries absorbed", r.Redeliveries}, {"fenced writes", r.Fenced},
		{"event streams that broke and went on", r.Reconnects}, {"lost", r.count(checker.Lost)}, {"invented", r.count(checker.Invented)},
		{"duplicate effects", r.count(checker.Duplicate)}, {"all violations", len(r.Violations)},
	} {
		line("| %s\t| %d\t|", row.what, row.n)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, v := range r.Violations {
		if _, err := fmt.Fprintln(w, "VIOLATION", v); err != nil {
			return err
		}
	}
	return nil
}

// Injected is the number of faults.
func (r Result) Injected() (n int) {
	for _, of := range r.Faults {
		n += of
	}
	return n
}

func (r Result) count(k checker.Kind) (n int) {
	for _, v := range r.Violations {
		if v.Kind == k {
			n++
		}
	}
	return n
}

func quantiles(times []float64) string {
	if len(times) == 0 {
		return "0\t|\t|\t|\t|"
	}
	sorted := slices.Sorted(slices.Values(times))
	at := func(p int) float64 { return sorted[(len(sorted)*p+99)/100-1] }
	return fmt.Sprintf("%d\t| %.2f\t| %.2f\t| %.2f\t|", len(sorted), at(50), at(95), sorted[len(sorted)-1])
}
