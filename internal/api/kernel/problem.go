package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

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
	CodeRangeNotSatisfiable  models.Code = "range_not_satisfiable"
)

// statuses maps every code that a request can meet to its status. Codes of jobs' errors are not here: a job's failure
// is part of the job, and the request that reads it succeeds.
var statuses = map[models.Code]int{
	models.CodeInvalidRequest:     http.StatusBadRequest,
	models.CodeInvalidPath:        http.StatusBadRequest,
	models.CodeInvalidFiles:       http.StatusBadRequest,
	models.CodeInvalidArchive:     http.StatusBadRequest,
	models.CodeAssetTypeMismatch:  http.StatusBadRequest,
	models.CodeAssetRefused:       http.StatusBadRequest,
	models.CodeWebhookURLRefused:  http.StatusBadRequest,
	models.CodeUnknownEngine:      http.StatusBadRequest,
	models.CodeUnknownVersion:     http.StatusBadRequest,
	models.CodeUnknownKind:        http.StatusBadRequest,
	models.CodePipelineCycle:      http.StatusBadRequest,
	models.CodePayloadTooLarge:    http.StatusRequestEntityTooLarge,
	models.CodeUnauthorized:       http.StatusUnauthorized,
	models.CodeForbidden:          http.StatusForbidden,
	models.CodeAccountSuspended:   http.StatusForbidden,
	models.CodeNotFound:           http.StatusNotFound,
	models.CodePruned:             http.StatusNotFound,
	models.CodeCursorExpired:      http.StatusGone,
	models.CodeConflict:           http.StatusConflict,
	models.CodeTestFailed:         http.StatusConflict,
	models.CodeMergeConflict:      http.StatusConflict,
	models.CodeKeyHeld:            http.StatusConflict,
	models.CodeProjectInUse:       http.StatusConflict,
	models.CodeApprovalNotWaiting: http.StatusConflict,
	models.CodeApprovalDecided:    http.StatusConflict,
	models.CodeBacklogFull:        http.StatusTooManyRequests,
	models.CodePreconditionFailed: http.StatusPreconditionFailed,

	models.CodeIdempotencyInFlight: http.StatusConflict,
	models.CodeIdempotencyMismatch: http.StatusUnprocessableEntity,
	models.CodeSecretShown:         http.StatusConflict,
	models.CodeAnswerLost:          http.StatusConflict,

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
	models.CodeRateLimited:        http.StatusTooManyRequests,
	models.CodeLimitReached:       http.StatusConflict,
	models.CodeStorageExceeded:    http.StatusConflict,
	models.CodeQuotaExceeded:      http.StatusTooManyRequests,
	CodeRangeNotSatisfiable:       http.StatusRequestedRangeNotSatisfiable,
}

// ParameterError is an error about a query parameter, header or part of the path. The pointer carries the name, after a mark
// with which no JSON pointer begins.
func ParameterError(name, message string) *models.Error {
	return &models.Error{Code: models.CodeInvalidRequest, Message: message, Pointer: ParameterMark + name}
}

// ParameterMark begins the pointers of parameters.
const ParameterMark = "?"

// FieldErrors are several mistakes in one body.
type FieldErrors []*models.Error

func (f FieldErrors) Error() string { return f[0].Error() }
func (f FieldErrors) Unwrap() error { return f[0] }

// AsProblem is the only place where errors become HTTP. An unknown error reveals nothing.
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
		Type:   "/docs#error-" + string(e.Code), // where package reference describes it
		Title:  http.StatusText(status),
		Status: status,
		Detail: e.Message,
		Code:   e.Code,
	}
	several := FieldErrors{e}
	errors.As(err, &several)
	if e.Reason != "" {
		p.Reason = &e.Reason
	}
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
	if conflict, ok := errors.AsType[*models.ConflictError](err); ok {
		shown := ShowConflicts(conflict.Conflicts)
		p.Conflicts = &shown
	}
	return p
}

// RetryAfterSeconds is when a caller should try again while something is down.
const RetryAfterSeconds = "5"

// errHungUp is for a client that disconnected: errors caused by that are not failures of the platform.
var errHungUp = models.NewError(models.CodeInvalidRequest, "the connection was closed before the answer")

// Fail answers a request with an error and ends it. The platform's faults are logged; the caller's are not.
func (k *Kernel) Fail(c *gin.Context, err error) {
	c.Abort()
	p := AsProblem(err)
	hungUp := errors.Is(c.Request.Context().Err(), context.Canceled)
	if hungUp && p.Status >= 500 {
		p = AsProblem(errHungUp)
	}
	p.RequestID = requestID(c)
	if made, ok := errors.AsType[*madeError](err); ok {
		p.ResourceID = &made.id
	}
	k.Observer.Problem(p.Code)
	k.Refusals.note(c, &p)
	log := k.Log.With(zap.String("request_id", p.RequestID), zap.String("method", c.Request.Method),
		zap.String("route", c.FullPath()), zap.Error(err))
	switch {
	case hungUp:
		log.Debug("the client closed the connection before the response")
	case p.Status == http.StatusServiceUnavailable:
		log.Warn("request refused: something is down")
	case p.Status >= 500:
		log.Error("request failed")
	}
	if c.Writer.Written() {
		panic(http.ErrAbortHandler) // too late for another response: the caller must see that this one is incomplete
	}
	h := c.Writer.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Content-Encoding", "Content-Length", "Content-Disposition"} {
		h.Del(name)
	}
	switch p.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", RetryAfterSeconds)
		var late interface{ RetryAfter() time.Duration }
		if errors.As(err, &late) {
			h.Set("Retry-After", strconv.Itoa(seconds(late.RetryAfter())))
		}
		if limited, ok := errors.AsType[*rateError](err); ok {
			tellRate(c, limited.taken)
		}
	case http.StatusConflict:
		if p.Code == models.CodeIdempotencyInFlight {
			h.Set("Retry-After", "1")
		}
	case http.StatusUnauthorized:
		if h.Get("WWW-Authenticate") == "" {
			h.Set("WWW-Authenticate", `Bearer realm="spark"`)
		}
	case http.StatusRequestEntityTooLarge:
		h.Set("Connection", "close") // instead of reading the rest
	case http.StatusUnsupportedMediaType:
		if h.Get("Accept-Encoding") == "" {
			tellMedia(c)
		}
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	c.Writer.WriteHeader(p.Status)
	_ = json.NewEncoder(c.Writer).Encode(p) // an error means that the client has gone
}
