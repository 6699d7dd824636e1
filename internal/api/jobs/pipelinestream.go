package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// StreamPipelineEvents answers GET /v1/pipelines/{id}/events.
func (a *Area) StreamPipelineEvents(ctx context.Context, r openapi.StreamPipelineEventsRequestObject) (openapi.StreamPipelineEventsResponseObject, error) {
	own, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "pipeline"); err != nil {
		return nil, err
	}
	p, _, err := a.Jobs.Pipeline(own, account, r.ID)
	if err != nil {
		return nil, err
	}
	after := r.Params.After
	if after == nil { // all that it has done so far
		after = new(int64)
	}
	s, err := a.follow(ctx, models.Place{ProjectID: p.ProjectID, PipelineID: p.ID}, r.Params.LastEventID, after)
	if err != nil {
		return nil, err
	}
	e := &pipelineEvents{streamEvents: s.source.(*streamEvents), pipeline: p}
	if e.after > 0 {
		last, ended, err := a.Streams.PipelineEnd(own, p)
		if err != nil {
			return nil, err
		}
		if ended && last <= e.after {
			return openapi.StreamPipelineEvents204Response{}, nil
		}
	}
	s.source = e
	return s, nil
}

// VisitStreamPipelineEventsResponse implements StreamPipelineEventsResponseObject.
func (s *stream) VisitStreamPipelineEventsResponse(w http.ResponseWriter) error { return s.serve(w) }

// pipelineEvents are a pipeline's events, which end with it.
type pipelineEvents struct {
	*streamEvents
	pipeline *models.Pipeline
	begun    bool
}

// drain looks whether the pipeline has ended when one of its jobs has, after what it did was read: what comes later wakes the stream.
func (e *pipelineEvents) drain(ctx context.Context, out *eventWriter) (over bool, err error) {
	e.ends = 0
	over, err = e.streamEvents.drain(ctx, out)
	if over || err != nil || e.begun && e.ends == 0 {
		return over, err
	}
	e.begun = true
	return e.endedBy(ctx, out)
}

func (e *pipelineEvents) rest(ctx context.Context, out *eventWriter) (over bool, err error) {
	if over, err = e.streamEvents.rest(ctx, out); over || err != nil {
		return over, err
	}
	return e.endedBy(ctx, out)
}

func (e *pipelineEvents) endedBy(ctx context.Context, out *eventWriter) (over bool, err error) {
	last, ended, err := e.a.Streams.PipelineEnd(ctx, e.pipeline)
	if err != nil || !ended || last > e.after {
		return false, err
	}
	return true, e.end(ctx, out)
}

// end tells what became of the pipeline. The event has the id of the last one, at which there is nothing to resume.
func (e *pipelineEvents) end(ctx context.Context, out *eventWriter) error {
	shown, err := e.a.pipeline(ctx, e.account, e.pipeline.ID)
	if err != nil {
		return err
	}
	data, err := json.Marshal(shown)
	if err != nil {
		return fmt.Errorf("encode pipeline %s: %w", e.pipeline.ID, err)
	}
	out.printf("id: %d\nevent: end\ndata: %s\n\n", e.after, data)
	out.flush()
	return nil
}
