package models

import (
	"database/sql/driver"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Prefixes of the ids of webhooks. What follows is an id of NewID, so that they sort by the time at which they were made.
const (
	WebhookEndpointPrefix = "whe_"
	WebhookSecretPrefix   = "whs_"
	WebhookMessagePrefix  = "msg_"
	WebhookDeliveryPrefix = "whd_"
	WebhookAttemptPrefix  = "wha_"
)

// ValidWebhookID reports whether an id is one that was made with a prefix.
func ValidWebhookID(prefix, id string) bool {
	rest, ok := strings.CutPrefix(id, prefix)
	return ok && ValidID(rest)
}

// WebhookEndpoint is an address of an account to which Spark posts what happens.
type WebhookEndpoint struct {
	ID        string
	AccountID string
	// ProjectID narrows it to what happens in a project; "" is all of the account.
	ProjectID   string
	URL         string `gorm:"column:url"`
	Description string
	// Events are the types that it wants; none is all.
	Events WebhookEvents
	// Headers are sent with each delivery: a JSON object of names and values, sealed for the endpoint's id. nil is none.
	Headers []byte
	Payload WebhookPayload
	// Template makes the body, instead of Payload; "" is none.
	Template string
	State    WebhookState
	Reason   WebhookReason // why it is disabled; "" if it is not
	// Version counts its changes from 1.
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Wants reports whether the endpoint is for what happened in a project, of a type such as "job.succeeded".
func (e *WebhookEndpoint) Wants(projectID, event string) bool {
	return e.State == WebhookEnabled && (e.ProjectID == "" || e.ProjectID == projectID) && e.Events.Match(event)
}

// WebhookEvents are patterns of types of events, stored as a JSON array: a type ("job.succeeded"), all of a group ("job.*"), or all ("*").
type WebhookEvents []string

// Match reports whether a type is one of them. No pattern matches every type.
func (w WebhookEvents) Match(event string) bool {
	return len(w) == 0 || slices.ContainsFunc(w, func(pattern string) bool {
		group, all := strings.CutSuffix(pattern, "*")
		if all {
			return group == "" || strings.HasSuffix(group, ".") && strings.HasPrefix(event, group)
		}
		return pattern == event
	})
}

// Value implements driver.Valuer.
func (w WebhookEvents) Value() (driver.Value, error) { return IDs(w).Value() }

// Scan implements sql.Scanner.
func (w *WebhookEvents) Scan(src any) error { return (*IDs)(w).Scan(src) }

// WebhookPayload is what a delivery says.
type WebhookPayload string

// The payloads.
const (
	WebhookThin WebhookPayload = "thin" // ids, state and links
	WebhookFull WebhookPayload = "full" // what it is about, too
)

// WebhookState is whether an endpoint gets deliveries.
type WebhookState string

// The states of endpoints.
const (
	WebhookEnabled  WebhookState = "enabled"
	WebhookDisabled WebhookState = "disabled"
)

// WebhookReason is why an endpoint is disabled.
type WebhookReason string

// The reasons.
const (
	WebhookRequested WebhookReason = "requested"
	WebhookGone      WebhookReason = "gone"     // it answered 410
	WebhookFailures  WebhookReason = "failures" // it has failed for too long
)

// WebhookSecretKind is how a secret signs.
type WebhookSecretKind string

// The kinds of secrets.
const (
	WebhookSymmetric WebhookSecretKind = "symmetric" // v1: HMAC-SHA256 with 24 to 64 bytes
	WebhookEd25519   WebhookSecretKind = "ed25519"   // v1a: the 32 bytes of a seed
)

// WebhookSecret signs the deliveries to an endpoint. One of which EndpointID is "" is its account's default.
type WebhookSecret struct {
	ID         string
	AccountID  string
	EndpointID string
	Kind       WebhookSecretKind
	// Sealed is the secret, sealed for its id.
	Sealed    []byte
	CreatedAt time.Time
	// ExpiresAt is when it stops signing, after another one took its place; nil is never.
	ExpiresAt *time.Time
}

// WebhookMessage is something that happened, which is to be told. Its ID is the webhook-id of all its deliveries.
type WebhookMessage struct {
	ID         string
	AccountID  string
	ProjectID  string // "" outside of a project, as are PipelineID and JobID
	PipelineID string
	JobID      string
	Type       string // "job.succeeded"
	// Position is that of the event in the stream; 0 of a test.
	Position int64
	// Seq is the number of the event among its job's, by which receivers can order; 0 if it is about no job.
	Seq     int64
	JobKind Kind
	Attempt int // of the job
	// Data is the event's.
	Data JSON
	Test bool
	// CreatedAt is when it happened.
	CreatedAt time.Time
}

// WebhookDelivery is a message on its way to one address.
type WebhookDelivery struct {
	ID        string
	AccountID string
	MessageID string
	// EndpointID is where it goes; "" is the URL that was given with a job or a pipeline.
	EndpointID string
	URL        string `gorm:"column:url"` // without an endpoint
	// Destination is what shares a limit and a breaker: an endpoint's id, or the host of URLs.
	Destination string
	State       WebhookDeliveryState
	Attempts    int // so far, since it was made or replayed
	// NextAttemptAt is the earliest time of the next attempt, while it is pending.
	NextAttemptAt *time.Time
	LastStatus    int            // of the last answer; 0 without one
	Failure       WebhookFailure // of the last attempt; "" if it was taken
	CreatedAt     time.Time
	FinishedAt    *time.Time

	// These are of its message.

	ProjectID string
	JobID     string
	Type      string
	Seq       int64
}

// WebhookDeliveryState is the state of a delivery.
type WebhookDeliveryState string

// The states of deliveries.
const (
	WebhookPending    WebhookDeliveryState = "pending"
	WebhookDelivering WebhookDeliveryState = "delivering"
	WebhookDelivered  WebhookDeliveryState = "delivered"
	WebhookFailed     WebhookDeliveryState = "failed" // all attempts were used, or the receiver wants none
)

// WebhookAttempt is one request of a delivery, and what came of it.
type WebhookAttempt struct {
	ID         string
	AccountID  string
	DeliveryID string
	No         int // counts from 1, over replays too
	At         time.Time
	LatencyMS  int64          `gorm:"column:latency_ms"`
	Status     int            // of the answer; 0 without one
	Failure    WebhookFailure // "" if it was taken
	Message    string
	Response   string // the beginning of the answer's body
}

// WebhookFailure is why an attempt was not taken; "" if it was.
type WebhookFailure string

// The failures.
const (
	WebhookConnection WebhookFailure = "connection"  // there is no connection, or it broke
	WebhookTimeout    WebhookFailure = "timeout"     // no whole answer within the time
	WebhookStatus     WebhookFailure = "status"      // an answer other than 2xx
	WebhookRedirect   WebhookFailure = "redirect"    // an answer that sends elsewhere, which is not followed
	WebhookAnswer410  WebhookFailure = "gone"        // 410
	WebhookNotAllowed WebhookFailure = "not_allowed" // the address is one to which nothing is sent
	WebhookUnsigned   WebhookFailure = "unsigned"    // the secret cannot be read
	WebhookUnrendered WebhookFailure = "template"    // the payload could not be made
	WebhookNoEndpoint WebhookFailure = "disabled"    // the endpoint is disabled
)

// WebhookDeliveryFilter narrows a list of deliveries. Zero fields do not narrow.
type WebhookDeliveryFilter struct {
	EndpointID string
	ProjectID  string
	JobID      string
	MessageID  string
	Type       string
	State      WebhookDeliveryState
	// Since and Until are when it was made: at the first or later, and before the second.
	Since, Until time.Time
}

// WebhookHealth is how an endpoint has done lately.
type WebhookHealth struct {
	Pending      int64 // deliveries that wait or are under way
	Delivered    int64 // attempts of the last 24 hours that were taken
	Failed       int64 // attempts of the last 24 hours that were not
	P50LatencyMS int64 // of the attempts of the last 24 hours, up to a thousand of the newest
	P95LatencyMS int64
	// Failures are how many attempts have failed in a row, and FailingSince is when that began; nil if the last one was taken.
	Failures      int
	FailingSince  *time.Time
	PausedUntil   *time.Time // nothing is sent until then; nil is now
	LastSuccessAt *time.Time
	LastFailureAt *time.Time
}

// WebhookTarget is the URL that was given with a job or a pipeline.
type WebhookTarget struct {
	HolderID  string // of the job or the pipeline
	AccountID string
	URL       string `gorm:"column:url"`
	CreatedAt time.Time
}

// WebhookFinding is what became of an attempt, for WebhookAttempt and what follows from it.
type WebhookFinding struct {
	Attempt WebhookAttempt
	// RetryAfter is what the receiver asks for; 0 if it does not.
	RetryAfter time.Duration
	Gone       bool // it wants no more of anything
	// Cause is why the platform could not send anything, for the operator; nil otherwise.
	Cause error
}

// OfReceiver reports whether a receiver is to blame for a failure. What the platform itself could not do pauses and disables no endpoint.
func (f WebhookFailure) OfReceiver() bool {
	return f != WebhookUnsigned && f != WebhookUnrendered && f != WebhookNoEndpoint
}

// Taken reports whether the receiver has taken the message.
func (f *WebhookFinding) Taken() bool { return f.Attempt.Failure == "" }

// MarshalWebhookHeaders is headers as they are sealed: nil for none.
func MarshalWebhookHeaders(headers map[string]string) ([]byte, error) {
	if len(headers) == 0 {
		return nil, nil
	}
	return json.Marshal(headers)
}
