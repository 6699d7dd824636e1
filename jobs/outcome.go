package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/spark-games/spark/models"
)

// Result is what a successful attempt leaves behind. The store writes all of it in the finishing transaction, or, when
// the attempt has lost its fence, none of it.
type Result struct {
	Output models.JSON
	// Revision becomes the project's current one if its parent still is; otherwise the output says superseded.
	Revision *models.Revision
	Artifact *models.Artifact
	// Attestation is the signed statement of how the artifact came about, a DSSE envelope in JSON; nil for none.
	Attestation []byte
	TokensIn    *int64
	TokensOut   *int64
	Bytes       int64
}

// Verdict says what becomes of a job after an attempt.
type Verdict int

// The verdicts.
const (
	Succeeded Verdict = iota
	Retry             // queued again after Delay; the attempt counts as a failure
	Failed            // for good
	Cancelled         // as was asked
	HandBack          // queued again at once: the worker is stopping, the job did nothing wrong
	Lost              // the fence is gone: nothing may be written
)

// Outcome is the judgement of one attempt.
type Outcome struct {
	Verdict Verdict
	Result  *Result // of a success; of a failure, the part worth keeping (diagnostics, tokens)
	Err     *models.Error
	Delay   time.Duration
	LogTail string
}

// Causes of a cancelled attempt, found with context.Cause.
var (
	ErrCancelled   = errors.New("the job was cancelled")
	ErrTimeout     = errors.New("the attempt ran out of time")
	ErrLeaseLost   = errors.New("the lease was lost")
	ErrWorkerStops = errors.New("the worker is stopping")
)

// permanentCodes are errors that no retry will change.
var permanentCodes = map[models.Code]bool{
	models.CodeInvalidRequest: true, models.CodeInvalidPath: true, models.CodeInvalidFiles: true,
	models.CodeUnknownEngine: true, models.CodeUnknownVersion: true, models.CodeUnknownKind: true, models.CodePayloadTooLarge: true,
	models.CodeForbidden: true, models.CodeNotFound: true, models.CodeConflict: true,
	models.CodeNoRevision: true, models.CodeNoArtifact: true,
	models.CodeCompileFailed: true, models.CodeBuildFailed: true, models.CodeInvalidOutput: true,
	models.CodeOutputTooLarge: true, models.CodeOutOfMemory: true, models.CodeTimeout: true,
	models.CodeExportNeedsRelease: true, models.CodeExportTooLarge: true, models.CodeNotPlayable: true, models.CodeNotEditable: true,
	models.CodeProviderRefused: true, models.CodeProviderConfig: true,
}

// platformFaults are errors for whoever runs the platform to look at. All others lie in what a user asked for, such as a
// project that does not compile, or pass by themselves.
var platformFaults = map[models.Code]bool{
	models.CodeInternal: true, models.CodePanic: true, models.CodeUnavailable: true, models.CodeEngineUnavailable: true,
	models.CodeSandboxFailed: true, models.CodeProviderFailed: true, models.CodeProviderConfig: true,
}

// IsPermanent reports whether a retry cannot help: the error says so itself through a Permanent method, or its code is
// of that sort.
func IsPermanent(err error) bool {
	var p interface{ Permanent() bool }
	if errors.As(err, &p) {
		return p.Permanent()
	}
	return permanentCodes[models.CodeOf(err)]
}

// retryAfter is how long the error asks to wait, if it does.
func retryAfter(err error) time.Duration {
	var r interface{ RetryAfter() time.Duration }
	if errors.As(err, &r) {
		return r.RetryAfter()
	}
	return 0
}

// maxUnavailable is how many attempts of a job may meet a platform that is short of something, such as room for files.
// That is not the job's fault and usually passes within minutes, which is how long the backoff stretches them.
const maxUnavailable = 10

// maxRetryAfter bounds how long another system's Retry-After may hold a job.
const maxRetryAfter = 10 * time.Minute

// judge turns the end of an attempt into its outcome. ctx is the attempt's context, whose cause tells a cancel from a
// timeout from a stopping worker.
func judge(ctx context.Context, job *models.Job, res *Result, err error) Outcome {
	if err == nil {
		return Outcome{Verdict: Succeeded, Result: res}
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, ErrLeaseLost):
		return Outcome{Verdict: Lost}
	case errors.Is(cause, ErrCancelled):
		return Outcome{Verdict: Cancelled, Result: res}
	case errors.Is(cause, ErrWorkerStops):
		return Outcome{Verdict: HandBack}
	case errors.Is(cause, ErrTimeout):
		err = models.WrapError(models.CodeTimeout, "the job ran longer than its "+PolicyOf(job.Kind).Timeout.String(), err)
	}
	out := Outcome{Verdict: Retry, Result: res, Err: models.AsError(err)}
	limit := job.MaxFailures
	if out.Err.Code == models.CodeUnavailable {
		limit = max(limit, maxUnavailable)
	}
	if IsPermanent(err) || job.Failures+1 >= limit {
		out.Verdict = Failed
		return out
	}
	out.Delay = PolicyOf(job.Kind).Backoff(job.Failures + 1)
	if d := min(retryAfter(err), maxRetryAfter); d > out.Delay {
		out.Delay = d
	}
	return out
}
