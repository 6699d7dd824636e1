package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

const (
	eventsBatch = 200
	// streamLife limits a stream; the client reconnects and continues.
	streamLife = 30 * time.Minute
	// heldEvery is how often a stream asks whether its key still works.
	heldEvery = time.Second
	// reconnectMillis is how long clients should wait before they reconnect.
	reconnectMillis = 1000
)

// stream sends events as they are committed (WHATWG HTML, "Server-sent events"). It reads from the database what comes after the last
// written event, so nothing is missed or repeated, however the watcher's hints arrive.
type stream struct {
	a      *Area
	ctx    context.Context
	req    *http.Request
	watch  string // whose hints announce new events
	source source
}

// source is where a stream's events come from.
type source interface {
	// drain writes all new events, and reports whether none can follow.
	drain(ctx context.Context, out *eventWriter) (over bool, err error)
	// rest writes something after a silence in any case, and may drain.
	rest(ctx context.Context, out *eventWriter) (over bool, err error)
}

// VisitStreamJobEventsResponse implements StreamJobEventsResponseObject.
func (s *stream) VisitStreamJobEventsResponse(w http.ResponseWriter) error { return s.serve(w) }

// VisitStreamEventsResponse implements StreamEventsResponseObject.
func (s *stream) VisitStreamEventsResponse(w http.ResponseWriter) error { return s.serve(w) }

// VisitStreamProjectEventsResponse implements StreamProjectEventsResponseObject.
func (s *stream) VisitStreamProjectEventsResponse(w http.ResponseWriter) error { return s.serve(w) }

func (s *stream) serve(w http.ResponseWriter) error {
	leave, err := s.a.seat(s.ctx)
	if err != nil {
		return err
	}
	defer leave()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx would buffer events
	if s.req.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	defer s.a.StreamOpened()()
	// Watch before the first read, so that no change is missed between the two.
	changed, stop := s.a.Watcher.Watch(s.watch)
	defer stop()
	out := &eventWriter{w: w, ctl: http.NewResponseController(w)}
	out.printf("retry: %d\n\n", reconnectMillis)

	heartbeat := time.NewTicker(s.a.Heartbeat)
	defer heartbeat.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()
	held := time.NewTicker(heldEvery)
	defer held.Stop()
	write := s.source.drain
	for {
		over, err := write(s.ctx, out)
		switch {
		case s.ctx.Err() != nil:
			return nil // the client has gone, which caused any other error
		case err != nil || over:
			return err
		}
		if !out.flush() {
			return nil // the client is gone
		}
		select {
		case <-held.C:
			if s.ended() {
				return nil
			}
			write = nothing
		case <-changed:
			write = s.source.drain
		case <-heartbeat.C:
			write = s.source.rest
		case <-end.C:
			return nil
		case <-s.a.Stopping.Done():
			return nil
		case <-s.ctx.Done():
			return nil
		}
	}
}

// errNoSeat is for an account or a process of which too many streams are open.
var errNoSeat = models.NewError(models.CodeUnavailable, "too many event streams and waiting requests are open: close some, or try again later")

// seat takes one for the caller. leave must be called.
func (a *Area) seat(ctx context.Context) (leave func(), err error) {
	leave, ok := a.Seat(kernel.Identity(ctx).AccountID)
	if !ok {
		return nil, errNoSeat
	}
	return leave, nil
}

// ended reports whether the key, token or session does not work any more with which the stream was opened, as far as can be told.
func (s *stream) ended() bool {
	err := s.a.held(s.ctx)
	return err != nil && models.CodeOf(err) != models.CodeUnavailable
}

// nothing is written while there is nothing new.
func nothing(context.Context, *eventWriter) (over bool, err error) { return false, nil }

// eventWriter writes nothing more after its first error: the client has gone, or read too slowly and was disconnected.
type eventWriter struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
	err error
}

// event writes an event with its id in the stream and its data.
func (o *eventWriter) event(id int64, e *models.Event, shown any) error {
	data, err := json.Marshal(shown)
	if err != nil {
		return fmt.Errorf("encode event %d of job %s: %w", e.Seq, e.JobID, err)
	}
	o.printf("id: %s\nevent: %s\ndata: %s\n\n", strconv.FormatInt(id, 10), e.Type, data)
	return nil
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
