package models

import (
	"bytes"
	"slices"
	"time"
)

// Operation does one thing to many jobs of an account, bit by bit.
type Operation struct {
	ID        string
	AccountID string
	ProjectID string // the filter's; "" is all of the account
	Action    OperationAction
	Filter    JSON // as StoredFilter writes it
	DryRun    bool // only counts
	State     OperationState
	// Counted says that all were counted that the filter finds, which comes first; Reached is the last job that was looked at since then, or
	// before.
	Counted bool
	Reached string
	Matched int // jobs that the filter finds
	Done    int // that were cancelled or queued again
	Along   int // others, with those: the steps that wait for them
	Skipped int // that were left as they are
	Failed  int // with which the platform failed
	// Reasons says of how many jobs was skipped why, by code, as JSON.
	Reasons      JSON
	ErrorCode    Code // why the operation failed
	ErrorMessage string
	CreatedAt    time.Time
	TouchedAt    time.Time // when something was done last
	FinishedAt   *time.Time
}

// StoredFilter is a filter as operations keep it. One with fields that programs of before migration 91 do not know stands in a list, which these cannot read:
// they would leave out what they do not know, and take it for a filter that finds more jobs.
func StoredFilter(f JobFilter) JSON {
	known := JobFilter{EndUser: f.EndUser, State: f.State, Kind: f.Kind, ProjectID: f.ProjectID, PipelineID: f.PipelineID, Code: f.Code, From: f.From, To: f.To}
	raw := ToJSON(f)
	if bytes.Equal(raw, ToJSON(known)) {
		return raw
	}
	return slices.Concat(JSON("["), raw, JSON("]"))
}

// FilterJSON is the operation's filter as an object.
func (o *Operation) FilterJSON() []byte {
	if raw, ok := bytes.CutPrefix(bytes.TrimSpace(o.Filter), []byte("[")); ok {
		return bytes.TrimSuffix(raw, []byte("]"))
	}
	return o.Filter
}

// OperationAction is what an operation does to jobs.
type OperationAction string

// The actions.
const (
	OperationCancel OperationAction = "cancel"
	OperationRetry  OperationAction = "retry"
)

// Valid reports whether the action is known.
func (a OperationAction) Valid() bool { return a == OperationCancel || a == OperationRetry }

// From are the states of jobs that the action is for.
func (a OperationAction) From() []State {
	if a == OperationCancel {
		return []State{StateBlocked, StateQueued, StateRunning}
	}
	return []State{StateFailed, StateCancelled}
}

// Takes reports whether the action is for jobs in a state; "" is any.
func (a OperationAction) Takes(s State) bool { return s == "" || slices.Contains(a.From(), s) }

// OperationState is how far an operation is.
type OperationState string

// The states.
const (
	OperationRunning   OperationState = "running"
	OperationDone      OperationState = "done"
	OperationCancelled OperationState = "cancelled" // somebody stopped it
	OperationFailed    OperationState = "failed"    // it could not go on
)

// Ended reports whether nothing more happens.
func (s OperationState) Ended() bool { return s != OperationRunning }
