package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// Retry says how often and how fast requests are repeated that failed in passing.
type Retry struct {
	// Tries is how often a request is sent at most; 1 never repeats one.
	Tries int
	// FirstPause is the longest pause before the first repetition. It doubles with each.
	FirstPause time.Duration
	// LongestPause is the longest pause that there is. A Retry-After that is longer ends the repetitions.
	LongestPause time.Duration
	// StreamPatience is how long a stream of events tries to come back.
	StreamPatience time.Duration
}

// DefaultRetry is used unless WithRetry says otherwise.
var DefaultRetry = Retry{Tries: 5, FirstPause: 250 * time.Millisecond, LongestPause: 30 * time.Second, StreamPatience: 2 * time.Minute}

// pause waits before a repetition: a random time below a bound that doubles, so that clients that failed together do not come back together,
// and not before the platform said.
func (r Retry) pause(ctx context.Context, failures int, err error) error {
	bound := r.LongestPause
	if shift := failures - 1; shift < 16 {
		bound = min(bound, r.FirstPause<<shift)
	}
	wait := rand.N(max(bound, 1))
	if refused, ok := errors.AsType[*Error](err); ok {
		wait += refused.RetryAfter
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// passing reports whether a request that failed may succeed when it is repeated. One that is not repeatable, since its effect would be a second
// one, is repeated only when the platform says that it did nothing.
func (r Retry) passing(err error, repeatable bool) bool {
	refused, ok := errors.AsType[*Error](err)
	if !ok {
		_, broken := errors.AsType[*ConnectionError](err)
		return broken && repeatable
	}
	if refused.RetryAfter > r.LongestPause {
		return false
	}
	switch refused.Status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusConflict:
		return refused.Code == "idempotency_in_flight"
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return repeatable
	}
	return false
}

// ConnectionError says that the platform could not be reached, or that the connection broke.
type ConnectionError struct{ Err error }

func (e *ConnectionError) Error() string { return "the platform cannot be reached: " + e.Err.Error() }
func (e *ConnectionError) Unwrap() error { return e.Err }
