package ai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/propagation"
)

const (
	maxErrorBody = 64 << 10
	// maxWireBytes limits the stream itself: every few bytes of an answer come wrapped in some hundred bytes of JSON.
	maxWireBytes  = 128 << 20
	maxRetryAfter = time.Hour
)

var (
	errIdle      = errors.New("nothing came for longer than the idle timeout")
	errNotStream = errors.New("the reply is not an event stream")
	errTooLong   = errors.New("the event stream is longer than 128 MiB")
	errBroken    = errors.New("the connection broke in the middle of the stream")
)

// statusError is a response other than 200: the part that is safe to repeat, and nothing else that the server wrote.
type statusError struct {
	status     int
	kind, code string // the vendor's own words: "rate_limit_error", "insufficient_quota"
	retryAfter time.Duration
}

func (e *statusError) Error() string {
	words := []string{fmt.Sprintf("HTTP %d %s", e.status, http.StatusText(e.status)), e.kind, e.code}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// transport is the only connection to a model. It turns every response that is not an event stream into an error of this package
// before the SDK reads it, limits how much is read, and ends a stream that has gone silent.
type transport struct {
	base interface {
		http.RoundTripper
		CloseIdleConnections()
	}
	idle time.Duration
}

func newTransport(cfg Config) *transport {
	dialer := &net.Dialer{Timeout: cfg.ConnectTimeout, KeepAlive: 30 * time.Second}
	return &transport{idle: cfg.IdleTimeout, base: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   cfg.ConnectTimeout,
		ResponseHeaderTimeout: cfg.ResponseTimeout,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       90 * time.Second,
	}}
}

// client follows no redirects: RoundTrip turns them into errors, so that a key is never sent to another address.
func (t *transport) client() *http.Client { return &http.Client{Transport: t} }

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	req = req.Clone(ctx)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(req.Header)) // if the job belongs to one
	res, err := t.base.RoundTrip(req)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	// The timer is reset by every read; it must not run while nothing is read.
	timer := time.AfterFunc(t.idle, func() { cancel(errIdle) })
	body := &streamBody{rc: res.Body, ctx: ctx, cancel: cancel, timer: timer, idle: t.idle, left: maxWireBytes}
	if res.StatusCode != http.StatusOK {
		defer func() { _ = body.Close() }()
		return nil, readStatusError(res, body)
	}
	if media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); media != "text/event-stream" {
		_ = body.Close()
		return nil, errNotStream
	}
	timer.Stop()
	res.Body = body
	return res, nil
}

// streamBody is a response body with limits on its length and on its pauses.
type streamBody struct {
	rc     io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	idle   time.Duration
	left   int64
}

func (b *streamBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	b.timer.Reset(b.idle)
	n, err := b.rc.Read(p[:min(int64(len(p)), b.left)])
	b.timer.Stop()
	b.left -= int64(n)
	switch {
	case err == nil || err == io.EOF:
	case errors.Is(context.Cause(b.ctx), errIdle):
		err = errIdle
	case b.ctx.Err() == nil:
		err = errBroken
	}
	return n, err
}

func (b *streamBody) Close() error {
	b.timer.Stop()
	err := b.rc.Close()
	b.cancel(nil)
	return err
}

// safeWord matches a vendor's error types, and no key.
var safeWord = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// readStatusError extracts what is safe to repeat from an error response. OpenAI, Anthropic and compatible servers all wrap an
// object with a type in "error".
func readStatusError(res *http.Response, body io.Reader) error {
	e := &statusError{status: res.StatusCode, retryAfter: parseRetryAfter(res.Header, time.Now())}
	raw, _ := io.ReadAll(io.LimitReader(body, maxErrorBody))
	e.kind, e.code = errorWords(raw)
	return e
}

// errorWords finds the type and the code of {"error": {"type": …, "code": …}}.
func errorWords(raw []byte) (kind, code string) {
	var envelope struct {
		Error struct {
			Type any `json:"type"`
			Code any `json:"code"`
		} `json:"error"`
	}
	_ = json.Unmarshal(raw, &envelope) // a response of another form has none
	return word(envelope.Error.Type), word(envelope.Error.Code)
}

func word(v any) string {
	if s, ok := v.(string); ok && len(s) <= 48 && safeWord.MatchString(s) {
		return s
	}
	return ""
}

// parseRetryAfter reads retry-after-ms (both vendors) and Retry-After (RFC 9110: seconds or a date), at most an hour.
func parseRetryAfter(h http.Header, now time.Time) time.Duration {
	bound := func(d time.Duration) time.Duration { return max(0, min(d, maxRetryAfter)) }
	if ms, err := strconv.ParseInt(strings.TrimSpace(h.Get("Retry-After-Ms")), 10, 32); err == nil {
		return bound(time.Duration(ms) * time.Millisecond)
	}
	v := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 { // false for NaN
		return bound(time.Duration(min(s, maxRetryAfter.Seconds()) * float64(time.Second)))
	}
	if at, err := http.ParseTime(v); err == nil {
		return bound(at.Sub(now))
	}
	return 0
}
