// Package schedule submits jobs at the times of cron expressions kept in the database. Any number of schedulers may run:
// advancing a schedule and submitting its jobs is one compare-and-swap, which one of them wins.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
	"go.uber.org/zap"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Store keeps the schedules.
type Store interface {
	// DueSchedules lists the enabled schedules whose time has come, and the database's clock.
	DueSchedules(ctx context.Context) ([]models.Schedule, time.Time, error)
	// FireOwn advances a schedule from the time that was due to the next, and submits its jobs, unless another scheduler did.
	FireOwn(ctx context.Context, s models.Schedule, next time.Time, all []*models.Job) (won bool, err error)
}

// Jobs makes jobs as any submission does: *jobs.Service.
type Jobs interface {
	New(ctx context.Context, req jobs.JobRequest) (*models.Job, error)
}

// Runner looks for due schedules.
type Runner struct {
	Store    Store
	Jobs     Jobs
	Every    time.Duration
	Log      *zap.Logger
	Changed  func(jobs []string, queues []models.Queue)
	Observer Observer
}

// Observer counts what schedules did, for metrics.
type Observer interface {
	Fired(k models.Kind, n int) // jobs were submitted
	SchedulesFailed()
}

// maxCatchUp limits how many missed times are caught up in one run; the rest are dropped, with a warning.
const maxCatchUp = 100

// Run looks for due schedules until ctx is done, starting immediately.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	for {
		if err := r.runOnce(ctx); err != nil && ctx.Err() == nil {
			r.Observer.SchedulesFailed()
			r.Log.Warn("running schedules failed, will try again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// roundWithin bounds one round, for a database that neither answers nor breaks the connection.
const roundWithin = 30 * time.Second

func (r *Runner) runOnce(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	due, now, err := r.Store.DueSchedules(ctx)
	if err != nil {
		return err
	}
	var errs []error // one that cannot run does not delay the others
	for _, s := range due {
		times, next, err := Times(s.Cron, s.CatchUp, s.NextRunAt, now)
		if err != nil {
			r.Log.Error("schedule cannot be read and does not run", zap.String("schedule", s.Name), zap.Error(err))
			continue
		}
		if err := r.fire(ctx, s, len(times), next); err != nil {
			errs = append(errs, fmt.Errorf("schedule %s: %w", s.Name, err))
		}
	}
	return errors.Join(errs...)
}

func (r *Runner) fire(ctx context.Context, s models.Schedule, runs int, next time.Time) error {
	if runs > maxCatchUp {
		r.Log.Warn("schedule missed more times than are caught up; the rest are dropped", zap.String("schedule", s.Name), zap.Int("missed", runs))
		runs = maxCatchUp
	}
	var all []*models.Job
	var ids []string
	for range runs {
		j, err := r.Jobs.New(ctx, jobs.JobRequest{AccountID: s.AccountID, Kind: s.Kind, Priority: s.Priority, Input: s.Input})
		if err != nil && models.CodeOf(err) == models.CodeUnavailable {
			return err
		}
		if err != nil { // trying again immediately cannot help: advance to the next time
			r.Log.Error("schedule asks for an invalid job, and is skipped", zap.String("schedule", s.Name), zap.Error(err))
			break
		}
		all = append(all, j)
		ids = append(ids, j.ID)
	}
	won, err := r.Store.FireOwn(ctx, s, next, all)
	if err != nil || !won || len(all) == 0 {
		return err
	}
	r.Observer.Fired(s.Kind, len(all))
	r.Changed(ids, []models.Queue{all[0].Queue()})
	return nil
}

// Times returns the due times for which a catch-up policy submits a job, and the next time after now. due is the
// schedule's oldest time that has not run. The time that is due now never counts as missed: it always runs.
func Times(expr string, policy models.CatchUp, due, now time.Time) (runs []time.Time, next time.Time, err error) {
	spec, err := cron.ParseStandard(expr)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("cron expression %q: %w", expr, err)
	}
	var all []time.Time
	next = due.UTC()
	for !next.After(now) {
		all = append(all, next)
		if len(all) > 10*maxCatchUp {
			all = all[len(all)-maxCatchUp-1:]
		}
		after := spec.Next(next)
		if after.IsZero() {
			return nil, time.Time{}, fmt.Errorf("cron expression %q has no next time", expr)
		}
		next = after
	}
	switch {
	case len(all) == 0:
		return nil, next, nil
	case policy == models.CatchUpAll:
		return all, next, nil
	case policy == models.CatchUpOnce:
		return all[len(all)-1:], next, nil
	}
	// None: only a time that has come just now, within its own period's first minute, is not missed.
	if last := all[len(all)-1]; now.Sub(last) <= time.Minute {
		return []time.Time{last}, next, nil
	}
	return nil, next, nil
}
