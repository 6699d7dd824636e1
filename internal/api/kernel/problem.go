package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// Codes that only HTTP knows.
const (
	CodeMethodNotAllowed     models.Code = "method_not_allowed"
	CodeUnsupportedMediaType models.Code = "unsupported_media_type"
	CodeRequestTimeout       models.Code = "request_timeout"
	CodeTooManyRequests      models.Code = "too_many_requests"
)

// statuses maps every code that a request can meet to its status. Codes of jobs' errors are not here: a job's failure
// is part of the job, and the request that reads it succeeds.
var statuses = map[models.Code]int{
	models.CodeInvalidRequest:     http.StatusBadRequest,
	models.CodeInvalidPath:        http.StatusBadRequest,
	models.CodeInvalidFiles:       http.StatusBadRequest,
	models.CodeUnknownEngine:      http.StatusBadRequest,
	models.CodeUnknownVersion:     http.StatusBadRequest,
	models.CodeUnknownKind:        http.StatusBadRequest,
	models.CodePipelineCycle:      http.StatusBadRequest,
	models.CodePayloadTooLarge:    http.StatusRequestEntityTooLarge,
	models.CodeUnauthorized:       http.StatusUnauthorized,
	models.CodeForbidden:          http.StatusForbidden,
	models.CodeNotFound:           http.StatusNotFound,
	models.CodeConflict:           http.StatusConflict,
	models.CodePreconditionFailed: http.StatusPreconditionFailed,
	models.CodeDamaged:            http.StatusInternalServerError,
	models.CodeNoRevision:         http.StatusConflict,
	models.CodeNoArtifact:         http.StatusConflict,
	models.CodeExportNeedsRelease: http.StatusConflict,
	models.CodeNotPlayable:        http.StatusConflict,
	models.CodeUnavailable:        http.StatusServiceUnavailable,
	models.CodeEngineUnavailable:  http.StatusServiceUnavailable,
	CodeMethodNotAllowed:          http.StatusMethodNotAllowed,
	CodeUnsupportedMediaType:      http.StatusUnsupportedMediaType,
	CodeRequestTimeout:            http.StatusRequestTimeout,
	CodeTooManyRequests:           http.StatusTooManyRequests,
}

// ParameterError is an error about a query parameter, header or part of the path. The name travels in the pointer,
// behind a mark that no JSON pointer begins with.
func ParameterError(name, message string) *models.Error {
	return &models.Error{Code: models.CodeInvalidRequest, Message: message, Pointer: ParameterMark + name}
}

// ParameterMark begins the pointers of parameters.
const ParameterMark = "?"

// FieldErrors are several things that are wrong with one body.
type FieldErrors []*models.Error

func (f FieldErrors) Error() string { return f[0].Error() }
func (f FieldErrors) Unwrap() error { return f[0] }

// AsProblem is the one place where errors become HTTP. Whatever is not a known error shows nothing of itself.
func AsProblem(err error) openapi.Problem {
	if errors.Is(err, context.DeadlineExceeded) && models.CodeOf(err) == models.CodeInternal {
		err = models.WrapError(models.CodeUnavailable, "it took too long; try again", err)
	}
	e := models.AsError(err)
	status, known := statuses[e.Code]
	if !known {
		e = models.AsError(errors.New("not for users"))
		status = http.StatusInternalServerError
	}
	p := openapi.Problem{
		Type:   "urn:spark:problem:" + string(e.Code),
		Title:  http.StatusText(status),
		Status: status,
		Detail: e.Message,
		Code:   e.Code,
	}
	several := FieldErrors{e}
	errors.As(err, &several)
	var fields []openapi.ProblemField
	for _, f := range several {
		if f.Pointer == "" {
			continue
		}
		field := openapi.ProblemField{Detail: f.Message, Code: f.Code}
		if name, ok := strings.CutPrefix(f.Pointer, ParameterMark); ok {
			field.Parameter = name
		} else {
			field.Pointer = f.Pointer
		}
		fields = append(fields, field)
	}
	if fields != nil {
		p.Errors = &fields
	}
	return p
}

// RetryAfterSeconds is when a caller should try again while something is down.
const RetryAfterSeconds = "5"

// errHungUp is for a caller who did not wait: what its going away broke here is no failure of ours.
var errHungUp = models.NewError(models.CodeInvalidRequest, "the connection was closed before the answer")

// Fail answers a request with an error and ends it. What is our fault is logged; what is the caller's is not.
func (k *Kernel) Fail(c *gin.Context, err error) {
	c.Abort()
	p := AsProblem(err)
	hungUp := errors.Is(c.Request.Context().Err(), context.Canceled)
	if hungUp && p.Status >= 500 {
		p = AsProblem(errHungUp)
	}
	p.RequestID = requestID(c)
	k.Observer.Problem(p.Code)
	log := k.Log.With(zap.String("request_id", p.RequestID), zap.String("method", c.Request.Method),
		zap.String("route", c.FullPath()), zap.Error(err))
	switch {
	case hungUp:
		log.Debug("request was given up by its caller")
	case p.Status == http.StatusServiceUnavailable:
		log.Warn("request refused: something is down")
	case p.Status >= 500:
		log.Error("request failed")
	}
	if c.Writer.Written() {
		panic(http.ErrAbortHandler) // too late for another answer: the caller must see that this one broke off
	}
	h := c.Writer.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Content-Encoding", "Content-Length", "Content-Disposition"} {
		h.Del(name)
	}
	switch p.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", RetryAfterSeconds)
	case http.StatusUnauthorized:
		if h.Get("WWW-Authenticate") == "" {
			h.Set("WWW-Authenticate", `Bearer realm="spark"`)
		}
	case http.StatusRequestEntityTooLarge:
		h.Set("Connection", "close") // rather than read the rest
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	c.Writer.WriteHeader(p.Status)
	_ = json.NewEncoder(c.Writer).Encode(p) // an error means that nobody listens
}
