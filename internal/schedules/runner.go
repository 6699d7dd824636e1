package schedules

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Due is what a runner needs of the store.
type Due interface {
	// Due lists up to limit of the schedules whose time has come, but those of accounts and those that are named: of each account the one first that waits
	// longest, then of each the next, and so on.
	Due(ctx context.Context, now time.Time, limit int, accounts, schedules []string) ([]models.AccountSchedule, error)
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

	resting map[string]time.Time // schedules with which the platform failed, until they are tried again
}

const (
	// Failures is how many in a row pause a schedule.
	Failures = 10

	// onTime is how late a firing may be and is no misfire.
	onTime = time.Minute
	// atOnce is how many schedules are read at a time.
	atOnce = 200
	// roundWithin bounds one round, for a database that neither answers nor breaks the connection, and fireWithin one schedule of it.
	roundWithin = 30 * time.Second
	fireWithin  = 5 * time.Second
	// restFor is how long a schedule is left with which the platform failed, so that it is not what every round spends its time on.
	restFor = 10 * time.Second
	// failuresARound is with how many schedules of an account the platform may fail until its others are left for the next round.
	failuresARound = 3
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

// Once fires all that is due. What fails, or takes long, of one account holds up no other: accounts take turns, and what failed rests.
func (r *Runner) Once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundWithin)
	defer cancel()
	r.wake(time.Now())
	failures := make(map[string]int) // of accounts
	var tired []string               // accounts that have had their share of failures
	var errs []error
	for {
		now, err := r.Clock(ctx)
		if err != nil {
			return err
		}
		due, err := r.Store.Due(ctx, now, atOnce, tired, slices.Collect(maps.Keys(r.resting)))
		if err != nil {
			return err
		}
		for _, a := range inTurn(due) {
			if failures[a.AccountID] == failuresARound {
				continue
			}
			err := r.fire(ctx, a, now)
			if err == nil {
				continue
			}
			errs = append(errs, fmt.Errorf("schedule %s: %w", a.ID, err))
			if ctx.Err() != nil {
				return errors.Join(errs...)
			}
			r.resting[a.ID] = time.Now().Add(restFor)
			if failures[a.AccountID]++; failures[a.AccountID] == failuresARound {
				tired = append(tired, a.AccountID)
			}
		}
		if len(due) < atOnce {
			return errors.Join(errs...)
		}
	}
}

// wake has those tried again that have rested.
func (r *Runner) wake(now time.Time) {
	if r.resting == nil {
		r.resting = make(map[string]time.Time)
	}
	maps.DeleteFunc(r.resting, func(_ string, until time.Time) bool { return !now.Before(until) })
}

// inTurn has the accounts of what is due take turns, in another order each time, so that several runners do not get in one another's way.
func inTurn(due []models.AccountSchedule) []*models.AccountSchedule {
	byAccount := make(map[string][]*models.AccountSchedule)
	var accounts []string
	for i := range due {
		a := &due[i]
		if byAccount[a.AccountID] == nil {
			accounts = append(accounts, a.AccountID)
		}
		byAccount[a.AccountID] = append(byAccount[a.AccountID], a)
	}
	rand.Shuffle(len(accounts), func(i, k int) { accounts[i], accounts[k] = accounts[k], accounts[i] })
	for _, theirs := range byAccount {
		rand.Shuffle(len(theirs), func(i, k int) { theirs[i], theirs[k] = theirs[k], theirs[i] })
	}
	all := make([]*models.AccountSchedule, 0, len(due))
	for turn := 0; len(all) < len(due); turn++ {
		for _, account := range accounts {
			if theirs := byAccount[account]; turn < len(theirs) {
				all = append(all, theirs[turn])
			}
		}
	}
	return all
}

// fire does what a schedule is to do at a time that has come.
func (r *Runner) fire(ctx context.Context, a *models.AccountSchedule, now time.Time) error {
	f := &models.Firing{ID: models.NewID(), AccountID: a.AccountID, ScheduleID: a.ID, FiredAt: now, Was: a.NextRunAt}
	e, err := Parse(a.Cron, a.TimeZone)
	if err != nil { // a newer program accepted it, or its time zone is gone
		f.DueAt, f.Next = a.NextRunAt, now.Add(time.Hour)
	} else {
		plan(f, e, a.Misfire, now)
	}
	ctx, cancel := context.WithTimeout(ctx, fireWithin)
	defer cancel()
	if err != nil {
		return r.refuse(ctx, f, err)
	}
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
