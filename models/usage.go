package models

import "time"

// Period is the width of a usage bucket.
type Period string

// The periods.
const (
	PeriodHour Period = "hour"
	PeriodDay  Period = "day"
)

// Start is the beginning of the bucket that holds t, in UTC.
func (p Period) Start(t time.Time) time.Time {
	t = t.UTC()
	if p == PeriodDay {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return t.Truncate(time.Hour)
}

// Next is the beginning of the following bucket.
func (p Period) Next(start time.Time) time.Time {
	if p == PeriodDay {
		return start.AddDate(0, 0, 1)
	}
	return start.Add(time.Hour)
}

// Usage is the total of an account's finished jobs of one kind in one hour or day (UTC), or of those of one of its end users in one day.
// Durations are from the start
// of the last attempt to the end of the job; percentiles use the nearest-rank method.
type Usage struct {
	AccountID string
	EndUser   string // "" for the account as a whole
	Kind      Kind
	Period    Period
	Start     time.Time
	Jobs      int64
	Failures  int64
	P50Millis int64
	P95Millis int64
	TokensIn  int64
	TokensOut int64
	Bytes     int64
}

// UsageCount is what an account used in an hour or a day, of what a question sets apart. It counts jobs when they end.
type UsageCount struct {
	AccountID   string
	At          string // 2026-01-31 or 2026-01-31 07, UTC
	Kind        Kind
	ProjectID   string
	EndUser     string
	Jobs        int64
	Failures    int64
	TokensIn    int64
	TokensOut   int64
	BuildMillis int64
	Bytes       int64
}

// UsageDimension is by what usage is set apart.
type UsageDimension string

// The dimensions, in the order in which they are shown.
const (
	UsageByKind    UsageDimension = "kind"
	UsageByProject UsageDimension = "project_id"
	UsageByEndUser UsageDimension = "end_user"
)

// UsageQuestion asks for what an account used in [From, To), of some projects, end users and kinds, by the hour or the day and set apart by dimensions.
type UsageQuestion struct {
	Interval  Period
	GroupBy   []UsageDimension
	From, To  time.Time
	Kind      Kind
	ProjectID string
	EndUser   string
	Most      int // rows
}

// CatchUp is what a schedule does about the times that it missed while no scheduler ran.
type CatchUp string

// The policies.
const (
	CatchUpNone CatchUp = "none" // skip them, run at the next time
	CatchUpOnce CatchUp = "once" // run once for all of them
	CatchUpAll  CatchUp = "all"  // run once for each, oldest first
)

// Schedule submits a job at the times of a cron expression (five fields, UTC).
type Schedule struct {
	ID        string
	AccountID string
	Name      string
	Cron      string
	Kind      Kind
	Priority  Priority
	Input     JSON
	CatchUp   CatchUp
	Enabled   bool
	NextRunAt time.Time
	LastRunAt *time.Time
	LastJobID string
}
