package deliver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// Sender makes the requests.
type Sender struct {
	// Client reaches only what it may, follows no redirects, and takes Timeout at most for a request.
	Client *http.Client
	// Body is what a message says to an endpoint, nil for the URL of a job or a pipeline.
	Body func(ctx context.Context, m *models.WebhookMessage, e *models.WebhookEndpoint) ([]byte, error)
	// Sign sets the headers of a signature by the secrets of a claim.
	Sign func(ctx context.Context, h http.Header, at time.Time, body []byte, c *models.WebhookClaim) error
	// Headers are an endpoint's own.
	Headers func(e *models.WebhookEndpoint) (map[string]string, error)
	// Within is how long a request may take; 0 is Timeout.
	Within time.Duration
	// Refused reports why a request was not sent, if it may not be; ok is false for other errors.
	Refused func(err error) (why string, ok bool)
}

// Limits of a request.
const (
	Timeout      = 15 * time.Second // from the connection until the answer's headers
	excerptMost  = 1 << 10          // of an answer's body
	excerptWait  = time.Second      // for that much of it
	messageMost  = 300
	contentType  = "application/json"
	userAgent    = "Spark-Webhooks/1"
	attemptsName = "Spark-Webhook-Attempt"
)

// Send makes one attempt.
func (s *Sender) Send(ctx context.Context, c *models.WebhookClaim) (f models.WebhookFinding) {
	begun := time.Now()
	f.Attempt.At = begun
	defer func() { f.Attempt.LatencyMS = time.Since(begun).Milliseconds() }()
	within := s.Within
	if within == 0 {
		within = Timeout
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	req, failure, err := s.request(ctx, c, begun)
	if err != nil {
		f.Attempt.Failure, f.Attempt.Message, f.Cause = failure, models.Shorten(models.AsError(err).Message, messageMost), err
		return f
	}
	res, err := s.Client.Do(req)
	if err != nil {
		f.Attempt.Failure, f.Attempt.Message = s.failureOf(ctx, err)
		return f
	}
	defer res.Body.Close()
	f.Attempt.Status = res.StatusCode
	f.Attempt.Response = excerpt(res, cancel)
	switch code := res.StatusCode; {
	case code >= 200 && code < 300:
		return f
	case code == http.StatusGone:
		f.Gone, f.Attempt.Failure, f.Attempt.Message = true, models.WebhookAnswer410, "the receiver wants no more"
	case code >= 300 && code < 400:
		f.Attempt.Failure, f.Attempt.Message = models.WebhookRedirect, "redirects are not followed"
	default:
		f.Attempt.Failure, f.Attempt.Message = models.WebhookStatus, "the answer is "+strconv.Itoa(code)
		f.RetryAfter = retryAfter(res.Header.Get("Retry-After"), time.Now())
	}
	return f
}

var errGone = models.NewError(models.CodeNotFound, "the endpoint is disabled")

func (s *Sender) request(ctx context.Context, c *models.WebhookClaim, at time.Time) (*http.Request, models.WebhookFailure, error) {
	address := c.URL
	var own map[string]string
	if c.EndpointID != "" {
		if c.Endpoint == nil || c.Endpoint.State != models.WebhookEnabled {
			return nil, models.WebhookNoEndpoint, errGone
		}
		address = c.Endpoint.URL
		var err error
		if own, err = s.Headers(c.Endpoint); err != nil {
			return nil, models.WebhookUnsigned, err
		}
	}
	body, err := s.Body(ctx, &c.Message, c.Endpoint)
	if err != nil {
		return nil, models.WebhookUnrendered, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, models.WebhookNotAllowed, models.NewError(models.CodeInvalidRequest, "it is no URL")
	}
	for name, value := range own {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set(attemptsName, strconv.Itoa(c.Tried))
	if err := s.Sign(ctx, req.Header, at, body, c); err != nil {
		return nil, models.WebhookUnsigned, err
	}
	return req, "", nil
}

// failureOf is what an account may know about why there was no answer: nothing of where a name leads.
func (s *Sender) failureOf(ctx context.Context, err error) (models.WebhookFailure, string) {
	if why, refused := s.Refused(err); refused {
		return models.WebhookNotAllowed, models.Shorten(why, messageMost)
	}
	var slow net.Error
	if errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.As(err, &slow) && slow.Timeout() {
		return models.WebhookTimeout, "there was no answer in time"
	}
	if _, unknown := errors.AsType[*net.DNSError](err); unknown {
		return models.WebhookConnection, "the name of the host was not found"
	}
	if text := err.Error(); strings.Contains(text, "certificate") || strings.Contains(text, "tls: ") {
		return models.WebhookConnection, "there is no secure connection: the certificate is not valid, or TLS failed"
	}
	return models.WebhookConnection, "the connection was refused, or broke before there was an answer"
}

// excerpt reads the beginning of an answer, as far as it comes soon. The status has come already, and what else a receiver says, or whether it stops, does not
// matter.
func excerpt(res *http.Response, cancel func()) string {
	wait := time.AfterFunc(excerptWait, cancel)
	defer wait.Stop()
	b, _ := io.ReadAll(io.LimitReader(res.Body, excerptMost)) // what has come
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// retryAfter reads the header: seconds, or a date. Anything else is nothing.
func retryAfter(header string, now time.Time) time.Duration {
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, models.MaxWebhookRetryAfter)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), models.MaxWebhookRetryAfter)
	}
	return 0
}
