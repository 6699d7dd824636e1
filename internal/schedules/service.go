package schedules

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

const (
	maxName   = 200
	maxTarget = 1 << 20
	// Shown is how many of its next times a schedule is shown with.
	Shown = 5
)

// Store keeps the schedules. Another account's are CodeNotFound, as if they did not exist. Lists are newest first.
type Store interface {
	// Create refuses a schedule with CodeLimitReached if the account has as many as most.
	Create(ctx context.Context, a *models.AccountSchedule, most int) error
	Schedule(ctx context.Context, accountID, id string) (*models.AccountSchedule, error)
	List(ctx context.Context, accountID, projectID string, p models.Page) ([]models.AccountSchedule, error)
	Change(ctx context.Context, accountID, id string, f func(*models.AccountSchedule) error) (*models.AccountSchedule, error)
	Delete(ctx context.Context, accountID, id string) error
	Firings(ctx context.Context, accountID, scheduleID string, p models.Page) ([]models.Firing, error)
}

// Service administers the schedules of accounts. All are required.
type Service struct {
	Store    Store
	Jobs     Jobs
	Accounts jobs.Accounts
	Defaults models.Limits // of accounts that have none of their own
	// Clock tells the time by which schedules are due, the database's.
	Clock func(ctx context.Context) (time.Time, error)
}

// Change is what changes of a schedule, or what a new one has; nil changes nothing.
type Change struct {
	Name     *string
	Cron     *string
	TimeZone *string
	Target   *Target
	Overlap  *models.ConcurrencyPolicy
	Misfire  *models.Misfire
	Paused   *bool
}

