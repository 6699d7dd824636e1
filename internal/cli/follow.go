package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/spark-games/spark/internal/api/apiclient"
)

// follower follows a job over as many connections as it takes.
type follower struct {
	api *api
	// silence is how long a stream may send nothing, not even a heartbeat, before it counts as broken.
	silence time.Duration
	// giveUp is how long the server may be unreachable.
	giveUp time.Duration
}

func newFollower(a *api) *follower {
	return &follower{api: a, silence: 45 * time.Second, giveUp: 30 * time.Second}
}

const (
	firstPause = 200 * time.Millisecond
	maxPause   = 3 * time.Second
)

// follow passes every event of the job to on, in order and once, until the job has ended, and returns the job.
func (f *follower) follow(ctx context.Context, jobID string, on func(apiclient.JobEvent)) (apiclient.Job, error) {
	var after int64
	pause, lastGood := firstPause, time.Now()
	for {
		heard, retry, err := f.stream(ctx, jobID, &after, on)
		if ctx.Err() != nil {
			return apiclient.Job{}, ctx.Err()
		}
		var problem *problemError
		if errors.As(err, &problem) && problem.Status != http.StatusServiceUnavailable {
			return apiclient.Job{}, err
		}
		if err == nil {
			job, jobErr := f.api.job(ctx, jobID)
			if jobErr == nil && job.State.Terminal() {
				return job, nil
			}
			err = jobErr
		}
		if heard || err == nil {
			pause, lastGood = firstPause, time.Now()
		}
		if time.Since(lastGood) > f.giveUp {
			return apiclient.Job{}, err
		}
		if err := sleep(ctx, max(pause, min(retry, maxPause))); err != nil {
			return apiclient.Job{}, err
		}
		pause = min(2*pause, maxPause)
	}
}

// stream follows the job over one connection. Its end is never an error: the job itself shows whether more events follow. heard
// reports whether anything was received.
func (f *follower) stream(ctx context.Context, jobID string, after *int64, on func(apiclient.JobEvent)) (heard bool, retry time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	params := &apiclient.StreamJobEventsParams{}
	if *after > 0 {
		params.LastEventID = new(strconv.FormatInt(*after, 10))
	}
	res, err := f.api.check(f.api.StreamJobEvents(ctx, jobID, params))
	if err != nil {
		return false, 0, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNoContent {
		return true, 0, nil
	}
	quiet := time.AfterFunc(f.silence, cancel)
	defer quiet.Stop()
	events := newEventReader(&noisy{res.Body, func() { quiet.Reset(f.silence) }})
	for {
		ev, err := events.next()
		if err != nil {
			return heard, events.retry, nil
		}
		var shown apiclient.JobEvent
		if err := json.Unmarshal([]byte(ev.Data), &shown); err != nil {
			return heard, events.retry, fmt.Errorf("event %s of job %s cannot be read: %w", strconv.Quote(ev.ID), jobID, err)
		}
		heard = true
		if shown.Seq > *after { // an event that the server repeats is shown once
			*after = shown.Seq
			on(shown)
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

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
