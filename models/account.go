package models

import "time"

// Account is a tenant.
type Account struct {
	ID     string
	Name   string
	Weight int // share in fair dispatch; 1 is normal
	State  AccountState
	// Plan is the name of the plan whose limits apply, "" for none.
	Plan string
	// Limits are the account's own, which come before its plan's.
	Limits    `gorm:"embedded"`
	CreatedAt time.Time
	DeletedAt *time.Time // it is closed, can be restored for a while, and is removed then
}

// SystemAccountID owns the jobs that the platform runs for itself.
const SystemAccountID = "00000000-0000-7000-8000-000000000000"

// AccountState says whether an account may work.
type AccountState string

// The states of an account.
const (
	AccountActive AccountState = "active"
	// AccountPaused has its jobs accepted, but not started.
	AccountPaused AccountState = "paused"
	// AccountSuspended has its keys refused, and none of its jobs started.
	AccountSuspended AccountState = "suspended"
)

// Valid reports whether there is such a state.
func (s AccountState) Valid() bool {
	return s == AccountActive || s == AccountPaused || s == AccountSuspended
}

// Limits are how many jobs an account may have at a time, and how many requests it may make. 0 is no limit; nil leaves it to the account's
// plan, or else to the platform's configuration.
type Limits struct {
	MaxRunning           *int `json:"max_running"`              // jobs in Redis or with a worker
	MaxRunningPerEndUser *int `json:"max_running_per_end_user"` // the same of each of its end users
	MaxWaiting           *int `json:"max_waiting"`              // jobs that have not started

	RequestsPerMinute           *int `json:"requests_per_minute"` // of all its keys together
	RequestsPerMinutePerKey     *int `json:"requests_per_minute_per_key"`
	RequestsPerMinutePerEndUser *int `json:"requests_per_minute_per_end_user"` // submissions for it, and requests with its browser tokens

	MaxStorageMB       *int `json:"max_storage_mb" gorm:"column:max_storage_mb"` // MiB
	MaxSchedules       *int `json:"max_schedules"`
	MinScheduleSeconds *int `json:"min_schedule_seconds"` // how close two times of a schedule may be

	// What may be used in a day, UTC.
	JobsPerDay                   *int `json:"jobs_per_day"`
	JobsPerDayPerEndUser         *int `json:"jobs_per_day_per_end_user"`
	TokensPerDay                 *int `json:"tokens_per_day"`
	TokensPerDayPerEndUser       *int `json:"tokens_per_day_per_end_user"`
	BuildMinutesPerDay           *int `json:"build_minutes_per_day"`
	BuildMinutesPerDayPerEndUser *int `json:"build_minutes_per_day_per_end_user"`
}

// LimitField is one of an account's limits, by the name that it has everywhere.
type LimitField struct {
	Name  string
	Value **int
}

// Fields lists the limits.
func (l *Limits) Fields() []LimitField {
	return []LimitField{
		{"max_running", &l.MaxRunning}, {"max_running_per_end_user", &l.MaxRunningPerEndUser}, {"max_waiting", &l.MaxWaiting},
		{"requests_per_minute", &l.RequestsPerMinute}, {"requests_per_minute_per_key", &l.RequestsPerMinutePerKey},
		{"requests_per_minute_per_end_user", &l.RequestsPerMinutePerEndUser},
		{"max_storage_mb", &l.MaxStorageMB}, {"max_schedules", &l.MaxSchedules}, {"min_schedule_seconds", &l.MinScheduleSeconds},
		{"jobs_per_day", &l.JobsPerDay}, {"jobs_per_day_per_end_user", &l.JobsPerDayPerEndUser},
		{"tokens_per_day", &l.TokensPerDay}, {"tokens_per_day_per_end_user", &l.TokensPerDayPerEndUser},
		{"build_minutes_per_day", &l.BuildMinutesPerDay}, {"build_minutes_per_day_per_end_user", &l.BuildMinutesPerDayPerEndUser},
	}
}

// Or are the limits with those that are nil taken from others.
func (l Limits) Or(others Limits) Limits {
	theirs := others.Fields()
	for i, mine := range l.Fields() {
		if *mine.Value == nil {
			*mine.Value = *theirs[i].Value
		}
	}
	return l
}

// Plan is a named set of limits, which any number of accounts have.
type Plan struct {
	Name      string
	Limits    `gorm:"embedded"`
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Standing is what an account may do now: its state, and the limits that apply to it.
type Standing struct {
	State AccountState
	Limits
}
