package jobs

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

// Timing says when a job may run, or all jobs of a pipeline. The zero value is: as soon as possible.
type Timing struct {
	// RunAt is the earliest start; one in the past is now.
	RunAt *time.Time
	// ExpiresAt is when a job that has not started fails instead of running.
	ExpiresAt *time.Time
	// ConcurrencyKey is a name within the account, of which one holder runs at a time; "" is none.
	ConcurrencyKey string
	// ConcurrencyPolicy says what happens while the key is held; "" is to wait.
	ConcurrencyPolicy models.ConcurrencyPolicy
}

const (
	// MaxAhead limits how far in the future a job may be due.
	MaxAhead = 366 * 24 * time.Hour
	// MaxNameLength is that of a concurrency key and of the id of an end user, in characters.
	MaxNameLength = 128
)

// check refuses what cannot be meant, with pointers into the request.
func (t Timing) check(now time.Time) error {
	first := now
	if t.RunAt != nil && t.RunAt.After(now) {
		first = *t.RunAt
	}
	switch {
	case first.After(now.Add(MaxAhead)):
		return models.FieldError("/run_at", "a job is due within a year")
	case t.ExpiresAt != nil && !t.ExpiresAt.After(first):
		return models.FieldError("/expires_at", "a job expires in the future, and after it is due")
	case t.ExpiresAt != nil && t.ExpiresAt.After(first.Add(MaxAhead)):
		return models.FieldError("/expires_at", "a job expires within a year after it is due")
	case t.ConcurrencyPolicy != "" && !t.ConcurrencyPolicy.Valid():
		return models.FieldError("/concurrency_policy", "the policy is queue, replace or skip")
	case t.ConcurrencyPolicy != "" && t.ConcurrencyKey == "":
		return models.FieldError("/concurrency_policy", "a policy needs a concurrency_key")
	case !validName(t.ConcurrencyKey):
		return models.FieldError("/concurrency_key", fmt.Sprintf("a key is 1 to %d printable characters", MaxNameLength))
	}
	return nil
}

// MaxMetadata limits the metadata of a job, in bytes.
const MaxMetadata = 4096

// checkMetadata refuses what is no small JSON object. That it is JSON at all is known.
func checkMetadata(raw []byte) error {
	if len(raw) > MaxMetadata {
		return models.FieldError("/metadata", fmt.Sprintf("at most %d bytes", MaxMetadata))
	}
	if raw != nil && !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		return models.FieldError("/metadata", "is a JSON object")
	}
	return nil
}

// checkEndUser refuses what is no id of an end user.
func checkEndUser(id string) error {
	if !validName(id) {
		return models.FieldError("/end_user", fmt.Sprintf("an end user's id is 1 to %d printable characters", MaxNameLength))
	}
	return nil
}

// validName reports whether a name that an account chose, or none, can be stored and shown.
func validName(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= MaxNameLength &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// immediate reports whether the job may run at once and competes with no other.
func (t Timing) immediate(now time.Time) bool {
	return t.ConcurrencyKey == "" && (t.RunAt == nil || !t.RunAt.After(now))
}

// apply sets what a job keeps of it.
func (t Timing) apply(j *models.Job) {
	if t.RunAt != nil {
		j.RunAt = *t.RunAt
	}
	j.ExpiresAt, j.ConcurrencyKey = t.ExpiresAt, t.ConcurrencyKey
}

// HeldError is the error of a submission that was skipped, since another job or pipeline holds its concurrency key.
type HeldError struct {
	// Pipeline is the pipeline that holds the key; "" if it is a job outside of one.
	Pipeline string
	// Job is the job that holds the key, or the pipeline's first that has not ended.
	Job string
}

// Error implements error.
func (e *HeldError) Error() string { return "job " + e.Job + " holds the concurrency key" }
