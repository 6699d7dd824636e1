package models

import (
	"reflect"
	"time"
)

// Page asks for one page of a list, newest first. Ids sort by the time they were made, so an id is the place in the
// list.
type Page struct {
	Limit  int
	Before string // exclusive: rows with id < Before; "" from the newest
}

// JobFilter narrows a list of jobs, or says which jobs an operation is about. Zero fields do not narrow.
type JobFilter struct {
	EndUser    string    `json:"end_user,omitempty"`
	State      State     `json:"state,omitempty"`
	Kind       Kind      `json:"kind,omitempty"`
	ProjectID  string    `json:"project_id,omitempty"`
	PipelineID string    `json:"pipeline_id,omitempty"`
	Code       Code      `json:"error_code,omitempty"`
	From       time.Time `json:"created_from,omitzero"` // submitted in [From, To)
	To         time.Time `json:"created_to,omitzero"`

	RunFrom     time.Time `json:"run_at_from,omitzero"` // due in [RunFrom, RunTo)
	RunTo       time.Time `json:"run_at_to,omitzero"`
	ExpiresFrom time.Time `json:"expires_at_from,omitzero"` // expires in [ExpiresFrom, ExpiresTo)
	ExpiresTo   time.Time `json:"expires_at_to,omitzero"`

	ConcurrencyKey string            `json:"concurrency_key,omitempty"`
	Submitter      string            `json:"submitter,omitempty"` // the id of a key or of a person
	Metadata       map[string]string `json:"metadata,omitempty"`  // what is under these keys: strings, numbers and booleans as text
}

// IsZero reports whether it does not narrow.
func (f JobFilter) IsZero() bool { return reflect.ValueOf(f).IsZero() }

// PipelineFilter narrows a list of pipelines. Zero fields do not narrow.
type PipelineFilter struct {
	ProjectID string
	EndUser   string
	From, To  time.Time // submitted in [From, To)
}

// ProjectFilter narrows a list of projects. Zero fields do not narrow.
type ProjectFilter struct {
	Search  string // in the name, in capitals or not
	Engine  string
	Label   [2]string // a label's name and value; no name does not narrow
	Deleted bool      // those that were deleted, instead of those that were not
}

// PlatformJobFilter narrows a list of the jobs of all accounts. Zero fields do not narrow.
type PlatformJobFilter struct {
	State     State
	Kind      Kind
	Code      Code // of the error
	AccountID string
}

// ArtifactFilter narrows a list of artifacts. Zero fields do not narrow.
type ArtifactFilter struct {
	ProjectID string
	JobID     string
	Kind      ArtifactKind
}

// UsageFilter narrows a usage report to buckets of one width that start in [From, To). Zero fields do not narrow.
type UsageFilter struct {
	EndUser string // "" is the account as a whole; one has days only
	Period  Period
	Kind    Kind
	From    time.Time
	To      time.Time
}
