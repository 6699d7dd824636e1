package models

import "time"

// Backlog is the unfinished work of the whole platform at one moment.
type Backlog struct {
	TakenAt time.Time      `json:"taken_at"` // by the database's clock
	Counts  []BacklogCount `json:"counts"`
	// RolledTo is the time up to which usage has been rolled up; zero if never.
	RolledTo time.Time `json:"rolled_to"`
}

// BacklogCount counts the jobs of one queue, one class of accounts and one state.
type BacklogCount struct {
	Kind     Kind         `json:"kind"`
	Priority Priority     `json:"priority"`
	Class    AccountClass `json:"class"`
	State    BacklogState `json:"state"`
	// Jobs is their number, at most MaxBacklog.
	Jobs int `json:"jobs"`
	// Oldest is how long the oldest of them has waited for a worker; 0 unless they are due or dispatched.
	Oldest time.Duration `json:"oldest"`
}

// MaxBacklog limits how many jobs of one queue and state are counted, to keep the count cheap.
const MaxBacklog = 100_000

// BacklogState is the state of an unfinished job, in more detail than State.
type BacklogState string

// The states of unfinished work.
const (
	BacklogBlocked    BacklogState = "blocked"    // waits for the jobs that it depends on
	BacklogScheduled  BacklogState = "scheduled"  // not yet due: waits before a retry
	BacklogDue        BacklogState = "due"        // waits in the database to be dispatched
	BacklogSuspect    BacklogState = "suspect"    // waits to run alone, since it was running when a worker was lost
	BacklogDispatched BacklogState = "dispatched" // waits in Redis for a worker
	BacklogRunning    BacklogState = "running"
)

// BacklogStates lists them in the order in which a job passes through.
func BacklogStates() []BacklogState {
	return []BacklogState{BacklogBlocked, BacklogScheduled, BacklogDue, BacklogSuspect, BacklogDispatched, BacklogRunning}
}

// AccountClass groups accounts by their weight, so that metrics distinguish them without one series per account.
type AccountClass string

// AccountClasses lists all classes, the lightest first.
func AccountClasses() []AccountClass { return []AccountClass{"1", "2-3", "4-7", "8+"} }

// ClassOf is the class of an account's weight.
func ClassOf(weight int) AccountClass {
	switch {
	case weight < 2:
		return "1"
	case weight < 4:
		return "2-3"
	case weight < 8:
		return "4-7"
	}
	return "8+"
}
