package jobs

import (
	"context"
	"strconv"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
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
	return &stream{a: a, ctx: ctx, req: req, watch: job.ID, source: &jobEvents{a: a, account: account, jobID: job.ID, after: after}}, nil
}

// maxEventWait is how long a long poll may wait, in seconds.
const maxEventWait = 60

// ListJobEvents answers GET /v1/jobs/{id}/history.
func (a *Area) ListJobEvents(ctx context.Context, r openapi.ListJobEventsRequestObject) (openapi.ListJobEventsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, nil)
	if err != nil {
		return nil, err
	}
	after, wait := kernel.OrZero(r.Params.After), kernel.OrZero(r.Params.Wait)
	switch {
	case after < 0:
		return nil, kernel.ParameterError("after", "is the number of an event, 0 or greater")
	case wait < 0 || wait > maxEventWait:
		return nil, kernel.ParameterError("wait", "is a number of seconds, at most 60")
	}
	if _, err := a.job(ctx, account, r.ID); err != nil {
		return nil, err
	}
	if wait > 0 {
		leave, err := a.seat(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	var events []models.Event
	_, err = a.await(ctx, account, r.ID, time.Duration(wait)*time.Second, func(*models.Job) (bool, error) {
		events, err = a.Jobs.Events(ctx, account, r.ID, after, p.Limit)
		return len(events) > 0, err
	})
	if err != nil {
		return nil, err
	}
	more := len(events) >= p.Limit
	if more {
		events = events[:p.Limit-1]
	}
	data := make([]openapi.JobEvent, len(events))
	for i := range events {
		data[i] = showEvent(&events[i])
	}
	return openapi.ListJobEvents200JSONResponse{Data: data, HasMore: more}, nil
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

// jobEvents are a job's events, which end with the job.
type jobEvents struct {
	a       *Area
	account string
	jobID   string
	after   int64
}

func (e *jobEvents) drain(ctx context.Context, out *eventWriter) (over bool, err error) {
	for {
		events, err := e.a.Jobs.Events(ctx, e.account, e.jobID, e.after, eventsBatch)
		if err != nil {
			return false, err
		}
		for i := range events {
			ev := &events[i]
			if err := out.event(ev.Seq, ev, showEvent(ev)); err != nil {
				return false, err
			}
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
	job, err := e.a.Jobs.Job(ctx, e.account, e.jobID)
	if err != nil {
		return false, err
	}
	over = job.State.Terminal() && job.EventSeq <= e.after
	if over {
		out.flush()
	}
	return over, nil
}

func (e *jobEvents) rest(_ context.Context, out *eventWriter) (over bool, err error) {
	out.printf(": still here\n\n")
	return false, nil
}
