package models

import "time"

// Job is one unit of asynchronous work. Its row is the source of truth. Times are UTC and come from the database's clock.
type Job struct {
	ID         string
	AccountID  string
	ProjectID  string // "" for jobs of the whole account (analytics)
	PipelineID string // "" outside a pipeline
	Step       string // its name in the pipeline; "" outside of one
	Resolved   bool   // the references in its input were replaced
	EndUser    string // whom of the account's own users it is for, an opaque id; "" if it does not say
	Kind       Kind
	Priority   Priority
	State      State

	Input    JSON
	Metadata JSON // what an app notes about it, an object; nil is nothing
	// Submitter is who submitted it, a Submitter; nil is the platform itself.
	Submitter JSON
	Output    JSON // set by the attempt that finished the job

	// Attempt counts claims and is the fence: a write of an older attempt changes nothing.
	Attempt int
	// Failures counts attempts that ended in an error; it is what MaxFailures limits. Attempts handed back by a
	// stopping worker and attempts lost with their worker are not errors of the job.
	Failures    int
	Outages     int // attempts that ended because the platform lacked something; they are not among Failures
	MaxFailures int
	// WorkerDeaths counts attempts whose worker was lost, and DeathsAlone those of them in which the worker ran nothing
	// else. Three of the latter make a job poisonous.
	WorkerDeaths int
	DeathsAlone  int
	// SuspectOf is the last lost worker whose death the job may have caused, until it is cleared of it. From its second death on it
	// runs alone. SuspectAlone means that this worker ran nothing else.
	SuspectOf    string
	SuspectAlone bool

	Progress float64 // 0 to 1
	Stage    string

	ErrorCode    Code
	ErrorMessage string
	LogTail      string

	OnDependencyFailure DependencyPolicy
	RunAt               time.Time // the earliest start
	// ExpiresAt is when a job that has not started fails; nil is never.
	ExpiresAt *time.Time
	// ConcurrencyKey is the name, within the account, of which one holder runs at a time: this job, or the pipeline that it is of. "" is none.
	ConcurrencyKey string

	Traceparent string // header of the trace that its request belongs to; "" if it belongs to none

	CancelRequestedAt *time.Time
	CancelReason      string

	// EventSeq is the id of the job's newest event. Each change of the row takes the next one, under the row's lock,
	// so ids have no gaps and no reader can overtake a writer.
	EventSeq int64

	TokensIn, TokensOut *int64 // nil when unknown
	OutputBytes         int64

	CreatedAt  time.Time
	StartedAt  *time.Time // of the newest attempt
	FinishedAt *time.Time
}

// Queue is the queue that the job waits in.
func (j *Job) Queue() Queue { return Queue{j.Kind, j.Priority} }

// Fence identifies one attempt of a job. Every write of a worker is conditional on it.
type Fence struct {
	JobID   string
	Attempt int
}

// Fence returns the fence of the job's current attempt.
func (j *Job) Fence() Fence { return Fence{j.ID, j.Attempt} }

// HolderID is what would hold the job's concurrency key: its pipeline, or the job if it is in none.
func (j *Job) HolderID() string {
	if j.PipelineID != "" {
		return j.PipelineID
	}
	return j.ID
}

// Dependency means that a job waits for another.
type Dependency struct {
	JobID     string
	DependsOn string
	RunIf     DependencyCondition // "" is what the job's policy says
}

// Pipeline is a set of jobs of one project that were submitted together.
type Pipeline struct {
	ID        string
	AccountID string
	ProjectID string
	EndUser   string // whom of the account's own users it is for; "" if it does not say
	Metadata  JSON   // what an app notes about it, an object; nil is nothing
	CreatedAt time.Time
	// Template is what its steps were made of; zero if they were given.
	Template TemplateRef `gorm:"embedded;embeddedPrefix:template_"`
}

// PipelineState is the state of a pipeline as a whole, of which there are so many jobs in each state: queued before any has started, running until
// all have ended, then failed if one of them has, cancelled if one of them was, or else succeeded. Jobs that were skipped count as Skipped, and
// do not matter for how it ended.
func PipelineState(jobs map[State]int) State {
	open := jobs[StateBlocked] + jobs[StateQueued] + jobs[StateRunning]
	ended := jobs[StateSucceeded] + jobs[StateFailed] + jobs[StateCancelled] + jobs[Skipped]
	switch {
	case open > 0 && jobs[StateRunning]+ended > 0:
		return StateRunning
	case open > 0:
		return StateQueued
	case jobs[StateFailed] > 0:
		return StateFailed
	case jobs[StateCancelled] > 0:
		return StateCancelled
	}
	return StateSucceeded
}

// PipelineSummary is a pipeline and how many of its jobs are in each state, or Skipped.
type PipelineSummary struct {
	Pipeline
	Jobs map[State]int
}

// EventType names what happened to a job.
type EventType string

// The types of events.
const (
	EventBlocked   EventType = "blocked"
	EventQueued    EventType = "queued"
	EventStarted   EventType = "started"
	EventProgress  EventType = "progress"
	EventLog       EventType = "log"
	EventRetrying  EventType = "retrying"
	EventCancel    EventType = "cancel_requested"
	EventApproval  EventType = "approval_requested"
	EventSucceeded EventType = "succeeded"
	EventFailed    EventType = "failed"
	EventCancelled EventType = "cancelled"

	// These happen to an account.

	// EventSchedulePaused says that a schedule was paused, since it failed too often.
	EventSchedulePaused EventType = "schedule_paused"
	// EventQuota says that so much of a quota is used.
	EventQuota EventType = "quota"
	// EventOperationEnded says that an operation on many jobs has ended.
	EventOperationEnded EventType = "operation_ended"
	// EventProjectTransferred says that a project went from one account to another; both are told.
	EventProjectTransferred EventType = "project_transferred"
	// EventWebhookDisabled says that a webhook endpoint gets nothing any more, since it has failed for too long or wants nothing more.
	EventWebhookDisabled EventType = "webhook_endpoint_disabled"
)

// Terminal reports whether the event ends the job.
func (t EventType) Terminal() bool {
	return t == EventSucceeded || t == EventFailed || t == EventCancelled
}

// Event is one entry of a job's history. Seq counts from 1 without gaps.
type Event struct {
	JobID     string
	Seq       int64
	Type      EventType
	Attempt   int
	Data      JSON
	CreatedAt time.Time
}

// StreamEvent is an event in the stream of all events. Positions ascend in the order in which events were committed, with gaps. JobID is "" in those that
// happened to the account.
type StreamEvent struct {
	Event
	Position   int64
	AccountID  string
	ProjectID  string // "" if its job has none
	PipelineID string // "" if its job has none
}
