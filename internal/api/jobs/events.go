package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

const (
	eventsBatch = 200
	// streamLife limits a stream, so that a revoked key cannot read forever; the client reconnects and continues.
	streamLife = 30 * time.Minute
	// reconnectMillis is how long clients should wait before they reconnect.
	reconnectMillis = 1000
)

// StreamJobEvents answers GET /v1/jobs/{id}/events.
func (a *Area) StreamJobEvents(ctx context.Context, r openapi.StreamJobEventsRequestObject) (openapi.StreamJobEventsResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	job, err := a.job(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	after, resumed := lastSeen(r.Params, job.EventSeq)
	if resumed && job.State.Terminal() && job.EventSeq <= after {
		return openapi.StreamJobEvents204Response{}, nil
	}
	return &eventStream{a: a, ctx: ctx, req: req, account: account, jobID: job.ID, after: after}, nil
}

// lastSeen is the sequence number of the last event that the client received. The header, which browsers set when they
// reconnect, overrides the query, which stays the same. A value that is not the number of an event of this job counts as none,
// such as one from another stream: an EventSource that is refused once never reconnects.
func lastSeen(p openapi.StreamJobEventsParams, newest int64) (after int64, resumed bool) {
	for _, id := range []*string{p.LastEventID, p.After} {
		if id == nil {
			continue
		}
		if n, err := strconv.ParseInt(*id, 10, 64); err == nil && n >= 0 && n <= newest {
			return n, true
		}
	}
	return 0, false
}

// eventStream writes a job's events as they are committed. It reads from the database what comes after the last written event,
// so nothing is missed or repeated, however the watcher's hints arrive.
type eventStream struct {
	a       *Area
	ctx     context.Context
	req     *http.Request
	account string
	jobID   string
	after   int64
}

// VisitStreamJobEventsResponse implements StreamJobEventsResponseObject.
func (e *eventStream) VisitStreamJobEventsResponse(w http.ResponseWriter) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would buffer events
	if e.req.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	defer e.a.StreamOpened()()
	// Watch before the first read, so that no change is missed between the two.
	changed, stop := e.a.Watcher.Watch(e.jobID)
	defer stop()
	out := &eventWriter{w: w, ctl: http.NewResponseController(w)}
	out.printf("retry: %d\n\n", reconnectMillis)

	heartbeat := time.NewTicker(e.a.Heartbeat)
	defer heartbeat.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()
	for {
		over, err := e.drain(out)
		switch {
		case e.ctx.Err() != nil:
			return nil // the client has gone, which caused any other error
		case err != nil || over:
			return err
		}
		if !out.flush() {
			return nil // the client is gone
		}
		select {
		case <-changed:
		case <-heartbeat.C:
			out.printf(": still here\n\n")
		case <-end.C:
			return nil
		case <-e.a.Stopping.Done():
			return nil
		case <-e.ctx.Done():
			return nil
		}
	}
}

// drain writes all new events, and reports whether the last one ended the job.
func (e *eventStream) drain(out *eventWriter) (over bool, err error) {
	for {
		events, err := e.a.Jobs.Events(e.ctx, e.account, e.jobID, e.after, eventsBatch)
		if err != nil {
			return false, err
		}
		for i := range events {
			ev := &events[i]
			data, err := json.Marshal(showEvent(ev))
			if err != nil {
				return false, fmt.Errorf("encode event %d of job %s: %w", ev.Seq, e.jobID, err)
			}
			out.printf("id: %s\nevent: %s\ndata: %s\n\n", strconv.FormatInt(ev.Seq, 10), ev.Type, data)
			e.after = ev.Seq
			over = ev.Type.Terminal()
		}
		if len(events) < eventsBatch {
			break
		}
		if !out.flush() {
			return true, nil
		}
	}
	if !over {
		return false, nil
	}
	// The job may have been retried since.
	job, err := e.a.Jobs.Job(e.ctx, e.account, e.jobID)
	if err != nil {
		return false, err
	}
	over = job.State.Terminal() && job.EventSeq <= e.after
	if over {
		out.flush()
	}
	return over, nil
}

// eventWriter writes nothing more after its first error: the client has gone, or read too slowly and was disconnected.
type eventWriter struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
	err error
}

func (o *eventWriter) printf(format string, args ...any) {
	if o.err == nil {
		_, o.err = fmt.Fprintf(o.w, format, args...)
	}
}

// flush sends what was written, and reports whether the client is still connected.
func (o *eventWriter) flush() bool {
	if o.err == nil {
		o.err = o.ctl.Flush()
	}
	return o.err == nil
}
