package load

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/faults/history"
)

// silence is how long an event stream may say nothing before a client connects again: a cut network says nothing either.
const silence = 10 * time.Second

// follow reads a job's events until its end, and connects again as often as it takes, each time after the last event that it saw.
func (c *client) follow(ctx context.Context, h *history.History, jobID string) error {
	return c.reconnect(ctx, h, func() (over bool, err error) {
		last, final := h.Seen(jobID)
		if final != "" {
			return true, nil
		}
		after := ""
		if last > 0 {
			after = strconv.FormatInt(last, 10)
		}
		err = c.stream(ctx, "/v1/jobs/"+jobID+"/events", after, func(e sent) error {
			h.Saw(jobID, e.id, e.kind, models.EventType(e.kind).Terminal())
			return nil
		})
		_, final = h.Seen(jobID)
		return final != "", err
	})
}

// followAll reads the events of all of the account's jobs from the first on, until ctx is done.
func (c *client) followAll(ctx context.Context, h *history.History) error {
	after := int64(0)
	return c.reconnect(ctx, h, func() (over bool, err error) {
		return false, c.stream(ctx, "/v1/events", strconv.FormatInt(after, 10), func(e sent) error {
			after = e.id
			if e.data == "" {
				return nil
			}
			var told struct {
				JobID string `json:"job_id"`
				Seq   int64
			}
			if err := json.Unmarshal([]byte(e.data), &told); err != nil {
				return err
			}
			h.Streamed(c.account, e.id, told.JobID, told.Seq)
			return nil
		})
	})
}

// reconnect calls read until it is over, ctx is done, or the platform refuses for good.
func (c *client) reconnect(ctx context.Context, h *history.History, read func() (over bool, err error)) error {
	for {
		over, err := read()
		if over {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if refused, ok := errors.AsType[*refusal](err); ok {
			return refused
		}
		h.Reconnected()
		if err := pause(ctx, tryAgainAfter); err != nil {
			return err
		}
	}
}

// refusal is an answer that asking again will not change.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

// sent is an event as a stream sent it; without data it is only an id.
type sent struct {
	id         int64
	kind, data string
}

// stream reads an event stream until it breaks or ends.
func (c *client) stream(ctx context.Context, path, after string, each func(sent) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url()+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 && res.StatusCode < 500 && res.StatusCode != http.StatusTooManyRequests {
		return &refusal{fmt.Sprintf("%s after %q: %s", path, after, res.Status)}
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	e := sent{id: -1}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		watchdog.Reset(silence)
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			if e.id, err = strconv.ParseInt(value, 10, 64); err != nil {
				return err
			}
		case "event":
			e.kind = value
		case "data":
			e.data = strings.Clone(value)
		case "":
			if e.id >= 0 && lines.Text() == "" {
				if err := each(e); err != nil {
					return err
				}
				e = sent{id: -1}
			}
		}
	}
	return lines.Err()
}
