package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/faults/checker"
	"github.com/spark-games/spark/tests/faults/report"
)

func TestThePageHasAllThree(t *testing.T) {
	t.Parallel()
	in := func(name string) string { return filepath.Join(t.TempDir(), name) }
	faults, fairness, speed, out := in("results.jsonl"), in("fairness.md"), in("speed.md"), in("proof.md")
	require.ErrorContains(t, prove(faults, fairness, speed, out), "no results")
	for seed, version := range map[uint64]string{7: "abc", 8: "def"} {
		require.NoError(t, report.Append(faults, report.Result{Seed: seed, Version: version, Started: time.Date(2026, 1, int(seed), 0, 0, 0, 0, time.UTC),
			Seconds: 600, Jobs: 100, Faults: map[string]int{"worker killed": 2}, Recovery: map[string][]float64{"worker killed": {5, 6}},
			Violations: []checker.Violation{{Kind: checker.Lost, Job: version, Text: "gone"}}}))
	}
	require.Error(t, prove(faults, fairness, speed, out))
	require.NoError(t, os.WriteFile(fairness, []byte("| fair |\n"), 0o600))
	require.NoError(t, os.WriteFile(speed, []byte("something else\n"), 0o600))
	require.ErrorContains(t, prove(faults, fairness, speed, out), "not a report")
	require.NoError(t, os.WriteFile(speed, []byte("# Speed\n\nWritten today.\n\n- Machine: big\n\n## Targets\n\n| fast |\n\n## Figures\n\n| none |\n"), 0o600))
	require.NoError(t, prove(faults, fairness, speed, out))
	page, err := os.ReadFile(out)
	require.NoError(t, err)
	for _, has := range []string{"4 faults in 20 minutes, seeds 7, 8, between 2026-01-07 and 2026-01-08", "- Spark: abc, def", "| fair |", "| fast |", "Machine: big",
		"VIOLATION lost: job abc: gone", "Written today."} {
		require.Contains(t, string(page), has)
	}
	require.NotContains(t, string(page), "| none |")
	require.Equal(t, 1, strings.Count(string(page), "\n# Proof")+strings.Count(string(page), "# Proof\n"))
}
