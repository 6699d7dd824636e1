package kernel

import (
	"io"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

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

// observe tells the observer of a request, from its headers to the end of its answer, however that comes.
func (k *Kernel) observe(c *gin.Context) {
	began := time.Now()
	done := k.Observer.RequestStarted()
	body := &countedBody{ReadCloser: c.Request.Body}
	c.Request.Body = body
	defer func() {
		done(telemetry.Request{
			Route: documentPath(strings.ReplaceAll(c.FullPath(), "/*", "/:")), Method: c.Request.Method, Status: c.Writer.Status(),
			Took: time.Since(began), In: body.n, Out: int64(max(c.Writer.Size(), 0)),
			Stream: strings.HasPrefix(c.Writer.Header().Get("Content-Type"), "text/event-stream"),
		})
	}()
	c.Next()
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
