package ai

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// errOutOfTime is the cause of a generation that outlasts the provider's own timeout.
var errOutOfTime = errors.New("the generation took longer than the provider's timeout")

// again is a failure that another attempt may not have.
func again(code models.Code, message string, cause error) *generation.Failure {
	return &generation.Failure{Err: models.WrapError(code, message, cause)}
}

// final is a failure that another attempt would have too.
func final(code models.Code, message string, cause error) *generation.Failure {
	return &generation.Failure{Err: models.WrapError(code, message, cause), Final: true}
}

func truncated(why string) *generation.Failure {
	return again(models.CodeProviderTruncated, "the model's answer was cut off: "+why, nil)
}

func refused() *generation.Failure {
	return final(models.CodeProviderRefused, "the model refused to write this game", nil)
}

// wordError is an error that a server reports in the middle of a stream, by its type and code.
type wordError struct{ kind, code string }

func (e *wordError) Error() string {
	return strings.TrimSpace("an error in the stream " + e.kind + " " + e.code)
}

// explain turns the error of a call into the provider's error. Causes are our own or the network's: text that a server or an SDK
// wrote is left out.
func explain(ctx context.Context, err error, key models.Secret) error {
	var (
		failure *generation.Failure
		status  *statusError
		words   *wordError
		netErr  net.Error
	)
	switch {
	case errors.As(err, &failure):
		return failure
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), errOutOfTime):
		return again(models.CodeProviderFailed, "the model took too long to write the game", errOutOfTime)
	case ctx.Err() != nil:
		return fmt.Errorf("generation stopped: %w", context.Cause(ctx))
	case errors.As(err, &status):
		return explainStatus(status)
	case errors.As(err, &words):
		return explainWords(words)
	case errors.Is(err, errIdle):
		return again(models.CodeProviderFailed, "the model provider stopped sending", errIdle)
	case errors.Is(err, errNotStream), errors.Is(err, errTooLong):
		return again(models.CodeProviderOutput, "the model provider's reply is not a readable stream", err)
	case errors.Is(err, errBroken):
		return again(models.CodeProviderTruncated, "the model's answer was cut off: the connection broke", errBroken)
	case errors.As(err, &netErr) && netErr.Timeout():
		return again(models.CodeProviderFailed, "the model provider did not answer in time", netCause(err, key))
	case errors.As(err, new(*url.Error)), errors.As(err, new(*net.OpError)):
		return again(models.CodeProviderFailed, "the model provider cannot be reached", netCause(err, key))
	}
	// What is left is the SDK's failure to decode a chunk, and its error may quote the chunk.
	return again(models.CodeProviderOutput, "the model provider's reply cannot be read", fmt.Errorf("a %T from the SDK", err))
}

func explainStatus(e *statusError) error {
	switch {
	case e.code == "content_filter" || e.code == "content_policy_violation":
		return final(models.CodeProviderRefused, "the model provider refused this prompt", e)
	case outOfCredit(e.kind, e.code) || e.status == http.StatusPaymentRequired:
		return final(models.CodeProviderConfig, "the model provider's account has no credit left", e)
	case e.status == http.StatusUnauthorized || e.status == http.StatusForbidden:
		return final(models.CodeProviderConfig, "the model provider does not accept the configured key", e)
	case e.status == http.StatusNotFound:
		return final(models.CodeProviderConfig, "the configured model or address does not exist at the model provider", e)
	case e.code == "context_length_exceeded" || e.status == http.StatusRequestEntityTooLarge:
		return final(models.CodeProviderConfig, "the project and the prompt are too long for the configured model", e)
	case e.status == http.StatusTooManyRequests:
		f := again(models.CodeProviderFailed, "the model provider limits the rate of requests", e)
		f.After = e.retryAfter
		return f
	case e.status >= 500, e.status == http.StatusRequestTimeout, e.status == http.StatusConflict, e.status == http.StatusTooEarly:
		f := again(models.CodeProviderFailed, "the model provider reports an internal error", e)
		f.After = e.retryAfter
		return f
	case e.status < 300:
		return again(models.CodeProviderOutput, "the model provider's reply is not a readable stream", e)
	case e.status < 400:
		return final(models.CodeProviderConfig, "the model provider's address redirects: configure the address that it redirects to", e)
	}
	return final(models.CodeProviderConfig, "the model provider does not accept the request", e)
}

// explainWords classifies an error in the middle of a stream, where there is no status any more.
func explainWords(e *wordError) error {
	switch {
	case outOfCredit(e.kind, e.code):
		return final(models.CodeProviderConfig, "the model provider's account has no credit left", e)
	case e.code == "content_filter" || e.code == "content_policy_violation":
		return final(models.CodeProviderRefused, "the model provider refused this prompt", e)
	}
	switch e.kind {
	case "invalid_request_error", "authentication_error", "permission_error", "not_found_error", "request_too_large":
		return final(models.CodeProviderConfig, "the model provider does not accept the request", e)
	}
	return again(models.CodeProviderFailed, "the model provider failed while it was writing", e)
}

func outOfCredit(kind, code string) bool {
	return kind == "insufficient_quota" || code == "insufficient_quota" || kind == "billing_error"
}

// netCause is the network's error without the request's URL, truncated, and without the key, in case a proxy or a broken server
// repeated it.
func netCause(err error, key models.Secret) error {
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	s := err.Error()
	if !key.IsZero() {
		s = strings.ReplaceAll(s, key.Reveal(), "[redacted]")
	}
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return errors.New(s)
}
