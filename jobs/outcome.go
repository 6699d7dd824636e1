package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/spark-games/spark/models"
)

// Result is what an attempt leaves behind. The store writes all of it in the finishing transaction, or none of it if the attempt
// has lost its fence.
type Result struct {
	Output models.JSON
	// Revision becomes the project's current one if its parent still is; otherwise the output says superseded.
	Revision *models.Revision
	Artifact *models.Artifact
	// Attestation is the signed statement of how the artifact was made, a DSSE envelope in JSON; nil for none.
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
	Failed            // permanently
	Cancelled         // on request
	HandBack          // queued again immediately: the worker is stopping, which is not the job's fault
	Lost              // the fence is gone: nothing may be written
)

// Outcome is how one attempt ended.
type Outcome struct {
	Verdict Verdict
	Result  *Result // of a success; of a failure, the part worth keeping (diagnostics, tokens)
	Err     *models.Error
	Delay   time.Duration
	LogTail string
	InTurn  bool // the job has a concurrency key, which it gives up
}

// Causes of a cancelled attempt, found with context.Cause.
var (
	ErrCancelled   = errors.New("the job was cancelled")
	ErrTimeout     = errors.New("the attempt ran out of time")
	ErrLeaseLost   = errors.New("the lease was lost")
	ErrWorkerStops = errors.New("the worker is stopping")
)

// permanentCodes are errors that a retry cannot fix.
var permanentCodes = map[models.Code]bool{
	models.CodeInvalidRequest: true, models.CodeInvalidPath: true, models.CodeInvalidFiles: true,
	models.CodeUnknownEngine: true, models.CodeUnknownVersion: true, models.CodeUnknownKind: true, models.CodePayloadTooLarge: true,
	models.CodeForbidden: true, models.CodeNotFound: true, models.CodePruned: true, models.CodeConflict: true,
	models.CodeNoRevision: true, models.CodeNoArtifact: true,
	models.CodeCompileFailed: true, models.CodeBuildFailed: true, models.CodeInvalidOutput: true,
	models.CodeOutputTooLarge: true, models.CodeOutOfMemory: true, models.CodeTimeout: true,
	models.CodeExportNeedsRelease: true, models.CodeExportTooLarge: true, models.CodeNotPlayable: true, models.CodeNotEditable: true,
	models.CodeProviderRefused: true, models.CodeProviderConfig: true,
}

// platformFaults are errors that the operator should look into. All others are caused by a user's input, such as a project that
// does not compile, or are temporary.
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

// maxOutages is how many attempts of a job may fail because the platform lacks something, such as room for files or its Docker daemon. That
// is not the job's fault. The backoff spreads them over a quarter of an hour or more, and what comes and goes in that time uses up only some.
const maxOutages = 40

// Outage reports whether an attempt failed because the platform lacked something. That does not use up the job's own tries.
func (o Outcome) Outage() bool { return o.Err != nil && o.Err.Code == models.CodeUnavailable }

// maxRetryAfter limits how long another system's Retry-After may delay a job.
const maxRetryAfter = 10 * time.Minute

// judge turns the end of an attempt into its outcome. The cause of ctx, the attempt's context, distinguishes a cancel from a
// timeout and a stopping worker.
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
	last := job.Failures+1 >= job.MaxFailures
	if out.Outage() {
		last = job.Outages+1 >= maxOutages
	}
	if IsPermanent(err) || last {
		out.Verdict = Failed
		return out
	}
	out.Delay = PolicyOf(job.Kind).Backoff(job.Failures + job.Outages + 1)
	if d := min(retryAfter(err), maxRetryAfter); d > out.Delay {
		out.Delay = d
	}
	return out
}
