// Package wire holds the API types that depend on a job's kind, for both the server and the client. The document distinguishes
// kinds (oneOf, by "kind"); in Go, one type holds any of them, with the input and output as raw JSON. The types of each kind,
// such as GenerationInput and GenerationOutput, are generated.
package wire

import (
	"encoding/json"
	"time"

	"github.com/spark-games/spark/models"
)

// NewJob is a job to submit, of any kind.
type NewJob struct {
	Input     json.RawMessage `json:"input,omitempty"`
	Kind      models.Kind     `json:"kind"`
	Priority  models.Priority `json:"priority,omitempty"`
	ProjectID string          `json:"project_id,omitempty"`

	Metadata          json.RawMessage          `json:"metadata,omitempty"`
	EndUser           string                   `json:"end_user,omitempty"`
	RunAt             *time.Time               `json:"run_at,omitempty"`
	ExpiresAt         *time.Time               `json:"expires_at,omitempty"`
	ConcurrencyKey    string                   `json:"concurrency_key,omitempty"`
	ConcurrencyPolicy models.ConcurrencyPolicy `json:"concurrency_policy,omitempty"`
	WebhookURL        string                   `json:"webhook_url,omitempty"`
}

// NewStep is a step of a pipeline to submit, of any kind.
type NewStep struct {
	After               *[]string               `json:"after,omitempty"` // nil is the step before
	Input               json.RawMessage         `json:"input,omitempty"`
	Kind                models.Kind             `json:"kind"`
	Name                string                  `json:"name,omitempty"`
	OnDependencyFailure models.DependencyPolicy `json:"on_dependency_failure,omitempty"`
	Priority            models.Priority         `json:"priority,omitempty"`
	// RunIf has conditions for single ones of the steps that it waits for, by their names.
	RunIf map[string]models.DependencyCondition `json:"run_if,omitempty"`
}

// Job is a job of any kind.
type Job struct {
	ID              string          `json:"id"`
	ProjectID       *string         `json:"project_id"`
	PipelineID      *string         `json:"pipeline_id"`
	Step            *string         `json:"step"`
	EndUser         *string         `json:"end_user"`
	Metadata        json.RawMessage `json:"metadata"`
	Submitter       *JobSubmitter   `json:"submitter"`
	Kind            models.Kind     `json:"kind"`
	Priority        models.Priority `json:"priority"`
	State           models.State    `json:"state"`
	Attempt         int             `json:"attempt"`
	Progress        float64         `json:"progress"`
	Stage           string          `json:"stage"`
	Input           json.RawMessage `json:"input"`
	Output          json.RawMessage `json:"output"`
	Error           *JobError       `json:"error"`
	RunAt           time.Time       `json:"run_at"`
	ExpiresAt       *time.Time      `json:"expires_at"`
	ConcurrencyKey  *string         `json:"concurrency_key"`
	Traceparent     *string         `json:"traceparent"`
	CancelRequested bool            `json:"cancel_requested"`
	TokensIn        *int64          `json:"tokens_in"`
	TokensOut       *int64          `json:"tokens_out"`
	CreatedAt       time.Time       `json:"created_at"`
	StartedAt       *time.Time      `json:"started_at"`
	FinishedAt      *time.Time      `json:"finished_at"`
}

// JobSubmitter is who submitted a job. Where a request came from is in the audit alone.
type JobSubmitter struct {
	Kind   models.ActorKind `json:"kind"`
	KeyID  *string          `json:"key_id"`
	UserID *string          `json:"user_id"`
}

// JobError says why a job failed.
type JobError struct {
	Code    models.Code `json:"code"`
	Message string      `json:"message"`
	LogTail string      `json:"log_tail,omitempty"` // the last lines that the attempt logged
}

// MarshalJSON and UnmarshalJSON are the methods that the generated code needs for oneOf types.
func (j Job) MarshalJSON() ([]byte, error) {
	type fields Job
	return json.Marshal(fields(j))
}

// UnmarshalJSON implements json.Unmarshaler.
func (j *Job) UnmarshalJSON(raw []byte) error {
	type fields Job
	return json.Unmarshal(raw, (*fields)(j))
}
