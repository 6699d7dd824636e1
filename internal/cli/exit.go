package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// Exit codes.
const (
	ExitOK          = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitUnreachable = 3
	ExitInterrupted = 130
)

// ranError is an error of a command's work, as opposed to one of the command line.
type ranError struct{ err error }

func (e *ranError) Error() string { return e.err.Error() }
func (e *ranError) Unwrap() error { return e.err }

// usageError is a mistake in the user's request.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// jobError says that a job did not succeed. Its text is complete, including the compiler's messages.
type jobError struct {
	job  apiclient.Job
	text string
}

func (e *jobError) Error() string { return e.text }

// unreachableError says that there is no server to talk to.
type unreachableError struct {
	server string
	err    error
}

func (e *unreachableError) Error() string {
	return fmt.Sprintf("the server %s cannot be reached: %v", e.server, e.err)
}
func (e *unreachableError) Unwrap() error { return e.err }

// ExitCode is the exit code of a command that ended with err.
func ExitCode(err error) int {
	var (
		ranErr      *ranError
		usage       usageError
		problem     *apiclient.Error
		unreachable *unreachableError
		broken      *apiclient.ConnectionError
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.Is(err, context.Canceled):
		return ExitInterrupted
	case errors.As(err, &usage):
		return ExitUsage
	case errors.As(err, &unreachable), errors.As(err, &broken):
		return ExitUnreachable
	case errors.As(err, &problem) && problem.Status == 400:
		return ExitUsage
	case errors.As(err, &ranErr):
		return ExitFailed
	}
	return ExitUsage // cobra's
}

// describe is an error as shown to the user.
func describe(err error) string {
	var problem *apiclient.Error
	var unreachable *unreachableError
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.As(err, &unreachable):
		return unreachable.Error()
	case errors.As(err, &problem) && problem.Code == models.CodeUnauthorized:
		return "the server does not accept the API key; give a valid one with --key or SPARK_KEY, or sign in again with 'spark login'"
	}
	return err.Error()
}

// connectionError distinguishes connection errors from all others.
func connectionError(server string, err error) error {
	if unreachable, ok := errors.AsType[*unreachableError](err); ok {
		return unreachable
	}
	var urlErr *url.Error
	var netErr net.Error
	if errors.Is(err, context.Canceled) || !errors.As(err, &urlErr) && !errors.As(err, &netErr) {
		return err
	}
	if urlErr != nil {
		err = urlErr.Err
	}
	return &unreachableError{server, err}
}
