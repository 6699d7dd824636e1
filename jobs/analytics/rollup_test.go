package analytics

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestNearestRank(t *testing.T) {
	t.Parallel()
	require.Zero(t, nearestRank(nil, 50))
	require.Equal(t, int64(7), nearestRank([]int64{7}, 95))
	require.Equal(t, int64(2), nearestRank([]int64{1, 2, 3, 4}, 50))
	require.Equal(t, int64(4), nearestRank([]int64{1, 2, 3, 4}, 95))
}

// table is a store in memory; the real one is tested in its own package.
type table struct {
	jobs  []*models.Job
	mark  time.Time
	now   time.Time
	saved []models.Usage
}

func (s *table) RolledTo(context.Context) (time.Time, time.Time, error) { return s.mark, s.now, nil }

func (s *table) FinishedSince(_ context.Context, account string, from time.Time, f func(*models.Job) error) error {
	for _, j := range s.jobs {
		if !j.FinishedAt.Before(from) && j.AccountID == account {
			if err := f(j); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *table) AllFinishedSince(_ context.Context, from time.Time, f func(*models.Job) error) error {
	for _, j := range s.jobs {
		if !j.FinishedAt.Before(from) {
			if err := f(j); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *table) SaveUsage(_ context.Context, u []models.Usage, to time.Time) error {
	s.saved = u
	if !to.IsZero() {
		s.mark = to
	}
	return nil
}

func job(account string, state models.State, end time.Time, took time.Duration, tokens int64) *models.Job {
	start := end.Add(-took)
	return &models.Job{AccountID: account, Kind: models.KindBuild, State: state, StartedAt: &start, FinishedAt: &end, TokensIn: &tokens, OutputBytes: 10}
}

func run(t *testing.T, s *table, input string) []models.Usage {
	t.Helper()
	return runFor(t, s, models.SystemAccountID, input)
}

func runFor(t *testing.T, s *table, account, input string) []models.Usage {
	t.Helper()
	_, err := (&Handler{Store: s}).Run(t.Context(), &jobs.Attempt{Job: &models.Job{AccountID: account, Input: models.JSON(input)}})
	require.NoError(t, err)
	return s.saved
}

func TestRollupIsIncrementalAndRepeatable(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	s := &table{now: day.Add(10*time.Hour + 30*time.Minute), jobs: []*models.Job{
		job("a", models.StateSucceeded, day.Add(9*time.Hour+10*time.Minute), time.Second, 1),
		job("a", models.StateFailed, day.Add(9*time.Hour+50*time.Minute), 3*time.Second, 2),
		job("b", models.StateSucceeded, day.Add(10*time.Hour+5*time.Minute), 2*time.Second, 4),
	}}
	first := run(t, s, `{}`)
	require.Equal(t, []models.Usage{
		{AccountID: "a", Kind: models.KindBuild, Period: models.PeriodDay, Start: day, Jobs: 2, Failures: 1, P50Millis: 1000, P95Millis: 3000, TokensIn: 3, Bytes: 20},
		{AccountID: "a", Kind: models.KindBuild, Period: models.PeriodHour, Start: day.Add(9 * time.Hour), Jobs: 2, Failures: 1, P50Millis: 1000, P95Millis: 3000, TokensIn: 3, Bytes: 20},
		{AccountID: "b", Kind: models.KindBuild, Period: models.PeriodDay, Start: day, Jobs: 1, P50Millis: 2000, P95Millis: 2000, TokensIn: 4, Bytes: 10},
		{AccountID: "b", Kind: models.KindBuild, Period: models.PeriodHour, Start: day.Add(10 * time.Hour), Jobs: 1, P50Millis: 2000, P95Millis: 2000, TokensIn: 4, Bytes: 10},
	}, first)
	require.Empty(t, run(t, s, `{}`), "nothing new finished")
	require.Equal(t, first, run(t, s, `{"since":"2026-03-01T00:00:00Z"}`), "again on request, the same")

	mine := runFor(t, s, "b", `{"since":"2026-03-01T00:00:00Z"}`)
	require.Equal(t, first[2:], mine, "an account's rollup is of itself")
	require.Equal(t, s.now, s.mark)

	s.mark = s.now
	s.now = s.now.Add(time.Hour)
	s.jobs = append(s.jobs, job("a", models.StateSucceeded, day.Add(11*time.Hour), time.Second, 8))
	again := run(t, s, `{}`)
	require.Len(t, again, 2, "only what the new job touched")
	require.Equal(t, int64(3), again[0].Jobs, "the day is recomputed whole")
	require.Equal(t, int64(11), again[0].TokensIn)
	require.Equal(t, int64(1), again[1].Jobs)
}

// A job of an end user counts for the account, and for the end user's day.
func TestRollupOfEndUsers(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	of := func(user string, tokens int64) *models.Job {
		j := job("a", models.StateSucceeded, day.Add(9*time.Hour), time.Second, tokens)
		j.EndUser = user
		return j
	}
	saved := run(t, &table{now: day.Add(10 * time.Hour), jobs: []*models.Job{of("", 1), of("ann", 2), of("ann", 4), of("bob", 8)}}, `{}`)
	got := make(map[string]int64)
	for _, u := range saved {
		got[string(u.Period)+" "+u.EndUser] = u.TokensIn
	}
	require.Equal(t, map[string]int64{"hour ": 15, "day ": 15, "day ann": 6, "day bob": 8}, got)
}
