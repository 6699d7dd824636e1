package models

import (
	"errors"
)

// Code is the stable, machine-readable name of an error. Codes are part of the API: they are never renamed.
type Code string

// The codes. The HTTP layer maps each to a status; job errors carry one too.
const (
	CodeInvalidRequest     Code = "invalid_request"
	CodeInvalidPath        Code = "invalid_path"
	CodeInvalidFiles       Code = "invalid_files"
	CodeInvalidArchive     Code = "invalid_archive"
	CodeAssetTypeMismatch  Code = "asset_type_mismatch" // a file is not what its name or media type says
	CodeAssetRefused       Code = "asset_refused"       // a file that could do harm, or is not in order
	CodeWebhookURLRefused  Code = "webhook_url_refused"
	CodeUnknownEngine      Code = "unknown_engine"
	CodeUnknownVersion     Code = "unknown_version"
	CodeUnknownKind        Code = "unknown_kind"
	CodePayloadTooLarge    Code = "payload_too_large"
	CodePipelineCycle      Code = "pipeline_cycle"
	CodeUnauthorized       Code = "unauthorized"
	CodeForbidden          Code = "forbidden"
	CodeAccountSuspended   Code = "account_suspended"
	CodeNotFound           Code = "not_found"
	CodePruned             Code = "pruned" // not found, and old enough to have been removed by the retention
	CodeCursorExpired      Code = "cursor_expired"
	CodeConflict           Code = "conflict"
	CodeTestFailed         Code = "patch_test_failed" // an operation "test" of a JSON Patch
	CodeMergeConflict      Code = "merge_conflict"
	CodeKeyHeld            Code = "key_held"
	CodeProjectInUse       Code = "project_in_use" // by jobs that have not ended, or by schedules
	CodeBacklogFull        Code = "backlog_full"
	CodePreconditionFailed Code = "precondition_failed"
	// What becomes of a request with an idempotency key that another one had.
	CodeIdempotencyInFlight Code = "idempotency_in_flight"
	CodeIdempotencyMismatch Code = "idempotency_mismatch"
	CodeSecretShown         Code = "secret_already_shown"
	CodeAnswerLost          Code = "answer_lost"
	CodeUnavailable         Code = "unavailable"
	CodeInternal            Code = "internal"
	CodeDamaged             Code = "damaged" // stored content does not match its digest
	CodeNoRevision          Code = "no_revision"
	CodeNoArtifact          Code = "no_artifact"
	CodeEngineUnavailable   Code = "engine_unavailable"
	CodeCompileFailed       Code = "compile_failed"
	CodeBuildFailed         Code = "build_failed"
	CodeInvalidOutput       Code = "invalid_output"
	CodeOutputTooLarge      Code = "output_too_large"
	CodeOutOfMemory         Code = "out_of_memory"
	CodeTimeout             Code = "timeout"
	CodeSandboxFailed       Code = "sandbox_failed"
	CodeSandboxUnavailable  Code = "sandbox_unavailable" // no sandbox provides the isolation that the platform demands
	CodeExportNeedsRelease  Code = "export_needs_release"
	CodeExportTooLarge      Code = "export_too_large"
	CodeNotPlayable         Code = "not_playable" // in a browser
	CodeNotEditable         Code = "not_editable" // by the provider that was asked
	CodeProviderFailed      Code = "provider_failed"
	CodeProviderRefused     Code = "provider_refused"
	CodeProviderTruncated   Code = "provider_truncated"
	CodeProviderOutput      Code = "provider_bad_output"
	CodeProviderConfig      Code = "provider_misconfigured"
	CodeWorkerLost          Code = "worker_lost"
	CodePoisonous           Code = "poisonous"
	CodeDependencyFailed    Code = "dependency_failed"
	CodeSkipped             Code = "skipped" // a condition under which a step was to run was not met
	CodeApprovalRejected    Code = "approval_rejected"
	CodeApprovalExpired     Code = "approval_expired"
	CodeApprovalNotWaiting  Code = "approval_not_waiting" // it does not wait for a decision yet
	CodeApprovalDecided     Code = "approval_decided"     // it was decided about before
	CodeQuotaExceeded       Code = "quota_exceeded"
	CodeLimitReached        Code = "limit_reached"
	CodeStorageExceeded     Code = "storage_exceeded"
	CodeRateLimited         Code = "rate_limited"
	CodeReferenceUnresolved Code = "reference_unresolved" // what a step refers to was not made
	CodeExpired             Code = "expired"
	CodeCancelled           Code = "cancelled"
	CodePanic               Code = "panic"
)

// Error is an error that may be shown to the caller: a stable code, a safe message, and, for bad input, the JSON
// pointer of the field. Whatever it wraps stays in the logs.
type Error struct {
	Code    Code
	Message string
	Pointer string
	// Reason says more than the code, for programs; "" for most codes.
	Reason string
	// Diagnostics summarizes a compiler's messages about a failed build; nil if there are none.
	Diagnostics *DiagnosticsSummary
	Cause       error
}

// DiagnosticsSummary is the part of a failed job's diagnostics that its events carry; the job's output has all of them.
type DiagnosticsSummary struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	// First are the first errors, "src/main.js:3:14: …".
	First []string `json:"first"`
}

// NewError makes an error with a code and a safe message.
func NewError(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// WrapError is NewError with a cause that is logged and never shown.
func WrapError(code Code, message string, cause error) *Error {
	return &Error{Code: code, Message: message, Cause: cause}
}

// ErrSuspended is for all that a suspended account asks for.
var ErrSuspended = NewError(CodeAccountSuspended, "the account is suspended; ask whoever runs this platform")

// FieldError is an invalid_request error that points at a field, e.g. "/input/prompt".
func FieldError(pointer, message string) *Error {
	return &Error{Code: CodeInvalidRequest, Message: message, Pointer: pointer}
}

func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Message
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Cause }

// With returns a copy with another code.
func (e *Error) With(code Code) *Error {
	c := *e
	c.Code = code
	return &c
}

// At returns a copy that points at a field, unless the error already points deeper, in which case the pointer is
// prefixed.
func (e *Error) At(pointer string) *Error {
	c := *e
	c.Pointer = pointer + e.Pointer
	return &c
}

// CodeOf is the code of the first *Error in err's chain, or CodeInternal.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// AsError is the first *Error in err's chain, or an internal error that wraps err and hides its text.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return WrapError(CodeInternal, "something went wrong on our side", err)
}
