package models

import (
	"context"
	"time"
)

// AccountSchedule submits what an account has asked for at the times of a cron expression in a time zone. The platform's own are Schedule.
type AccountSchedule struct {
	ID        string
	AccountID string
	ProjectID string // of what it submits; "" if that is of the whole account
	Name      string
	Cron      string
	TimeZone  string // of the IANA database
	// Target is what it submits, as internal/schedules keeps it.
	Target JSON
	// TemplateID is that of the account's own template that a new target names; "" is none. It is not read again.
	TemplateID string `gorm:"-"`
	Overlap    ConcurrencyPolicy
	Misfire    Misfire
	// PausedAt is since when it submits nothing; nil is not.
	PausedAt    *time.Time
	PauseReason PauseReason
	// NextRunAt is the time that is due next, while it is not paused.
	NextRunAt time.Time
	// CountedFrom is since when its failures are counted.
	CountedFrom time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Misfire is what a schedule does about times that it has missed.
type Misfire string

// The policies.
const (
	MisfireSkip Misfire = "skip" // leaves them out
	MisfireOnce Misfire = "once" // submits once for all of them
)

// Valid reports whether the policy is known.
func (m Misfire) Valid() bool { return m == MisfireSkip || m == MisfireOnce }

// PauseReason is why a schedule is paused; "" if it is not.
type PauseReason string

// The reasons.
const (
	PauseRequested PauseReason = "requested"
	PauseFailures  PauseReason = "failures" // too many in a row
)

// Firing is what a schedule did at a time that was due, or when it was told to run.
type Firing struct {
	ID         string
	AccountID  string
	ScheduleID string
	DueAt      time.Time
	FiredAt    time.Time
	Manual     bool
	Outcome    FiringOutcome
	JobID      string // what was submitted; "" if it is a pipeline, or nothing
	PipelineID string
	ErrorCode  Code   // why nothing was
	Message    string // the same in words
	Missed     int    // times that were due and passed without anything, about MaxMissed at most

	// Was is the time that the schedule had as its next, and Next the one that it has then; they are of what is to be stored, and not of manual ones.
	Was, Next time.Time `gorm:"-"`
}

// MaxMissed limits how far missed times are counted.
const MaxMissed = 1000

// FiringOutcome is what came of a firing.
type FiringOutcome string

// The outcomes.
const (
	FiringSubmitted FiringOutcome = "submitted"
	FiringSkipped   FiringOutcome = "skipped" // what it submitted before has not ended
	FiringRefused   FiringOutcome = "refused"
	FiringMissed    FiringOutcome = "missed" // nothing was running then that could have submitted it
)

type firingKey struct{}

// WithFiring returns a context in which what is submitted is a firing's.
func WithFiring(ctx context.Context, f *Firing) context.Context {
	return context.WithValue(ctx, firingKey{}, f)
}

// FiringFrom is the firing that a context carries, or nil.
func FiringFrom(ctx context.Context) *Firing {
	f, _ := ctx.Value(firingKey{}).(*Firing)
	return f
}

// Submits says what the firing is about to submit: a pipeline, or else a job. The firing may be nil.
func (f *Firing) Submits(p *Pipeline, j *Job) {
	switch {
	case f == nil:
	case p != nil:
		f.PipelineID = p.ID
	default:
		f.JobID = j.ID
	}
}

// AccountEvent is something that happened to an account, and not to one of its jobs, in the stream of its events.
type AccountEvent struct {
	ID        string
	AccountID string
	ProjectID string // that it is about; "" if it is about none
	Type      EventType
	Data      JSON
	CreatedAt time.Time
}
