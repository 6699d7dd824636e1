package models

import (
	"encoding/json"
	"time"
)

// KindApproval is a step of a pipeline that waits for somebody to approve or reject it. No worker runs it, so it is not among Kinds.
const KindApproval Kind = "approval"

// Known reports whether there are jobs of the kind: those that workers run, and approvals.
func (k Kind) Known() bool { return k.Valid() || k == KindApproval }

// DependencyCondition is how a job that another waits for has to end for that one to run.
type DependencyCondition string

// The conditions. "" is what the policy of the job that waits says.
const (
	RunIfSucceeded DependencyCondition = "succeeded"
	RunIfFailed    DependencyCondition = "failed"   // it failed or was cancelled
	RunIfRejected  DependencyCondition = "rejected" // an approval, also by the end of its time
	RunAlways      DependencyCondition = "always"
)

// Valid reports whether there is such a condition.
func (c DependencyCondition) Valid() bool {
	return c == RunIfSucceeded || c == RunIfFailed || c == RunIfRejected || c == RunAlways
}

// Or is the condition, or what a policy says for want of one.
func (c DependencyCondition) Or(p DependencyPolicy) DependencyCondition {
	switch {
	case c != "":
		return c
	case p == DependencyRun:
		return RunAlways
	}
	return RunIfSucceeded
}

// MetBy reports whether a job that ended in a state, with the code of its error, meets the condition. One that was skipped meets only
// RunAlways.
func (c DependencyCondition) MetBy(state State, code Code) bool {
	lost := state == StateFailed || state == StateCancelled
	switch c {
	case RunAlways:
		return true
	case RunIfFailed:
		return lost && code != CodeSkipped
	case RunIfRejected:
		return lost && (code == CodeApprovalRejected || code == CodeApprovalExpired)
	}
	return state == StateSucceeded
}

// Skipped is what a cancelled job counts as in its pipeline if the condition was not met under which it was to run. It is not a state of
// jobs.
const Skipped State = "skipped"

// CountsAs is what a job counts as in its pipeline.
func (j *Job) CountsAs() State {
	if j.State == StateCancelled && j.ErrorCode == CodeSkipped {
		return Skipped
	}
	return j.State
}

// Decider is who decided about an approval, as far as is known. All of it is empty if its time was over.
type Decider struct {
	KeyID  string `json:"key_id,omitempty"`
	UserID string `json:"user_id,omitempty"`
	// Token reports whether it was a browser token of the key.
	Token   bool   `json:"token,omitempty"`
	EndUser string `json:"end_user,omitempty"`
}

// ApprovalOutput is what became of an approval.
type ApprovalOutput struct {
	Decision  string                     `json:"decision"` // Approved or Rejected
	Expired   bool                       `json:"expired"`  // nobody decided in time
	By        *Decider                   `json:"by"`       // nil if nobody did
	Comment   string                     `json:"comment"`
	Data      map[string]json.RawMessage `json:"data"`
	DecidedAt time.Time                  `json:"decided_at"`
}

// What is decided about an approval.
const (
	Approved = "approved"
	Rejected = "rejected"
)
