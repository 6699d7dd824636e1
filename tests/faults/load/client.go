package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

const (
	requestWithin = 10 * time.Second
	tryAgainAfter = 100 * time.Millisecond
)

// client speaks HTTP to the platform for one account, through whichever of its APIs.
type client struct {
	urls    []string
	account string
	key     string
	http    *http.Client
}

// answer is what a request was told. An error is a request without an answer: what became of it is unknown.
type answer struct {
	status int
	body   []byte
}

func (c *client) url() string { return c.urls[rand.IntN(len(c.urls))] } // of chance: a client does not know which one is broken

// once sends one request.
func (c *client) once(ctx context.Context, method, path string, body any) (*answer, error) {
	return c.at(ctx, c.url(), method, path, body)
}

func (c *client) at(ctx context.Context, url, method, path string, body any) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, requestWithin)
	defer cancel()
	var content io.Reader = http.NoBody
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, url+path, content)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	return &answer{status: res.StatusCode, body: raw}, nil
}

// until sends a request until it is answered with one of the statuses.
func (c *client) until(ctx context.Context, method, path string, body any, statuses ...int) (*answer, error) {
	for {
		a, err := c.once(ctx, method, path, body)
		if err == nil {
			if slices.Contains(statuses, a.status) {
				return a, nil
			}
			if a.status < 500 && a.status != http.StatusTooManyRequests {
				return nil, fmt.Errorf("%s %s: %d %s", method, path, a.status, a.body)
			}
		}
		if err := pause(ctx, tryAgainAfter); err != nil {
			return nil, err
		}
	}
}

func read[T any](a *answer) (v T, err error) { return v, json.Unmarshal(a.body, &v) }

// pause waits, or returns the context's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
