package schedule

import (
	"context"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestTimes(t *testing.T) {
	t.Parallel()
	at := func(h, m int) time.Time { return time.Date(2026, 3, 1, h, m, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		policy   models.CatchUp
		due, now time.Time
		runs     []time.Time
		next     time.Time
	}{
		"on time":              {models.CatchUpNone, at(1, 0), at(1, 0).Add(time.Second), []time.Time{at(1, 0)}, at(2, 0)},
		"not yet":              {models.CatchUpAll, at(1, 0), at(0, 59), nil, at(1, 0)},
		"missed, none":         {models.CatchUpNone, at(1, 0), at(4, 30), nil, at(5, 0)},
		"missed, none, on the": {models.CatchUpNone, at(1, 0), at(4, 0), []time.Time{at(4, 0)}, at(5, 0)},
		"missed, once":         {models.CatchUpOnce, at(1, 0), at(4, 30), []time.Time{at(4, 0)}, at(5, 0)},
		"missed, all":          {models.CatchUpAll, at(1, 0), at(4, 30), []time.Time{at(1, 0), at(2, 0), at(3, 0), at(4, 0)}, at(5, 0)},
	} {
		runs, next, err := Times("0 * * * *", c.policy, c.due, c.now)
		require.NoError(t, err, name)
		require.Equal(t, c.runs, runs, name)
		require.Equal(t, c.next, next, name)
	}
	_, _, err := Times("0 0 30 2 *", models.CatchUpAll, at(0, 0), at(1, 0))
	require.Error(t, err, "a day that never comes")
	_, _, err = Times("every now and then", models.CatchUpAll, at(0, 0), at(1, 0))
	require.Error(t, err)
}

// due is a store with one schedule that is due, and notes what is fired.
type due struct {
	models.Schedule
	next time.Time
	jobs []*models.Job
}

func (d *due) DueSchedules(context.Context) ([]models.Schedule, time.Time, error) {
	return []models.Schedule{d.Schedule}, d.NextRunAt.Add(time.Second), nil
}

func (d *due) FireOwn(_ context.Context, _ models.Schedule, next time.Time, all []*models.Job) (bool, error) {
	d.next, d.jobs = next, all
	return true, nil
}

// What the clock submits is checked as what a caller submits.
func TestScheduledJobsAreChecked(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)
	schedule := models.Schedule{ID: models.NewID(), AccountID: models.SystemAccountID, Name: "s", Cron: "0 * * * *", Kind: models.KindAnalytics,
		Priority: models.PriorityLow, Input: models.JSON(`{"since":"2026-01-01T00:00:00Z"}`), NextRunAt: at}
	for name, c := range map[string]struct {
		change func(s *models.Schedule)
		jobs   int
	}{
		"good":             {func(*models.Schedule) {}, 1},
		"unknown kind":     {func(s *models.Schedule) { s.Kind = "mining" }, 0},
		"unknown priority": {func(s *models.Schedule) { s.Priority = "now" }, 0},
		"bad input":        {func(s *models.Schedule) { s.Input = models.JSON(`{"since":"yesterday"}`) }, 0},
		"without project":  {func(s *models.Schedule) { s.Kind, s.Input = models.KindBuild, nil }, 0},
		"no account":       {func(s *models.Schedule) { s.AccountID = "" }, 0},
	} {
		d := &due{Schedule: schedule}
		c.change(&d.Schedule)
		core, logs := observer.New(zap.ErrorLevel)
		changed := 0
		r := &Runner{Store: d, Observer: telemetry.NewScheduler(prometheus.NewRegistry()), Jobs: &jobs.Service{}, Log: zap.New(core), Changed: func(ids []string, _ []models.Queue) { changed += len(ids) }}
		require.NoError(t, r.runOnce(t.Context()), name)
		require.Len(t, d.jobs, c.jobs, name)
		require.Equal(t, c.jobs, changed, name)
		require.Equal(t, at.Add(time.Hour), d.next, "%s: it advances to the next time", name)
		require.Equal(t, 1-c.jobs, logs.Len(), name)
		if c.jobs > 0 {
			require.Equal(t, models.PriorityLow, d.jobs[0].Priority)
			require.JSONEq(t, `{"since":"2026-01-01T00:00:00Z"}`, string(d.jobs[0].Input))
		}
	}
}

// twoDue has a schedule that cannot be fired before one that can.
type twoDue struct{ due }

func (d *twoDue) DueSchedules(ctx context.Context) ([]models.Schedule, time.Time, error) {
	all, now, err := d.due.DueSchedules(ctx)
	bad := d.Schedule
	bad.Name = "bad"
	return append([]models.Schedule{bad}, all...), now, err
}

func (d *twoDue) FireOwn(ctx context.Context, s models.Schedule, next time.Time, all []*models.Job) (bool, error) {
	if s.Name == "bad" {
		return false, models.NewError(models.CodeConflict, "it cannot be")
	}
	return d.due.FireOwn(ctx, s, next, all)
}

func TestScheduleThatCannotBeFiredHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	d := &twoDue{due{Schedule: models.Schedule{ID: models.NewID(), AccountID: models.SystemAccountID, Name: "good", Cron: "0 * * * *",
		Kind: models.KindAnalytics, Priority: models.PriorityLow, NextRunAt: time.Date(2026, 3, 1, 1, 0, 0, 0, time.UTC)}}}
	r := &Runner{Store: d, Observer: telemetry.NewScheduler(prometheus.NewRegistry()), Jobs: &jobs.Service{}, Log: zap.NewNop(), Changed: func([]string, []models.Queue) {}}
	require.ErrorContains(t, r.runOnce(t.Context()), "schedule bad")
	require.Len(t, d.jobs, 1)
}

func FuzzTimes(f *testing.F) {
	f.Add("*/5 * * * *", int64(0), int64(10_000))
	f.Add("@daily", int64(1_000_000), int64(5))
	f.Fuzz(func(t *testing.T, expr string, due, late int64) {
		from := time.Unix(due%4_000_000_000, 0)
		now := from.Add(time.Duration(late%1_000_000) * time.Second)
		_, next, err := Times(expr, models.CatchUpAll, from, now)
		if err == nil && !next.After(now) {
			t.Fatalf("next %s is not after %s", next, now)
		}
	})
}
