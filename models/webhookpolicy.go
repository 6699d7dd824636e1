package models

import "time"

// webhookRetries are the pauses between the attempts of a delivery: about three days together.
var webhookRetries = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 18 * time.Hour, 22 * time.Hour,
}

// MaxWebhookRetryAfter limits how long a receiver may have the next attempt wait.
const MaxWebhookRetryAfter = time.Hour

// WebhookRetry is how long after its attempts, of which there were so many, a delivery is tried again; not ok is never. The jitter is from 0 to 1 and
// makes it up to a fifth longer, so that what failed together does not come together again. A receiver may ask for more.
func WebhookRetry(attempts int, jitter float64, retryAfter time.Duration) (after time.Duration, ok bool) {
	if attempts < 1 || attempts > len(webhookRetries) {
		return 0, false
	}
	pause := webhookRetries[attempts-1]
	pause += time.Duration(jitter * float64(pause) / 5)
	return max(pause, min(retryAfter, MaxWebhookRetryAfter)), true
}

// Limits of what is sent to one destination.
const (
	// WebhookBreaks is after how many failures in a row nothing but single probes are sent.
	WebhookBreaks = 5
	// WebhookDisableAfter is how long an endpoint may fail, and WebhookDisableFailures how often in that time at least, before it is disabled.
	WebhookDisableAfter    = 5 * 24 * time.Hour
	WebhookDisableFailures = 10

	breakFirst, breakMost = 5 * time.Second, 5 * time.Minute
)

// WebhookPause is how long nothing is sent to a destination after so many failures in a row.
func WebhookPause(failures int) time.Duration {
	if failures < WebhookBreaks {
		return 0
	}
	return min(breakFirst<<min(failures-WebhookBreaks, 10), breakMost)
}

// WebhookDispatch is a delivery that is handed to the workers, for one attempt.
type WebhookDispatch struct {
	DeliveryID string
	No         int64
	// Slow is one to a destination that has just failed, which must not hold up others.
	Slow bool
}

// WebhookClaim is a delivery that a worker makes, and all that it needs for it.
type WebhookClaim struct {
	WebhookDelivery
	No       int64 // of its dispatch
	Tried    int   // attempts over replays too, with this one
	Message  WebhookMessage
	Endpoint *WebhookEndpoint // nil for a URL, or one that is gone
	Secrets  []WebhookSecret
}

// WebhookFanOut is what became of a look at the stream for webhooks.
type WebhookFanOut struct {
	Events     int // that were looked at
	Messages   int
	Deliveries int
	// Lost are positions and events that were not kept until they were looked at.
	Lost       int64
	More       bool
	Dispatches []WebhookDispatch
}

// WebhookRecorded is what followed from an attempt.
type WebhookRecorded struct {
	Stale      bool // somebody else has the delivery by now, and nothing was recorded
	Disabled   WebhookReason
	Dispatches []WebhookDispatch
}
