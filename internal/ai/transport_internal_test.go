package ai

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/propagation"

	"github.com/spark-games/spark/models"
)

// wire is a network that answers with one prepared reply.
type wire struct{ res *http.Response }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, ok := w.res.Body.(*io.PipeReader)
	if ok { // as a real connection does, a cancelled request ends the read
		go func() {
			<-r.Context().Done()
			_ = body.CloseWithError(r.Context().Err())
		}()
	}
	return w.res, nil
}

func (wire) CloseIdleConnections() {}

func open(t *testing.T, idle time.Duration, body io.ReadCloser) io.ReadCloser {
	t.Helper()
	tr := &transport{idle: idle, base: wire{&http.Response{
		StatusCode: http.StatusOK, Body: body, Header: http.Header{"Content-Type": {"text/event-stream"}},
	}}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://model.test/", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return res.Body
}

func TestIdleTimeoutCountsOnlySilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		body := open(t, time.Minute, r)
		go func() {
			for range 10 { // ten minutes, never silent for one
				time.Sleep(59 * time.Second)
				_, _ = io.WriteString(w, "data: x\n\n")
			}
		}()
		buf := make([]byte, 64)
		started := time.Now()
		for range 10 {
			if _, err := body.Read(buf); err != nil {
				t.Fatalf("after %v: %v", time.Since(started), err)
			}
			time.Sleep(2 * time.Minute / 10) // a slow reader does not count as a silent server
		}
		waited := time.Now()
		_, err := body.Read(buf)
		if !errors.Is(err, errIdle) || time.Since(waited) != time.Minute {
			t.Errorf("after %v: %v", time.Since(waited), err)
		}
		_ = body.Close()
	})
}

func TestSlowReaderIsNotSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := open(t, time.Minute, io.NopCloser(strings.NewReader("data: x\n\n")))
		time.Sleep(time.Hour)
		if got, err := io.ReadAll(body); err != nil || len(got) == 0 {
			t.Errorf("read %q, %v", got, err)
		}
		_ = body.Close()
	})
}

func TestStreamIsBounded(t *testing.T) {
	t.Parallel()
	body := open(t, time.Minute, io.NopCloser(endless{}))
	n, err := io.Copy(io.Discard, body)
	if n != maxWireBytes || !errors.Is(err, errTooLong) {
		t.Errorf("read %d bytes, %v", n, err)
	}
	_ = body.Close()
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	tests := []struct {
		name, value string
		want        time.Duration
	}{
		{"Retry-After", "17", 17 * time.Second},
		{"Retry-After", " 2.5 ", 2500 * time.Millisecond},
		{"Retry-After", now.Add(time.Minute).Format(http.TimeFormat), time.Minute},
		{"Retry-After", now.Add(-time.Minute).Format(http.TimeFormat), 0},
		{"Retry-After", "99999999999999999999", time.Hour},
		{"Retry-After", "1e400", 0},
		{"Retry-After", "Inf", time.Hour},
		{"Retry-After", "NaN", 0},
		{"Retry-After", "-5", 0},
		{"Retry-After", "soon", 0},
		{"Retry-After", "", 0},
		{"Retry-After-Ms", "250", 250 * time.Millisecond},
		{"Retry-After-Ms", "-250", 0},
	}
	for _, tt := range tests {
		h := http.Header{}
		h.Set(tt.name, tt.value)
		if got := parseRetryAfter(h, now); got != tt.want {
			t.Errorf("%s: %q = %v, want %v", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestErrorWordsRepeatsNothingElse(t *testing.T) {
	t.Parallel()
	tests := []struct{ raw, kind, code string }{
		{`{"error":{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"sk-secret"}}`, "rate_limit_error", "rate_limit_exceeded"},
		{`{"error":{"type":"sk-secret","code":"sk1234"}}`, "", ""},
		{`{"error":{"type":null,"code":400}}`, "", ""},
		{`{"error":"model not found"}`, "", ""},
		{`{"error":{"type":"` + strings.Repeat("a", 49) + `"}}`, "", ""},
		{`<html>`, "", ""},
		{``, "", ""},
	}
	for _, tt := range tests {
		if kind, code := errorWords([]byte(tt.raw)); kind != tt.kind || code != tt.code {
			t.Errorf("%s: %q, %q", tt.raw, kind, code)
		}
	}
}

func TestNetCauseHidesTheKey(t *testing.T) {
	t.Parallel()
	err := netCause(errors.New("malformed HTTP response \"sk-secret\" "+strings.Repeat("x", 500)), models.NewSecret("sk-secret"))
	if s := err.Error(); strings.Contains(s, "sk-secret") || len(s) > 210 {
		t.Errorf("cause = %s", s)
	}
}

// headers is a network that notes the headers of a request.
type headers struct {
	wire
	got http.Header
}

func (h *headers) RoundTrip(r *http.Request) (*http.Response, error) {
	h.got = r.Header
	return h.wire.RoundTrip(r)
}

func TestModelHearsOfTheTrace(t *testing.T) {
	t.Parallel()
	const header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for _, want := range []string{"", header} {
		network := &headers{wire: wire{&http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("")),
			Header: http.Header{"Content-Type": {"text/event-stream"}}}}}
		ctx := propagation.TraceContext{}.Extract(t.Context(), propagation.MapCarrier{"traceparent": want})
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://model.test/", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := (&transport{idle: time.Minute, base: network}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := network.got.Get("traceparent"); got != want || req.Header.Get("traceparent") != "" {
			t.Errorf("%q, want %q, and the request itself unchanged", got, want)
		}
	}
}
