package load

import (
	"bufio"
	"context"
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
	for {
		last, final := h.Seen(jobID)
		if final != "" {
			return nil
		}
		if err := c.stream(ctx, h, jobID, last); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if refused, ok := errors.AsType[*refusal](err); ok {
				return refused
			}
		}
		if _, final := h.Seen(jobID); final == "" {
			h.Reconnected()
			if err := pause(ctx, tryAgainAfter); err != nil {
				return err
			}
		}
	}
}

// refusal is an answer that asking again will not change.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func (c *client) stream(ctx context.Context, h *history.History, jobID string, after int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url()+"/v1/jobs/"+jobID+"/events", http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	if after > 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	watchdog := time.AfterFunc(silence, cancel)
	defer watchdog.Stop()
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 && res.StatusCode < 500 && res.StatusCode != http.StatusTooManyRequests {
		return &refusal{fmt.Sprintf("the events of job %s: %s", jobID, res.Status)}
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(res.Status)
	}
	var seq int64
	var kind string
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		watchdog.Reset(silence)
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			if seq, err = strconv.ParseInt(value, 10, 64); err != nil {
				return err
			}
		case "event":
			kind = value
		case "":
			if seq > 0 {
				h.Saw(jobID, seq, kind, models.EventType(kind).Terminal())
			}
			seq, kind = 0, ""
		}
	}
	return lines.Err()
}
