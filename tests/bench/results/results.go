// Package results collects the figures of a run of the benchmarks, holds them against their targets, and writes them down.
package results

import (
	"math"
	"slices"
	"time"
)

// Key names a figure: what was measured of whom.
type Key struct {
	Workload string
	Subject  string // a peer, or a process
	Figure   Figure
}

// Figure is what a number says, and its unit.
type Figure string

// The figures.
const (
	Rate    Figure = "jobs/s"
	P50     Figure = "p50"             // ms
	P99     Figure = "p99"             // ms
	CPU     Figure = "CPU a job"       // µs
	Written Figure = "written a job"   // bytes
	Memory  Figure = "anonymous MiB"   // MiB
	Busy    Figure = "% of a core"     // %
	Redis   Figure = "Redis bytes/job" // bytes
)

// Results are figures, one for each round.
type Results map[Key][]float64

// Add adds the figure of a round.
func (r Results) Add(k Key, value float64) { r[k] = append(r[k], value) }

// Summary is what the rounds say together.
type Summary struct {
	Median, Min, Max float64
	Rounds           int
}

// Of sums up a figure; ok is false if there is none.
func (r Results) Of(k Key) (s Summary, ok bool) {
	values := slices.Sorted(slices.Values(r[k]))
	if len(values) == 0 {
		return s, false
	}
	return Summary{Median: Median(values), Min: values[0], Max: values[len(values)-1], Rounds: len(values)}, true
}

// Median is the middle of values in any order, or the mean of the two in the middle. Of nothing it is not a number.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	switch {
	case n == 0:
		return math.NaN()
	case n%2 == 1:
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// Percentile is the smallest of the values that p percent of them do not exceed. Of nothing it is 0.
func Percentile(values []time.Duration, p float64) time.Duration {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Milliseconds is a duration as a figure.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
