package jobs

import (
	"cmp"
	"context"
	"strconv"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// Streams reads the stream of all events.
type Streams interface {
	// Position is that of the newest event: all up to there can be read.
	Position(ctx context.Context) (int64, error)
	// After lists up to limit of the account's events after a position, oldest first: of a project, of a pipeline of it, or of all for none.
	// Position 0 is that of the oldest event that is kept; a position of which later events are gone is CodeCursorExpired.
	After(ctx context.Context, accountID string, in models.Place, position int64, limit int) ([]models.StreamEvent, error)
	// PipelineEnd reports whether all jobs of a pipeline have ended, and the position of their last event.
	PipelineEnd(ctx context.Context, p *models.Pipeline) (last int64, ended bool, err error)
}

// Projects reads an account's projects, and checks new ones.
type Projects interface {
	Project(ctx context.Context, accountID, id string) (*models.Project, error)
	New(ctx context.Context, n projects.NewProject) (*models.Project, error)
}

// StreamEvents answers GET /v1/events.
func (a *Area) StreamEvents(ctx context.Context, r openapi.StreamEventsRequestObject) (openapi.StreamEventsResponseObject, error) {
	return a.follow(ctx, models.Place{}, r.Params.LastEventID, r.Params.After)
}

// StreamProjectEvents answers GET /v1/projects/{id}/events.
func (a *Area) StreamProjectEvents(ctx context.Context, r openapi.StreamProjectEventsRequestObject) (openapi.StreamProjectEventsResponseObject, error) {
	own, account := kernel.Caller(ctx)
	p, err := a.Projects.Project(own, account, r.ID)
	if err != nil {
		return nil, err
	}
	return a.follow(ctx, models.Place{ProjectID: p.ID}, r.Params.LastEventID, r.Params.After)
}

func (a *Area) follow(ctx context.Context, in models.Place, header *string, query *int64) (*stream, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	if query != nil && *query < 0 {
		return nil, kernel.ParameterError("last_event_id", "is a position, 0 or greater")
	}
	e := &streamEvents{a: a, account: account, in: in}
	var resumed bool
	var err error
	if e.after, resumed = position(header, query); resumed { // before the answer begins: an expired cursor has a status
		_, err = a.Streams.After(ctx, account, in, e.after, 1)
	} else {
		e.after, err = a.Streams.Position(ctx)
	}
	if err != nil {
		return nil, err
	}
	return &stream{a: a, ctx: ctx, req: req, watch: cmp.Or(in.PipelineID, in.ProjectID, account), source: e}, nil
}

// position is where a client wants to go on. The header, which browsers set when they reconnect, overrides the query, which stays the
// same.
func position(header *string, query *int64) (after int64, resumed bool) {
	if header != nil {
		if n, err := strconv.ParseInt(*header, 10, 64); err == nil && n >= 0 {
			return n, true
		}
	}
	if query != nil {
		return *query, true
	}
	return 0, false
}

// streamEvents are the events of an account, or of one of its projects or pipelines.
type streamEvents struct {
	a       *Area
	account string
	in      models.Place
	after   int64
	ends    int  // events that ended a job
	told    bool // the client has an id to go on from, should the connection break
}

func (e *streamEvents) drain(ctx context.Context, out *eventWriter) (over bool, err error) {
	if !e.told {
		e.tell(out)
	}
	for {
		events, err := e.a.Streams.After(ctx, e.account, e.in, e.after, eventsBatch)
		if models.CodeOf(err) == models.CodeCursorExpired {
			return true, nil // while it was read: a client that resumes is told why
		}
		if err != nil {
			return false, err
		}
		for i := range events {
			ev := &events[i]
			if err := out.event(ev.Position, &ev.Event, showStreamEvent(ev)); err != nil {
				return false, err
			}
			e.after = ev.Position
			if ev.Type.Terminal() {
				e.ends++
			}
		}
		if len(events) < eventsBatch {
			return false, nil
		}
		if !out.flush() {
			return true, nil
		}
	}
}

// rest tells the client how far the stream has come, so that a position does not expire because there is little to tell.
func (e *streamEvents) rest(ctx context.Context, out *eventWriter) (over bool, err error) {
	newest, err := e.a.Streams.Position(ctx)
	if err != nil {
		return false, err
	}
	if over, err = e.drain(ctx, out); over || err != nil {
		return over, err
	}
	e.after = max(e.after, newest)
	e.tell(out)
	return false, nil
}

func (e *streamEvents) tell(out *eventWriter) {
	out.printf(": still here\nid: %d\n\n", e.after)
	e.told = true
}
