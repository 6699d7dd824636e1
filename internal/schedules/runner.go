package schedules

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Due is what a runner needs of the store.
type Due interface {
	// Due lists up to limit of the schedules of all accounts whose time has come, the longest ago first.
	Due(ctx context.Context, now time.Time, limit int) ([]models.AccountSchedule, error)
	// Fire notes a firing that submits nothing and advances its schedule, unless somebody else did. It pauses a schedule of which so many in a row have
	// failed.
	Fire(ctx context.Context, f *models.Firing, failures int) (won, paused bool, err error)
	// PauseFailing pauses a schedule whose time has come, if so many of its last firings in a row have failed.
	PauseFailing(ctx context.Context, f *models.Firing, failures int) (paused bool, err error)
}

// Observer counts what schedules did, for metrics.
type Observer interface {
	ScheduleFired(outcome models.FiringOutcome)
	SchedulesFailed()
}

// Runner submits what is due. Any number may run.
type Runner struct {
	Store    Due
	Jobs     Jobs
	Clock    func(ctx context.Context) (time.Time, error)
	Every    time.Duration
	Log      *zap.Logger
	Observer Observer
}

const (
	// Failures is how many in a row pause a schedule.
	Failures = 10

	// onTime is how late a firing may be and is no misfire.
	onTime = time.Minute
	// atOnce is how many schedules are read at a time.
	atOnce = 200
	// roundWithin bounds one round, for a database that neither answers nor breaks the connection.
	roundWithin = 30 * time.Second
)

// Run looks for what is due until ctx is done, starting immediately.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	for {
		if err := r.Once(ctx); err != nil && ctx.Err() == nil {
			r.Observer.SchedulesFailed()
			r.Log.Warn("running the schedules of accounts failed, will try again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once fires all that is due.
func (r *Runner) Once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	for {
		now, err := r.Clock(ctx)
		if err != nil {
			return err
		}
		due, err := r.Store.Due(ctx, now, atOnce)
		if err != nil {
			return err
		}
		rand.Shuffle(len(due), func(i, k int) { due[i], due[k] = due[k], due[i] }) // so that several runners do not get in one another's way
		var errs []error
		for i := range due {
			if err := r.fire(ctx, &due[i], now); err != nil { // which does not delay the others
				errs = append(errs, fmt.Errorf("schedule %s: %w", due[i].ID, err))
			}
		}
		if err := errors.Join(errs...); err != nil || len(due) < atOnce {
			return err
		}
	}
}

// fire does what a schedule is to do at a time that has come.
func (r *Runner) fire(ctx context.Context, a *models.AccountSchedule, now time.Time) error {
	f := &models.Firing{ID: models.NewID(), AccountID: a.AccountID, ScheduleID: a.ID, FiredAt: now, Was: a.NextRunAt}
	e, err := Parse(a.Cron, a.TimeZone)
	if err != nil { // a newer program accepted it, or its time zone is gone
		f.DueAt, f.Next = a.NextRunAt, now.Add(time.Hour)
		return r.refuse(ctx, f, err)
	}
	plan(f, e, a.Misfire, now)
	if f.Outcome == models.FiringMissed {
		return r.note(ctx, f)
	}
	if paused, err := r.Store.PauseFailing(ctx, f, Failures); paused || err != nil {
		return err
	}
	target, err := ReadTarget(a.Target)
	if err == nil {
		err = target.submit(ctx, r.Jobs, a, f)
	}
	switch _, held := errors.AsType[*jobs.HeldError](err); {
	case err == nil:
		r.Observer.ScheduleFired(f.Outcome)
		return nil
	case errors.Is(err, jobs.ErrFired): // another runner did it, or it was changed
		return nil
	case held:
		f.JobID, f.PipelineID, f.Outcome, f.Message = "", "", models.FiringSkipped, err.Error()
		return r.note(ctx, f)
	case ctx.Err() != nil || models.CodeOf(err) == models.CodeUnavailable:
		return err
	}
	return r.refuse(ctx, f, err)
}

// refuse notes that nothing was submitted, and why.
func (r *Runner) refuse(ctx context.Context, f *models.Firing, why error) error {
	known := models.AsError(why)
	if known.Code == models.CodeInternal {
		r.Log.Error("a schedule could not submit anything", zap.String("schedule", f.ScheduleID), zap.Error(why))
	}
	f.JobID, f.PipelineID, f.Outcome, f.ErrorCode, f.Message = "", "", models.FiringRefused, known.Code, known.Message
	return r.note(ctx, f)
}

func (r *Runner) note(ctx context.Context, f *models.Firing) error {
	won, paused, err := r.Store.Fire(ctx, f, Failures)
	if won {
		r.Observer.ScheduleFired(f.Outcome)
	}
	if paused {
		r.Log.Info("a schedule failed too often and is paused", zap.String("schedule", f.ScheduleID), zap.String("account", f.AccountID))
	}
	return err
}

// plan says what a firing is of, which is one of all times that have come: the last of them if that has come just now, or if what was missed is made up
// for, and else the first, as missed.
func plan(f *models.Firing, e *Expression, misfire models.Misfire, now time.Time) {
	f.Next = e.Next(now)
	last := e.Last(now, f.Was)
	if last.IsZero() { // its next time was set by other rules
		last = f.Was
	}
	for at := f.Was; at.Before(last) && f.Missed < models.MaxMissed; at = e.Next(at) {
		f.Missed++
	}
	f.DueAt, f.Outcome = last, models.FiringSubmitted
	if misfire != models.MisfireOnce && now.Sub(last) > onTime {
		f.DueAt, f.Outcome = f.Was, models.FiringMissed
		f.Missed++
	}
}
