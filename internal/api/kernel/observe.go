package kernel

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

// Observer receives requests, for metrics. Methods must not block.
type Observer interface {
	// RequestStarted is called for every request; done must be called when it has been answered.
	RequestStarted() (done func(telemetry.Request))
	// StreamOpened is called for an event stream; closed must be called at its end.
	StreamOpened() (closed func())
	// Problem is called for every refusal and failure.
	Problem(code models.Code)
	// AuthFailed is called for credentials that are missing, invalid or insufficient.
	AuthFailed(reason string)
}

// observe tells the observer and the access log of a request, from its headers to the end of its answer, however that comes.
func (k *Kernel) observe(c *gin.Context) {
	began := time.Now()
	done := k.Observer.RequestStarted()
	body := &countedBody{ReadCloser: c.Request.Body}
	c.Request.Body = body
	returned := false // a panic that ends the connection does not
	defer func() {
		r := telemetry.Request{
			Route: documentPath(strings.ReplaceAll(c.FullPath(), "/*", "/:")), Method: c.Request.Method, Status: c.Writer.Status(),
			Took: time.Since(began), In: body.n, Out: int64(max(c.Writer.Size(), 0)), Aborted: !returned || brokenOff(c),
			Stream: strings.HasPrefix(c.Writer.Header().Get("Content-Type"), "text/event-stream"),
		}
		k.logAccess(c, r)
		done(r)
	}()
	c.Next()
	returned = true
}

// brokenOff tells whether less was sent than the answer has: its length says so, or, if it has none, that the client is gone.
func brokenOff(c *gin.Context) bool {
	length, err := strconv.Atoi(c.Writer.Header().Get("Content-Length"))
	if err != nil {
		return c.Request.Context().Err() != nil
	}
	return c.Request.Method != http.MethodHead && max(c.Writer.Size(), 0) < length
}

// logAccess writes one line a request. The query and the headers stay out, since they may hold keys, and so do the
// paths of games, since their ids are permissions.
func (k *Kernel) logAccess(c *gin.Context, r telemetry.Request) {
	path := c.Request.URL.Path
	if strings.HasPrefix(path, "/play/") {
		path = c.FullPath()
	}
	fields := []zap.Field{
		zap.String("method", r.Method),
		zap.String("path", path),
		zap.Int("status", r.Status),
		zap.Int64("bytes", r.Out),
		zap.Duration("took", r.Took),
		zap.String("request_id", requestID(c)),
		zap.String("remote", c.RemoteIP()),
	}
	if sc := trace.SpanContextFromContext(c.Request.Context()); sc.IsValid() {
		fields = append(fields, zap.String("trace_id", sc.TraceID().String()))
	}
	if r.Aborted {
		fields = append(fields, zap.Bool("aborted", true))
	}
	if id, ok := auth.From(c.Request.Context()); ok {
		fields = append(fields, zap.String("account", id.AccountID), zap.String("key", id.KeyID))
		if id.UserID != "" {
			fields = append(fields, zap.String("user", id.UserID))
		}
	}
	fields = append(fields, notes(c)...)
	switch c.FullPath() {
	case "/healthz", "/readyz", "/metrics", "/play/:artifact/*path", "/engine-modules/:sha256/:file":
		k.Log.Debug("request", fields...)
	default:
		k.Log.Info("request", fields...)
	}
}

// countedBody counts what is read of a body.
type countedBody struct {
	io.ReadCloser
	n int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n += int64(n)
	return n, err
}
