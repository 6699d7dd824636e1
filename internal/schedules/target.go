package schedules

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

// Target is what a schedule submits: a job or a pipeline, with the fields that those have when they are submitted by hand, but for their times and
// the policy of their concurrency key, which are the schedule's.
type Target struct {
	Job      *wire.NewJob `json:"job,omitempty"`
	Pipeline *Pipeline    `json:"pipeline,omitempty"`

	templateID string // of the account's own template that it names, when it was checked
}

// Pipeline is a pipeline of a project that exists.
type Pipeline struct {
	ProjectID string         `json:"project_id"`
	Steps     []wire.NewStep `json:"steps,omitempty"`
	// Template is the name of one that has the steps, as it is when it is submitted, with values of its parameters.
	Template       string                     `json:"template,omitempty"`
	Params         map[string]json.RawMessage `json:"params,omitempty"`
	Metadata       json.RawMessage            `json:"metadata,omitempty"`
	EndUser        string                     `json:"end_user,omitempty"`
	ConcurrencyKey string                     `json:"concurrency_key,omitempty"`
}

// Jobs submits what is due: *jobs.Service.
type Jobs interface {
	Submit(ctx context.Context, req jobs.JobRequest) (*models.Job, error)
	SubmitPipeline(ctx context.Context, req jobs.PipelineRequest) (*models.Pipeline, []*models.Job, error)
	Check(ctx context.Context, req jobs.JobRequest) error
	CheckPipeline(ctx context.Context, req jobs.PipelineRequest) (models.TemplateRef, error)
}

var _ Jobs = (*jobs.Service)(nil)

// ReadTarget reads the target of a stored schedule.
func ReadTarget(stored models.JSON) (t Target, err error) {
	if err = json.Unmarshal(stored, &t); err == nil && (t.Job == nil) == (t.Pipeline == nil) {
		err = errors.New("it is neither a job nor a pipeline")
	}
	if err != nil {
		return t, models.WrapError(models.CodeInternal, "what the schedule submits cannot be read", err)
	}
	return t, nil
}

// project is whose the target is, "" for the whole account.
func (t Target) project() string {
	if t.Job != nil {
		return t.Job.ProjectID
	}
	return t.Pipeline.ProjectID
}

// check refuses what could not be submitted now, and notes the account's template that it names. Errors point into the schedule.
func (t *Target) check(ctx context.Context, s Jobs, a *models.AccountSchedule) error {
	var err error
	at := "/job"
	switch {
	case (t.Job == nil) == (t.Pipeline == nil):
		return models.FieldError("/job", "a schedule has either a job or a pipeline")
	case t.Job != nil:
		if err = onlyTheSchedules(t.Job); err == nil {
			err = s.Check(ctx, t.job(a))
		}
	default:
		at = "/pipeline"
		var ref models.TemplateRef
		if ref, err = s.CheckPipeline(ctx, t.pipeline(a)); !ref.BuiltIn {
			t.templateID = ref.ID
		}
	}
	if err != nil {
		return models.AsError(err).At(at)
	}
	return nil
}

func onlyTheSchedules(j *wire.NewJob) error {
	switch {
	case j.RunAt != nil:
		return models.FieldError("/run_at", "the schedule says when it runs")
	case j.ExpiresAt != nil:
		return models.FieldError("/expires_at", "what is submitted again and again does not expire at one time")
	case j.ConcurrencyPolicy != "":
		return models.FieldError("/concurrency_policy", "the schedule's overlap says it")
	case j.WebhookURL != "":
		return models.FieldError("/webhook_url", "what schedules submit is told to webhook endpoints")
	}
	return nil
}

// submit submits the target as a firing's.
func (t Target) submit(ctx context.Context, s Jobs, a *models.AccountSchedule, f *models.Firing) error {
	ctx = models.WithFiring(ctx, f)
	if t.Job != nil {
		_, err := s.Submit(ctx, t.job(a))
		return err
	}
	_, _, err := s.SubmitPipeline(ctx, t.pipeline(a))
	return err
}

func (t Target) job(a *models.AccountSchedule) jobs.JobRequest {
	j := t.Job
	return jobs.JobRequest{AccountID: a.AccountID, ProjectID: j.ProjectID, EndUser: j.EndUser, Kind: j.Kind, Priority: j.Priority, Input: j.Input,
		Metadata: j.Metadata, Timing: timing(a, j.ConcurrencyKey)}
}

func (t Target) pipeline(a *models.AccountSchedule) jobs.PipelineRequest {
	p := t.Pipeline
	req := jobs.PipelineRequest{AccountID: a.AccountID, ProjectID: p.ProjectID, EndUser: p.EndUser, Template: p.Template, Params: p.Params,
		Metadata: p.Metadata, Timing: timing(a, p.ConcurrencyKey)}
	for _, s := range p.Steps {
		req.Steps = append(req.Steps, jobs.Step{Name: s.Name, Kind: s.Kind, Priority: s.Priority, Input: s.Input, After: s.After,
			OnDependencyFailure: s.OnDependencyFailure, RunIf: s.RunIf})
	}
	return req
}

// timing has everything that a schedule submits compete under one key, its own unless the target has one.
func timing(a *models.AccountSchedule, key string) jobs.Timing {
	if key == "" {
		key = "schedule " + a.ID
	}
	return jobs.Timing{ConcurrencyKey: key, ConcurrencyPolicy: a.Overlap}
}