// apply changes a schedule at a time. What is due next changes only with what it depends on, or when it goes on after a pause.
func (c Change) apply(a *models.AccountSchedule, now time.Time, closest time.Duration) error {
	was := *a
	set(&a.Name, c.Name)
	set(&a.Cron, c.Cron)
	set(&a.TimeZone, c.TimeZone)
	set(&a.Overlap, c.Overlap)
	set(&a.Misfire, c.Misfire)
	if c.Target != nil {
		a.Target, a.ProjectID, a.TemplateID = models.ToJSON(c.Target), c.Target.project(), c.Target.templateID
	}
	if c.Paused != nil && *c.Paused != (a.PausedAt != nil) {
		if a.PausedAt, a.PauseReason = nil, ""; *c.Paused {
			a.PausedAt, a.PauseReason = &now, models.PauseRequested
		}
	}
	switch {
	case !validName(a.Name):
		return models.FieldError("/name", "a name is 1 to 200 printable characters")
	case !a.Overlap.Valid():
		return models.FieldError("/overlap", "it is skip, queue or replace")
	case !a.Misfire.Valid():
		return models.FieldError("/misfire", "it is skip or once")
	case len(a.Target) > maxTarget:
		return models.NewError(models.CodePayloadTooLarge, "what a schedule submits is at most 1 MiB")
	}
	e, err := Parse(a.Cron, a.TimeZone)
	if err != nil {
		return err
	}
	timed := a.Cron != was.Cron || a.TimeZone != was.TimeZone
	if timed && e.Closest() < closest {
		return models.FieldError("/cron", fmt.Sprintf("it comes every %s, and the limit min_schedule_seconds is %d", e.Closest(), closest/time.Second))
	}
	if timed || was.PausedAt != nil && a.PausedAt == nil {
		a.NextRunAt = e.Next(now)
	}
	if c.Target != nil || was.PausedAt != nil && a.PausedAt == nil {
		a.CountedFrom = now
	}
	return nil
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

func validName(s string) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxName &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// limits are how many schedules an account may have, 0 for any number, and how close their times may be.
func (s *Service) limits(ctx context.Context, accountID string) (most int, closest time.Duration, err error) {
	standing, err := s.Accounts.Standing(ctx, accountID)
	if err != nil {
		return 0, 0, err
	}
	limits := standing.Or(s.Defaults)
	if limits.MaxSchedules != nil {
		most = *limits.MaxSchedules
	}
	if limits.MinScheduleSeconds != nil {
		closest = time.Duration(*limits.MinScheduleSeconds) * time.Second
	}
	return most, closest, nil
}

// Create makes a schedule of an account. What it is to submit is checked as if it were submitted now.
func (s *Service) Create(ctx context.Context, accountID string, c Change) (*models.AccountSchedule, error) {
	most, closest, err := s.limits(ctx, accountID)
	if err != nil {
		return nil, err
	}
	now, err := s.Clock(ctx)
	if err != nil {
		return nil, err
	}
	a := &models.AccountSchedule{ID: models.NewID(), AccountID: accountID, TimeZone: "UTC", Overlap: models.ConcurrencySkip, Misfire: models.MisfireSkip}
	if c.Target == nil {
		c.Target = &Target{}
	}
	if err := c.Target.check(ctx, s.Jobs, a); err != nil {
		return nil, err
	}
	if err := c.apply(a, now, closest); err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("schedule", a.ID)
	return a, s.Store.Create(ctx, a, most)
}

// Change changes a schedule. A new target is checked as if it were submitted now.
func (s *Service) Change(ctx context.Context, accountID, id string, c Change) (*models.AccountSchedule, error) {
	_, closest, err := s.limits(ctx, accountID)
	if err != nil {
		return nil, err
	}
	if c.Target != nil {
		if _, err := s.Store.Schedule(ctx, accountID, id); err != nil {
			return nil, err
		}
		if err := c.Target.check(ctx, s.Jobs, &models.AccountSchedule{ID: id, AccountID: accountID}); err != nil {
			return nil, err
		}
	}
	for range changeTries {
		a, err := s.change(ctx, accountID, id, c, closest)
		if !errors.Is(err, errFiredMeanwhile) {
			return a, err
		}
	}
	return nil, errFiredMeanwhile
}

// changeTries is how often a change begins anew because the schedule fires or is changed meanwhile.
const changeTries = 5

var errFiredMeanwhile = models.NewError(models.CodeConflict, "the schedule fires, or others change it, at the same time; try again")

// change changes a schedule that is as it was before the clock was read. One that has fired since would be due again at the time at which it did.
func (s *Service) change(ctx context.Context, accountID, id string, c Change, closest time.Duration) (*models.AccountSchedule, error) {
	was, err := s.Store.Schedule(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	now, err := s.Clock(ctx)
	if err != nil {
		return nil, err
	}
	return s.Store.Change(ctx, accountID, id, func(a *models.AccountSchedule) error {
		if !a.NextRunAt.Equal(was.NextRunAt) {
			return errFiredMeanwhile
		}
		return c.apply(a, now, closest)
	})
}

// Schedule reads a schedule.
func (s *Service) Schedule(ctx context.Context, accountID, id string) (*models.AccountSchedule, error) {
	return s.Store.Schedule(ctx, accountID, id)
}

// List lists the schedules of an account, or of one of its projects.
func (s *Service) List(ctx context.Context, accountID, projectID string, p models.Page) ([]models.AccountSchedule, error) {
	return s.Store.List(ctx, accountID, projectID, p)
}

// Delete removes a schedule with its history. What it has submitted stays.
func (s *Service) Delete(ctx context.Context, accountID, id string) error {
	return s.Store.Delete(ctx, accountID, id)
}

// Firings lists what a schedule did.
func (s *Service) Firings(ctx context.Context, accountID, id string, p models.Page) ([]models.Firing, error) {
	if _, err := s.Store.Schedule(ctx, accountID, id); err != nil {
		return nil, err
	}
	return s.Store.Firings(ctx, accountID, id, p)
}

// RunNow submits what a schedule submits, now, also if it is paused. Its times stay as they are. If what it submitted before has not ended and it
// leaves out what overlaps, that is CodeKeyHeld.
func (s *Service) RunNow(ctx context.Context, accountID, id string) (*models.Firing, error) {
	a, err := s.Store.Schedule(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	now, err := s.Clock(ctx)
	if err != nil {
		return nil, err
	}
	t, err := ReadTarget(a.Target)
	if err != nil {
		return nil, err
	}
	f := &models.Firing{ID: models.NewID(), AccountID: accountID, ScheduleID: id, DueAt: now, FiredAt: now, Manual: true, Outcome: models.FiringSubmitted}
	err = t.submit(ctx, s.Jobs, a, f)
	if held, ok := errors.AsType[*jobs.HeldError](err); ok {
		return nil, models.NewError(models.CodeKeyHeld, held.Error())
	}
	if errors.Is(err, jobs.ErrFired) {
		return nil, models.NewError(models.CodeNotFound, "no such schedule")
	}
	return f, err
}

// NextRuns are the next times of a schedule; none while it is paused.
func NextRuns(a *models.AccountSchedule) []time.Time {
	next := []time.Time{}
	e, err := Parse(a.Cron, a.TimeZone)
	if err != nil || a.PausedAt != nil {
		return next
	}
	for at := a.NextRunAt; len(next) < Shown; at = e.Next(at) {
		next = append(next, at.UTC())
	}
	return next
}

// Preview are the next times of an expression after one, which is now if it is zero.
func (s *Service) Preview(ctx context.Context, expression, zone string, after time.Time) ([]time.Time, error) {
	e, err := Parse(expression, zone)
	if err != nil {
		return nil, err
	}
	if after.IsZero() {
		if after, err = s.Clock(ctx); err != nil {
			return nil, err
		}
	}
	if y := after.Year(); y < 1970 || y > 9000 {
		return nil, models.FieldError("/from", "is a time between 1970 and 9000")
	}
	next := make([]time.Time, 0, Shown)
	for range Shown {
		after = e.Next(after)
		next = append(next, after)
	}
	return next, nil
}
