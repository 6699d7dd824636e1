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

// Limits are how many jobs an account may have at a time. 0 is no limit; nil leaves it to the account's plan, or else to the platform's
// configuration.
type Limits struct {
	MaxRunning           *int // in Redis or with a worker
	MaxRunningPerEndUser *int // the same of each of its end users
	MaxWaiting           *int // that have not started
}

// Or are the limits with those that are nil taken from others.
func (l Limits) Or(others Limits) Limits {
	for _, one := range []struct{ mine, theirs **int }{
		{&l.MaxRunning, &others.MaxRunning},
		{&l.MaxRunningPerEndUser, &others.MaxRunningPerEndUser},
		{&l.MaxWaiting, &others.MaxWaiting},
	} {
		if *one.mine == nil {
			*one.mine = *one.theirs
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
