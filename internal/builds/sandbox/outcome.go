package sandbox

import (
	"context"
	"errors"
	"strings"

	"github.com/spark-games/spark/internal/builds/sandbox/protocol"
	"github.com/spark-games/spark/models"
)

// The causes with which a run's own context ends, and the error of one that cannot begin.
var (
	errDeadline = models.NewError(models.CodeTimeout, "the build took longer than its time limit")
	errClosed   = models.NewError(models.CodeUnavailable, "the builder is shutting down")
	errNoSink   = models.NewError(models.CodeInternal, "a run needs a sink for its outputs")
)

// stopped is the error of a run whose context has ended.
func stopped(ctx context.Context) error {
	cause := context.Cause(ctx)
	var e *models.Error
	switch {
	case errors.As(cause, &e):
		return e
	case errors.Is(cause, context.DeadlineExceeded):
		return models.WrapError(models.CodeTimeout, "the build ran out of time", cause)
	}
	return models.WrapError(models.CodeCancelled, "the build was cancelled", cause)
}

// outcome is the error for how the agent says the job ended; nil for success.
func outcome(end protocol.End) error {
	switch end.Outcome {
	case protocol.Succeeded:
		return nil
	case protocol.CompileFailed:
		return models.NewError(models.CodeCompileFailed, "the project does not compile")
	case protocol.OutputTooLarge:
		return models.WrapError(models.CodeOutputTooLarge, "the build's output is larger than allowed",
			errors.New(models.CleanText(end.Message)))
	case protocol.InvalidOutput:
		return models.WrapError(models.CodeInvalidOutput, "the build's output is not made of plain files", errors.New(models.CleanText(end.Message)))
	case protocol.OutOfMemory:
		return outOfMemory(nil)
	}
	return models.WrapError(models.CodeSandboxFailed, "the builder failed", errors.New(clip(end.Message, 1000)))
}

func outOfMemory(cause error) error {
	return models.WrapError(models.CodeOutOfMemory, "the build needs more memory than it may use", cause)
}

// broken is the error of a session that ended too early. stderr is the output of the agent's runtime when it crashed.
func broken(err error, stderr string) error {
	var limit *protocol.LimitError
	var collision *protocol.CollisionError
	if unkept := (*models.Error)(nil); errors.As(err, &unkept) && unkept.Code == models.CodeUnavailable {
		return unkept // the sink's: the agent is not to blame
	}
	switch {
	case errors.As(err, &collision):
		return models.WrapError(models.CodeInvalidOutput, "the build's outputs have names that collide", err)
	case errors.As(err, &limit):
		return models.WrapError(models.CodeOutputTooLarge, "the build's output is larger than allowed", err)
	case strings.Contains(stderr, "out of memory") || strings.Contains(stderr, "cannot allocate memory"):
		return outOfMemory(err)
	case strings.Contains(stderr, "stack exceeds"), strings.Contains(stderr, "stack overflow"):
		return models.WrapError(models.CodeBuildFailed, "the project's code is nested too deeply to be compiled", err)
	}
	if stderr != "" {
		err = errors.Join(err, errors.New("agent: "+clip(stderr, 2000)))
	}
	return models.WrapError(models.CodeSandboxFailed, "the builder stopped unexpectedly", err)
}
