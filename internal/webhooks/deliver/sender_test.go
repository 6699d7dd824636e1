package deliver_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/platform/egress"
	"github.com/spark-games/spark/internal/webhooks/deliver"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

// sender signs with secrets that are not sealed, and reaches loopback.
func sender(t testing.TB) *deliver.Sender {
	t.Helper()
	guard := egress.New(egress.Policy{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(guard.CloseIdleConnections)
	return &deliver.Sender{Client: guard.Client(deliver.Timeout),
		Body: func(_ context.Context, m *models.WebhookMessage, _ *models.WebhookEndpoint) ([]byte, error) {
			if m.Type == "" {
				return nil, errors.New("no type")
			}
			return fmt.Appendf(nil, `{"type":%q,"job":%q,"seq":%d}`, m.Type, m.JobID, m.Seq), nil
		},
		Sign: func(_ context.Context, h http.Header, at time.Time, body []byte, c *models.WebhookClaim) error {
			var keys []signature.Key
			for _, s := range c.Secrets {
				key, err := signature.Parse(string(s.Sealed))
				if err != nil {
					return err
				}
				keys = append(keys, key)
			}
			return signature.Headers(h, c.MessageID, at, body, keys...)
		},
		Headers: func(e *models.WebhookEndpoint) (map[string]string, error) {
			return map[string]string{"X-Own": string(e.Headers), "User-Agent": "mine"}, nil
		},
		Refused: func(err error) (string, bool) {
			if why := egress.RefusedBy(err); why != nil {
				return why.Message, true
			}
			return "", false
		}}
}

func claimTo(url string) *models.WebhookClaim {
	id := models.WebhookMessagePrefix + models.NewID()
	return &models.WebhookClaim{WebhookDelivery: models.WebhookDelivery{ID: "whd_1", MessageID: id, EndpointID: "whe_1"}, No: 1, Tried: 3,
		Message:  models.WebhookMessage{ID: id, Type: "job.succeeded", JobID: "j", Seq: 7},
		Endpoint: &models.WebhookEndpoint{ID: "whe_1", URL: url, State: models.WebhookEnabled, Headers: []byte("yes")},
		Secrets:  []models.WebhookSecret{{Sealed: []byte(signature.NewSymmetric().Secret())}}}
}

// What receivers answer, and what they do to whoever asks, costs little time and memory, and is told as far as it may be.
func TestAnswers(t *testing.T) {
	t.Parallel()
	forever := func(w http.ResponseWriter, r *http.Request, pause time.Duration, chunk []byte) {
		w.WriteHeader(http.StatusOK)
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(pause):
			}
		}
	}
	for name, tt := range map[string]struct {
		answer  func(w http.ResponseWriter, r *http.Request)
		failure models.WebhookFailure
		status  int
		gone    bool
		after   time.Duration
		says    string
	}{
		"taken":      {answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("thanks\xff")) }, status: 200, says: "thanks\uFFFD"},
		"no content": {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, status: 204},
		"a gigabyte": {answer: func(w http.ResponseWriter, r *http.Request) { forever(w, r, 0, bytes.Repeat([]byte("x"), 1<<20)) }, status: 200,
			says: strings.Repeat("x", 1024)},
		"a byte at a time": {answer: func(w http.ResponseWriter, r *http.Request) { forever(w, r, 900*time.Millisecond, []byte("x")) }, status: 200},
		"never":            {answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, failure: models.WebhookTimeout},
		"broken": {answer: func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = c.Close()
			}
		}, failure: models.WebhookConnection},
		"headers without end": {answer: func(w http.ResponseWriter, _ *http.Request) {
			for i := range 40_000 {
				w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("y", 100))
			}
		}, failure: models.WebhookConnection},
		"an error": {answer: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }, failure: models.WebhookStatus, status: 500, says: "no\n"},
		"redirect": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		},
			failure: models.WebhookRedirect, status: 307},
		"gone": {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, failure: models.WebhookAnswer410, status: 410, gone: true},
		"later": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}, failure: models.WebhookStatus, status: 429, after: 2 * time.Minute},
		"much later": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "2000000000")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, failure: models.WebhookStatus, status: 503, after: models.MaxWebhookRetryAfter},
		"some other time": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "-5 minutes")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, failure: models.WebhookStatus, status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := make(chan *http.Request, 10)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // or the end of the connection is not noticed
				got <- r
				tt.answer(w, r)
			}))
			t.Cleanup(server.Close)
			s := sender(t)
			s.Within = 3 * time.Second
			f := s.Send(t.Context(), claimTo(server.URL+"/hook"))
			require.Equal(t, tt.failure, f.Attempt.Failure, f.Attempt.Message)
			require.Equal(t, tt.status, f.Attempt.Status)
			require.Equal(t, tt.gone, f.Gone)
			require.Equal(t, tt.after, f.RetryAfter)
			require.Less(t, f.Attempt.LatencyMS, int64(20_000))
			if tt.says != "" {
				require.True(t, strings.HasPrefix(f.Attempt.Response, tt.says), f.Attempt.Response)
			}
			require.LessOrEqual(t, len(f.Attempt.Response), 3<<10)
			r := <-got
			require.Empty(t, got, "it is asked once, and not followed elsewhere")
			require.Equal(t, "yes", r.Header.Get("X-Own"))
			require.Equal(t, "Spark-Webhooks/1", r.Header.Get("User-Agent"))
			require.Equal(t, "3", r.Header.Get("Spark-Webhook-Attempt"))
			require.NotEmpty(t, r.Header.Get(signature.HeaderSignature))
		})
	}
}

// What cannot be sent is told without a request.
func TestWhatIsNotSent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(c *models.WebhookClaim)
		failure models.WebhookFailure
	}{
		"inside":      {func(c *models.WebhookClaim) { c.Endpoint.URL = "https://169.254.169.254/latest/meta-data" }, models.WebhookNotAllowed},
		"disabled":    {func(c *models.WebhookClaim) { c.Endpoint.State = models.WebhookDisabled }, models.WebhookNoEndpoint},
		"deleted":     {func(c *models.WebhookClaim) { c.Endpoint = nil }, models.WebhookNoEndpoint},
		"unsigned":    {func(c *models.WebhookClaim) { c.Secrets = nil }, models.WebhookUnsigned},
		"unreadable":  {func(c *models.WebhookClaim) { c.Secrets[0].Sealed = []byte("x") }, models.WebhookUnsigned},
		"no body":     {func(c *models.WebhookClaim) { c.Message.Type = "" }, models.WebhookUnrendered},
		"nobody":      {func(c *models.WebhookClaim) { c.Endpoint.URL = "http://127.0.0.1:1/" }, models.WebhookConnection},
		"no URL":      {func(c *models.WebhookClaim) { c.Endpoint.URL = "http://[::1" }, models.WebhookNotAllowed},
		"no endpoint": {func(c *models.WebhookClaim) { c.EndpointID, c.URL = "", "http://10.0.0.1/" }, models.WebhookNotAllowed},
	} {
		c := claimTo("http://127.0.0.1:1/")
		tt.change(c)
		f := sender(t).Send(t.Context(), c)
		require.Equal(t, tt.failure, f.Attempt.Failure, "%s: %s", name, f.Attempt.Message)
		require.NotContains(t, f.Attempt.Message, "127.0.0.1", name)
	}
}
