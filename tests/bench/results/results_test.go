package results_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/bench/results"
)

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 1, 3, 2}, 2.5},
		{[]float64{100, 1, 1, 1, 1}, 1},
	} {
		require.InDelta(t, c.want, results.Median(c.values), 1e-9, "%v", c.values)
	}
	require.True(t, math.IsNaN(results.Median(nil)))
	values := []float64{3, 1, 2}
	results.Median(values)
	require.Equal(t, []float64{3, 1, 2}, values, "the values stay in order")
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	for _, c := range []struct {
		values []time.Duration
		p      float64
		want   time.Duration
	}{
		{hundred, 50, 50}, {hundred, 99, 99}, {hundred, 99.5, 100}, {hundred, 100, 100}, {hundred, 0, 1},
		{[]time.Duration{8}, 99, 8}, {[]time.Duration{1, 9}, 50, 1}, {[]time.Duration{1, 9}, 51, 9}, {nil, 50, 0},
	} {
		require.Equal(t, c.want, results.Percentile(c.values, c.p), "%v %%", c.p)
	}
}

var (
	ours   = results.Key{Workload: "submit", Subject: "spark", Figure: results.Rate}
	theirs = results.Key{Workload: "submit", Subject: "river", Figure: results.Rate}
	wait   = results.Key{Workload: "idle", Subject: "spark", Figure: results.P99}
)

func measured() results.Results {
	r := results.Results{}
	for _, v := range []float64{9000, 12000, 11000} {
		r.Add(ours, v)
	}
	for _, v := range []float64{4000, 5000, 3000} {
		r.Add(theirs, v)
	}
	r.Add(wait, 20)
	return r
}

func TestTargetsAreMetOrMissed(t *testing.T) {
	t.Parallel()
	none := results.Key{Workload: "submit", Subject: "nobody", Figure: results.Rate}
	for _, c := range []struct {
		name    string
		target  results.Target
		reached float64
		met     bool
		words   string
	}{
		{"a ratio that is met", results.Target{Of: ours, Against: &theirs, Limit: 2.5}, 2.75, true, "met"},
		{"a ratio at its limit", results.Target{Of: ours, Against: &theirs, Limit: 2.75}, 2.75, true, "met"},
		{"a ratio that is missed", results.Target{Of: ours, Against: &theirs, Limit: 5}, 2.75, false, "**missed** by 45 %"},
		{"a value that is missed", results.Target{Of: wait, AtMost: true, Limit: 15}, 20, false, "**missed**: 1.33 × the limit"},
		{"a value that is met", results.Target{Of: wait, AtMost: true, Limit: 50}, 20, true, "met"},
		{"no figure", results.Target{Of: none, Limit: 1}, 0, false, "not measured"},
		{"nothing to compare with", results.Target{Of: ours, Against: &none, Limit: 1}, 11000, false, "not measured"},
	} {
		v := measured().Judge(c.target)
		require.InDelta(t, c.reached, v.Reached, 1e-9, c.name)
		require.Equal(t, c.met, v.Met, c.name)
		require.Equal(t, c.words, v.Words(), c.name)
	}
}

func names(id string) string { return strings.ToUpper(id) }

func render(t *testing.T, table results.Table) string {
	t.Helper()
	var b strings.Builder
	_, err := table.WriteTo(&b)
	require.NoError(t, err)
	return b.String()
}

func TestTablesOfTargets(t *testing.T) {
	t.Parallel()
	got := render(t, measured().TargetTable([]results.Target{
		{Measure: "submit", Of: ours, Against: &theirs, Limit: 3},
		{Measure: "start", Of: wait, AtMost: true, Limit: 50},
		{Measure: "other", Of: results.Key{Workload: "other", Figure: results.Memory}, AtMost: true, Limit: 40},
	}, names))
	require.Equal(t, strings.TrimPrefix(`
| measure | measured                | compared with                | ratio | target   | result            |
| ------- | ----------------------- | ---------------------------- | ----- | -------- | ----------------- |
| submit  | 11,000/s (9,000–12,000) | RIVER: 4,000/s (3,000–5,000) | 2.75  | ≥ 3 ×    | **missed** by 8 % |
| start   | 20 ms                   | –                            | –     | ≤ 50 ms  | met               |
| other   | –                       | –                            | –     | ≤ 40 MiB | not measured      |
`, "\n"), got)
}

func TestTablesOfWorkloads(t *testing.T) {
	t.Parallel()
	r := measured()
	r.Add(results.Key{Workload: "submit", Subject: "spark", Figure: results.CPU}, 123.4)
	got := render(t, r.WorkloadTable("submit", []string{"spark", "river", "absent"}, []results.Figure{results.Rate, results.CPU}, names))
	require.Equal(t, strings.TrimPrefix(`
|       | jobs/s                  | CPU a job | ratio |
| ----- | ----------------------- | --------- | ----- |
| SPARK | 11,000/s (9,000–12,000) | 123 µs    | 1.00  |
| RIVER | 4,000/s (3,000–5,000)   | –         | 0.36  |
`, "\n"), got)
	require.Empty(t, render(t, nil))
}

func TestNumbersAreReadable(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{0: "0 B", 0.1234: "0.123 B", 12.345: "12.3 B", 99.96: "100 B", 999.6: "1,000 B", 1234567: "1,234,567 B", -1234: "-1,234 B"} {
		r := results.Results{}
		k := results.Key{Workload: "w", Subject: "s", Figure: results.Written}
		r.Add(k, value)
		require.Contains(t, render(t, r.WorkloadTable("w", []string{"s"}, []results.Figure{results.Written}, names)), want, "%v", value)
	}
}
