package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// outcome is what became of a scenario in all rounds.
type outcome struct {
	scenario
	figures
}

// failed says why a scenario misses its aim; "" if it does not, or has none.
func (o outcome) failed() string {
	switch {
	case o.errors > 0:
		return fmt.Sprintf("%d errors", o.errors)
	case o.most > 0 && o.p95 > o.most:
		return fmt.Sprintf("p95 is %.1f times as long", float64(o.p95)/float64(o.most))
	}
	return ""
}

// table is Markdown that can be read as it is.
func table(all []outcome) string {
	rows := [][]string{{"load", "asked/s", "answered/s", "p50", "p95", "p99", "errors", "p95 to the least", "aim: p95", "result"}}
	for _, o := range all {
		ratio, aim, result := "–", "–", "–"
		for _, least := range all {
			if least.name == o.floor && least.p95 > 0 {
				ratio = fmt.Sprintf("%.1f × %s", float64(o.p95)/float64(least.p95), o.floor)
			}
		}
		if o.most > 0 {
			aim, result = "≤ "+millis(o.most), "met"
		}
		if why := o.failed(); why != "" {
			result = "**missed**: " + why
		}
		rows = append(rows, []string{o.name, fmt.Sprintf("%.0f", o.scenario.rate), fmt.Sprintf("%.0f", o.figures.rate),
			millis(o.p50), millis(o.p95), millis(o.p99),
			fmt.Sprintf("%d of %d", o.errors, o.n), ratio, aim, result})
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(&b, "| %s%s ", cell, strings.Repeat(" ", widths[i]-len([]rune(cell))))
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, width := range widths {
				b.WriteString("| " + strings.Repeat("-", width) + " ")
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// report is the page of the run.
func report(all []outcome, w *watchers, rounds int, long time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The API under load\n\nWritten by `make load` on %s.\n\n", time.Now().UTC().Format(time.DateOnly))
	fmt.Fprintf(&b, "%d rounds of %s each, in turns; a figure is the median of the rounds. Requests are sent when they are due, whether or not earlier\n"+
		"ones have been answered, and times are measured from then. Driver, API, scheduler, Postgres (with `fsync`) and Redis share %d cores (%s);\n"+
		"there is no worker.\n\n", rounds, long, runtime.NumCPU(), processor())
	b.WriteString(table(all))
	b.WriteString("\n")
	for _, o := range all {
		fmt.Fprintf(&b, "- **%s**: %s\n", o.name, o.what)
	}
	if n := w.memory.Load(); n > 0 {
		fmt.Fprintf(&b, "\nAn open event stream takes %.1f KiB of the API's memory (%d were open); the account's stream told %d events.\n", float64(n)/1024,
			w.count, w.told.Load())
	}
	return b.String()
}

// processor is the name of the machine's, and how busy the machine is.
func processor() string {
	name := "an unknown processor"
	info, _ := os.ReadFile("/proc/cpuinfo") // without it the name is not known
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			name = strings.TrimSpace(value)
			break
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(load)); len(fields) > 0 {
		name += ", load average " + fields[0]
	}
	return name
}
