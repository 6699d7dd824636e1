package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"time"
)

// silence is how long a stream may send nothing, not even a heartbeat, before it counts as broken: three heartbeats.
const silence = 45 * time.Second

// FollowJob iterates over the events of a job, from the one after a sequence number on, until the job has ended. An error ends it too.
func (c *Client) FollowJob(ctx context.Context, id string, after int64) iter.Seq2[JobEvent, error] {
	return follow[JobEvent](ctx, c, newRequest(http.MethodGet, "/v1/jobs/{id}/events", id), orBeginning(after))
}

// FollowPipeline iterates over the events of a pipeline's jobs behind a position, until all of them have ended. 0 begins with the oldest that
// is kept.
func (c *Client) FollowPipeline(ctx context.Context, id string, after int64) iter.Seq2[StreamEvent, error] {
	return follow[StreamEvent](ctx, c, newRequest(http.MethodGet, "/v1/pipelines/{id}/events", id), orBeginning(after))
}

// FollowProject iterates over the events of a project's jobs behind a position, until the context ends. 0 begins with the oldest that is
// kept, and Now with what happens from now on.
func (c *Client) FollowProject(ctx context.Context, id string, after int64) iter.Seq2[StreamEvent, error] {
	return follow[StreamEvent](ctx, c, newRequest(http.MethodGet, "/v1/projects/{id}/events", id), after)
}

// FollowEvents is FollowProject for all jobs of the account.
func (c *Client) FollowEvents(ctx context.Context, after int64) iter.Seq2[StreamEvent, error] {
	return follow[StreamEvent](ctx, c, newRequest(http.MethodGet, "/v1/events"), after)
}

// orBeginning is no position for 0: the streams of what ends begin at its beginning without one.
func orBeginning(after int64) int64 {
	if after == 0 {
		return Now
	}
	return after
}

// Now is the position of what happens from now on.
const Now int64 = -1

// WaitForJob waits until a job has ended, and returns it. It may have failed: see its State.
func (c *Client) WaitForJob(ctx context.Context, id string) (Job, error) {
	for {
		job, err := c.GetJob(ctx, id, &GetJobParams{Prefer: new("wait=60")})
		if err != nil || job.State.Terminal() {
			return job, err
		}
	}
}

// errOver says that nothing follows in a stream.
var errOver = errors.New("the stream is over")

// follow follows a stream over as many connections as it takes: each begins behind the last event that came, so that nothing is missed and
// nothing comes twice.
func follow[E any](ctx context.Context, c *Client, r *request, after int64) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		if after != Now {
			r.header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
		}
		for failures, alive := 0, time.Now(); ; {
			heard, err := c.stream(ctx, r, func(data string) error {
				var event E
				if err := json.Unmarshal([]byte(data), &event); err != nil {
					return fmt.Errorf("an event cannot be read: %w", err)
				}
				if !yield(event, nil) {
					return errOver
				}
				return nil
			})
			switch {
			case errors.Is(err, errOver):
				return
			case ctx.Err() != nil:
				yield(*new(E), ctx.Err())
				return
			case heard:
				failures, alive = 0, time.Now()
			}
			if err != nil && (!c.retry.passing(err, true) || time.Since(alive) > c.retry.StreamPatience) {
				yield(*new(E), err)
				return
			}
			// A stream that said something ends now and then, and goes on at once.
			if failures++; failures > 1 || err != nil {
				if err := c.retry.pause(ctx, failures, err); err != nil {
					yield(*new(E), err)
					return
				}
			}
		}
	}
}

// stream reads one connection to its end, and sets the request to begin behind what it has read. heard reports whether an event or a position
// came.
func (c *Client) stream(ctx context.Context, r *request, on func(data string) error) (heard bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	res, err := c.send(ctx, r, nil)
	if err != nil {
		return false, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNoContent {
		return false, errOver
	}
	quiet := time.AfterFunc(c.silence, cancel)
	defer quiet.Stop()
	events := newEventReader(&noisy{res.Body, func() { quiet.Reset(c.silence) }})
	for {
		event, err := events.next()
		switch {
		case errors.Is(err, io.EOF):
			return heard, nil
		case errors.Is(err, errEventTooLarge):
			return heard, err
		case err != nil:
			return heard, &ConnectionError{err}
		}
		heard = true
		if event.ID != "" {
			r.header.Set("Last-Event-ID", event.ID)
		}
		if event.Type == "end" {
			return heard, errOver
		}
		if event.Data != "" {
			if err := on(event.Data); err != nil {
				return heard, err
			}
		}
	}
}

// noisy calls heard whenever data arrives.
type noisy struct {
	io.Reader
	heard func()
}

func (n *noisy) Read(p []byte) (int, error) {
	k, err := n.Reader.Read(p)
	if k > 0 {
		n.heard()
	}
	return k, err
}
