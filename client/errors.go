package client

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// CodeUnexpected is the code of an answer that is no problem of the platform's, as from a proxy between.
const CodeUnexpected = "unexpected_answer"

// Error says that the platform refused a request, or failed. Its Code is stable; what each means is on the platform's page /docs.
type Error struct {
	Problem
	// RetryAfter is when to try again, if the platform says; else 0.
	RetryAfter time.Duration
}

// Error is the platform's message, without control characters, with the fields that are wrong and the code.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Detail)
	if e.Errors != nil {
		for _, f := range *e.Errors {
			place := f.Pointer + f.Parameter
			if f.Detail != e.Detail {
				fmt.Fprintf(&b, "; %s: %s", place, f.Detail)
			} else {
				fmt.Fprintf(&b, " (%s)", place)
			}
		}
	}
	fmt.Fprintf(&b, " [%s]", e.Code)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, b.String())
}

// maxProblem limits what is read of an error's body.
const maxProblem = 1 << 20

// errorOf reads the error of a response, and closes it.
func errorOf(res *http.Response) *Error {
	defer res.Body.Close()
	e := &Error{RetryAfter: retryAfter(res.Header)}
	raw, _ := io.ReadAll(io.LimitReader(res.Body, maxProblem)) // what is cut off is no problem that can be read
	if err := json.Unmarshal(raw, &e.Problem); err != nil || e.Code == "" {
		e.Problem = Problem{Code: CodeUnexpected, Detail: "the answer is " + res.Status, RequestID: res.Header.Get("X-Request-Id")}
	}
	e.Status = res.StatusCode
	return e
}

// retryAfter is the header, which has a number of seconds or a time (RFC 9110, section 10.2.3).
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
