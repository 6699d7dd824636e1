package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/faults/checker"
	"github.com/spark-games/spark/tests/faults/cluster"
	"github.com/spark-games/spark/tests/faults/inject"
	"github.com/spark-games/spark/tests/faults/load"
	"github.com/spark-games/spark/tests/faults/report"
)

// programs is the folder of the programs under test; a run builds them once.
var programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "spark-faults-programs-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		if err := cluster.Build(context.Background(), dir, false); err != nil {
			panic(err)
		}
		programs = dir
		return m.Run()
	}())
}

// toTest writes what a segment says into the test's log.
type toTest struct{ *testing.T }

func (t toTest) Write(p []byte) (int, error) {
	t.Log(strings.TrimSuffix(string(p), "\n"))
	return len(p), nil
}

// The platform keeps its promises while everything around it fails, one after another.
func TestPlatformKeepsItsPromises(t *testing.T) {
	res, err := segment{programs: programs, seed: 1, length: 40 * time.Second, drain: 2 * time.Minute, users: 16, mix: load.Everything,
		faults: inject.All(), log: toTest{t}}.run(t.Context())
	require.NoError(t, err)
	var said strings.Builder
	require.NoError(t, report.Print(&said, res))
	t.Log("\n" + said.String())
	require.Empty(t, res.Violations)
	require.NotZero(t, res.Ends["succeeded"])
	require.NotEmpty(t, res.Faults)
}

// A platform that lacks one of the things that keep its jobs safe breaks promises, and the suite says which. What a fault meets is
// chance, and on a busy machine it may come too late: the next seed has another chance.
func TestBrokenPlatformIsFound(t *testing.T) {
	// A frozen worker wakes when another has its jobs.
	frozen := inject.Only(inject.StopWorker)
	frozen[0].Least, frozen[0].Most = 10*time.Second, 11*time.Second
	for name, tt := range map[string]struct {
		faults []inject.Fault
		length time.Duration
		found  []checker.Kind // one of them
	}{
		"fence":   {frozen, 25 * time.Second, []checker.Kind{checker.Stale}},
		"repair":  {inject.Only(inject.KillWorker, inject.FlushRedis), 10 * time.Second, []checker.Kind{checker.Lost}},
		"renewal": {nil, 15 * time.Second, []checker.Kind{checker.Lost, checker.WrongEnd}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(5) {
				res, err := segment{programs: programs, seed: seed, length: tt.length, drain: 10 * time.Second, users: 8, mix: load.Slow,
					faults: tt.faults, broken: name, log: toTest{t}}.run(t.Context())
				require.NoError(t, err)
				for _, v := range res.Violations {
					t.Log(v)
				}
				if slices.ContainsFunc(res.Violations, func(v checker.Violation) bool { return slices.Contains(tt.found, v.Kind) }) {
					return
				}
			}
			t.Fatalf("without its %s the platform must break a promise", name)
		})
	}
}
