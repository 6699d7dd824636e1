package kernel

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime/debug"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/propagation"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

const requestIDKey = "spark.request_id"

// validRequestID keeps what callers send harmless in logs and headers.
var validRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives the request its id: the caller's, if it is harmless, or a new one. The trace that it belongs to, and where it comes from, are in
// its context from here on.
func (k *Kernel) identify(c *gin.Context) {
	id := c.GetHeader("X-Request-Id")
	if !validRequestID.MatchString(id) {
		id = models.NewID()
	}
	c.Set(requestIDKey, id)
	c.Header("X-Request-Id", id)
	ctx := propagation.TraceContext{}.Extract(c.Request.Context(), propagation.HeaderCarrier(c.Request.Header))
	ctx = models.WithAct(ctx, &models.Act{Actor: models.Actor{Kind: models.ActorNobody, Address: k.Gate.Client(c.Request), RequestID: id}})
	c.Request = c.Request.WithContext(ctx)
}

func requestID(c *gin.Context) string { return c.GetString(requestIDKey) }

// admit refuses what a client asks for behind a proxy while too much of it is under way.
func (k *Kernel) admit(c *gin.Context) {
	if k.Gate == nil {
		return
	}
	leave, ok := k.Gate.Admit(c.Request)
	if !ok {
		k.Fail(c, models.NewError(CodeTooManyRequests, "too many concurrent requests from this address"))
		return
	}
	defer leave()
	c.Next()
}

// recoverPanic turns a panic into a 500 of this request alone.
func (k *Kernel) recoverPanic(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p)
		}
		k.Log.Error("handler panicked", zap.String("request_id", requestID(c)), zap.ByteString("stack", debug.Stack()))
		k.Fail(c, fmt.Errorf("panic: %v", p))
	}()
	c.Next()
}

// secureHeaders are the defaults; routes that serve something other than API responses replace them.
func secureHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}
