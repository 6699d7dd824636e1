// Package schedules is the API's area of the schedules of accounts: HTTP over internal/schedules.
package schedules

import (
	"context"
	"encoding/json"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/schedules"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// Area answers the operations about schedules. All are required.
type Area struct {
	Schedules *schedules.Service
}

// maySubmit refuses callers that may not submit jobs themselves.
func maySubmit(ctx context.Context) error {
	if !kernel.Identity(ctx).Has(auth.ScopeJobsWrite) {
		return models.NewError(models.CodeForbidden, "the key does not have the scope jobs:write, which what schedules submit needs")
	}
	return nil
}

// CreateSchedule answers POST /v1/schedules.
func (a *Area) CreateSchedule(ctx context.Context, r openapi.CreateScheduleRequestObject) (openapi.CreateScheduleResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := maySubmit(ctx); err != nil {
		return nil, err
	}
	b := r.Body
	made, err := a.Schedules.Create(ctx, account, schedules.Change{Name: &b.Name, Cron: &b.Cron, TimeZone: b.TimeZone, Target: target(b.Job, b.Pipeline),
		Overlap: b.Overlap, Misfire: b.Misfire, Paused: b.Paused})
	if err != nil {
		return nil, err
	}
	return openapi.CreateSchedule201JSONResponse{Body: show(made), Headers: openapi.CreateSchedule201ResponseHeaders{Location: "/v1/schedules/" + made.ID}}, nil
}

// target is what a body says is to be submitted, or nil if it does not.
func target(job *wire.NewJob, p *openapi.ScheduledPipeline) *schedules.Target {
	if job == nil && p == nil {
		return nil
	}
	t := &schedules.Target{Job: job}
	if p != nil {
		t.Pipeline = &schedules.Pipeline{ProjectID: p.ProjectID, Steps: p.Steps, Template: p.Template, Params: p.Params, Metadata: p.Metadata,
			EndUser: kernel.OrZero(p.EndUser), ConcurrencyKey: kernel.OrZero(p.ConcurrencyKey)}
	}
	return t
}

// ListSchedules answers GET /v1/schedules.
func (a *Area) ListSchedules(ctx context.Context, r openapi.ListSchedulesRequestObject) (openapi.ListSchedulesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	project, err := kernel.FilterID("project_id", r.Params.ProjectID)
	if err != nil {
		return nil, err
	}
	rows, err := a.Schedules.List(ctx, account, project, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(s *models.AccountSchedule) string { return s.ID }, show)
	return openapi.ListSchedules200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// PreviewSchedule answers POST /v1/schedules/preview.
func (a *Area) PreviewSchedule(ctx context.Context, r openapi.PreviewScheduleRequestObject) (openapi.PreviewScheduleResponseObject, error) {
	ctx, _ = kernel.Caller(ctx)
	next, err := a.Schedules.Preview(ctx, r.Body.Cron, kernel.OrZero(r.Body.TimeZone), kernel.OrZero(r.Body.From))
	if err != nil {
		return nil, err
	}
	return openapi.PreviewSchedule200JSONResponse{NextRuns: next}, nil
}

// GetSchedule answers GET /v1/schedules/{id}.
func (a *Area) GetSchedule(ctx context.Context, r openapi.GetScheduleRequestObject) (openapi.GetScheduleResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "schedule"); err != nil {
		return nil, err
	}
	s, err := a.Schedules.Schedule(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.GetSchedule200JSONResponse(show(s)), nil
}

// ChangeSchedule answers PATCH /v1/schedules/{id}.
func (a *Area) ChangeSchedule(ctx context.Context, r openapi.ChangeScheduleRequestObject) (openapi.ChangeScheduleResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "schedule"); err != nil {
		return nil, err
	}
	if err := maySubmit(ctx); err != nil {
		return nil, err
	}
	b := r.Body
	s, err := a.Schedules.Change(ctx, account, r.ID, schedules.Change{Name: b.Name, Cron: b.Cron, TimeZone: b.TimeZone, Target: target(b.Job, b.Pipeline),
		Overlap: b.Overlap, Misfire: b.Misfire, Paused: b.Paused})
	if err != nil {
		return nil, err
	}
	return openapi.ChangeSchedule200JSONResponse(show(s)), nil
}

// DeleteSchedule answers DELETE /v1/schedules/{id}.
func (a *Area) DeleteSchedule(ctx context.Context, r openapi.DeleteScheduleRequestObject) (openapi.DeleteScheduleResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "schedule"); err != nil {
		return nil, err
	}
	if err := a.Schedules.Delete(ctx, account, r.ID); err != nil {
		return nil, err
	}
	return openapi.DeleteSchedule204Response{}, nil
}

// RunSchedule answers POST /v1/schedules/{id}/run.
func (a *Area) RunSchedule(ctx context.Context, r openapi.RunScheduleRequestObject) (openapi.RunScheduleResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "schedule"); err != nil {
		return nil, err
	}
	if err := maySubmit(ctx); err != nil {
		return nil, err
	}
	f, err := a.Schedules.RunNow(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.RunSchedule202JSONResponse(showFiring(f)), nil
}

// ListFirings answers GET /v1/schedules/{id}/firings.
func (a *Area) ListFirings(ctx context.Context, r openapi.ListFiringsRequestObject) (openapi.ListFiringsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "schedule"); err != nil {
		return nil, err
	}
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Schedules.Firings(ctx, account, r.ID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(f *models.Firing) string { return f.ID }, showFiring)
	return openapi.ListFirings200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

func show(s *models.AccountSchedule) openapi.Schedule {
	var parts struct{ Job, Pipeline json.RawMessage }
	_ = json.Unmarshal(s.Target, &parts) // an object that the service wrote
	return openapi.Schedule{ID: s.ID, ProjectID: kernel.OrNull(s.ProjectID), Name: s.Name, Cron: s.Cron, TimeZone: s.TimeZone, Job: parts.Job,
		Pipeline: parts.Pipeline, Overlap: s.Overlap, Misfire: s.Misfire, Paused: s.PausedAt != nil, PauseReason: kernel.OrNull(string(s.PauseReason)),
		NextRuns: schedules.NextRuns(s), CreatedAt: s.CreatedAt.UTC(), UpdatedAt: s.UpdatedAt.UTC()}
}

func showFiring(f *models.Firing) openapi.Firing {
	shown := openapi.Firing{ID: f.ID, DueAt: f.DueAt.UTC(), FiredAt: f.FiredAt.UTC(), Manual: f.Manual, Outcome: f.Outcome, JobID: kernel.OrNull(f.JobID),
		PipelineID: kernel.OrNull(f.PipelineID), Missed: f.Missed}
	if f.ErrorCode != "" {
		shown.Error = &openapi.FiringError{Code: f.ErrorCode, Message: f.Message}
	}
	return shown
}
