package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// request is a request to send, perhaps several times.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
	json         any       // the body, if it is JSON
	content      io.Reader // the body, if it is not
	media        string    // of content
	idempotent   bool      // it takes an idempotency key
}

// newRequest fills the places of a path, such as {id}, with values in their order. The slashes of {path} stay slashes.
func newRequest(method, path string, values ...string) *request {
	var b strings.Builder
	for _, value := range values {
		before, rest, _ := strings.Cut(path, "{")
		name, after, _ := strings.Cut(rest, "}")
		value = url.PathEscape(value)
		if name == "path" {
			value = strings.ReplaceAll(value, "%2F", "/")
		}
		b.WriteString(before + value)
		path = after
	}
	b.WriteString(path)
	return &request{method: method, path: b.String(), query: make(url.Values), header: make(http.Header)}
}

// addQuery and addHeader add a parameter, unless it is a nil pointer.
func (r *request) addQuery(name string, value any)  { add(r.query.Set, name, value) }
func (r *request) addHeader(name string, value any) { add(r.header.Set, name, value) }

func add(set func(name, value string), name string, value any) {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if t, ok := reflect.TypeAssert[time.Time](v); ok {
		set(name, t.Format(time.RFC3339Nano))
		return
	}
	set(name, fmt.Sprint(v.Interface()))
}

// body is a function that begins the body anew, or nil if that cannot be done; once is the body, if it can be sent once only.
func (r *request) body() (anew func() (io.Reader, error), once io.Reader, err error) {
	if r.json != nil {
		text, err := json.Marshal(r.json)
		if err != nil {
			return nil, nil, fmt.Errorf("encode the body: %w", err)
		}
		r.media = "application/json"
		return func() (io.Reader, error) { return bytes.NewReader(text), nil }, nil, nil
	}
	seeker, ok := r.content.(io.Seeker)
	switch {
	case r.content == nil:
		return func() (io.Reader, error) { return nil, nil }, nil, nil
	case !ok:
		return nil, r.content, nil
	}
	start, seekErr := seeker.Seek(0, io.SeekCurrent)
	if seekErr != nil { // such as a pipe
		return nil, r.content, nil //nolint:nilerr // it can be sent once
	}
	return func() (io.Reader, error) {
		if _, err := seeker.Seek(start, io.SeekStart); err != nil {
			return nil, fmt.Errorf("begin the body anew: %w", err)
		}
		return io.NopCloser(r.content), nil // whoever opened a file closes it
	}, nil, nil
}

// repeatable reports whether the request can be sent again although it was perhaps carried out: its second effect is none. A conditional
// write would fail at the change that it has made itself, and a second deletion does not find what it deletes.
func (r *request) repeatable() bool {
	switch r.method {
	case http.MethodGet:
		return true
	case http.MethodPost:
		return r.idempotent
	case http.MethodPut:
		return r.header.Get("If-Match") == "" && r.header.Get("If-None-Match") == ""
	}
	return false
}

// try sends a request until it succeeds, is refused, or was sent often enough. read reads a successful response; if that fails, so has the
// request.
func (c *Client) try(ctx context.Context, r *request, read func(*http.Response) error) error {
	if r.idempotent && r.header.Get("Idempotency-Key") == "" {
		r.header.Set("Idempotency-Key", rand.Text())
	}
	anew, once, err := r.body()
	if err != nil {
		return err
	}
	for failures := 1; ; failures++ {
		body := once
		if anew != nil {
			if body, err = anew(); err != nil {
				return err
			}
		}
		res, err := c.send(ctx, r, body) //nolint:bodyclose // read closes it, or its caller
		if err == nil {
			err = read(res)
		}
		if err == nil || ctx.Err() != nil || failures >= c.retry.Tries || anew == nil || !c.retry.passing(err, r.repeatable()) {
			return err
		}
		if paused := c.retry.pause(ctx, failures, err); paused != nil {
			return paused
		}
	}
}

// send sends a request once, and returns a successful response.
func (c *Client) send(ctx context.Context, r *request, body io.Reader) (*http.Response, error) {
	address := c.server + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, err
	}
	req.Header = r.header.Clone()
	if body != nil {
		req.Header.Set("Content-Type", r.media)
	}
	if c.account != "" {
		req.Header.Set("Spark-Account", c.account)
	}
	if c.credential != nil {
		secret, err := c.credential(ctx)
		if err != nil {
			return nil, fmt.Errorf("get the credential: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+secret)
	}
	res, err := c.http.Do(req)
	switch {
	case ctx.Err() != nil:
		if err == nil {
			_ = res.Body.Close()
		}
		return nil, ctx.Err()
	case err != nil:
		return nil, &ConnectionError{err}
	case res.StatusCode >= 300:
		return nil, errorOf(res)
	}
	return res, nil
}

// maxAnswer limits a JSON response.
const maxAnswer = 64 << 20

// call sends a request and decodes its answer.
func call[T any](ctx context.Context, c *Client, r *request) (answer T, err error) {
	err = c.try(ctx, r, func(res *http.Response) error {
		defer res.Body.Close()
		raw, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return &ConnectionError{err}
		}
		answer = *new(T)
		if err := json.Unmarshal(raw, &answer); err != nil {
			return fmt.Errorf("the platform's answer cannot be read: %w", err)
		}
		return nil
	})
	return answer, err
}

// done sends a request whose answer says nothing more.
func (c *Client) done(ctx context.Context, r *request) error {
	return c.try(ctx, r, func(res *http.Response) error { return res.Body.Close() })
}

// open sends a request for content, whose body the caller reads and closes.
func (c *Client) open(ctx context.Context, r *request) (content *http.Response, err error) {
	err = c.try(ctx, r, func(res *http.Response) error {
		content = res
		return nil
	})
	return content, err
}
