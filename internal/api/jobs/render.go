package jobs

import (
	"encoding/json"
	"strings"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/wire"
)

func showJob(j *models.Job) openapi.Job {
	shown := openapi.Job{
		ID: j.ID, ProjectID: kernel.OrNull(j.ProjectID), PipelineID: kernel.OrNull(j.PipelineID), Step: kernel.OrNull(j.Step),
		EndUser:  kernel.OrNull(j.EndUser),
		Metadata: kernel.RawJSON(j.Metadata), Submitter: showSubmitter(j.Submitter), Kind: j.Kind, Priority: j.Priority, State: j.State,
		Attempt: j.Attempt, Progress: j.Progress, Stage: j.Stage,
		Input: kernel.RawJSON(j.Input), Output: kernel.RawJSON(j.Output),
		RunAt: j.RunAt.UTC(), ExpiresAt: kernel.UTC(j.ExpiresAt), ConcurrencyKey: kernel.OrNull(j.ConcurrencyKey),
		Traceparent:     kernel.OrNull(j.Traceparent),
		CancelRequested: j.CancelRequestedAt != nil,
		TokensIn:        j.TokensIn, TokensOut: j.TokensOut,
		CreatedAt: j.CreatedAt.UTC(), StartedAt: kernel.UTC(j.StartedAt), FinishedAt: kernel.UTC(j.FinishedAt),
	}
	if j.ErrorCode != "" {
		shown.Error = &openapi.JobError{Code: j.ErrorCode, Message: j.ErrorMessage, LogTail: strings.ToValidUTF8(j.LogTail, "\uFFFD")}
	}
	return shown
}

func showSubmitter(raw models.JSON) *wire.JobSubmitter {
	var by models.Submitter
	if json.Unmarshal(raw, &by) != nil || by.Kind == "" {
		return nil
	}
	return &wire.JobSubmitter{Kind: by.Kind, KeyID: kernel.OrNull(by.KeyID), UserID: kernel.OrNull(by.UserID)}
}

func showEvent(e *models.Event) openapi.JobEvent {
	return openapi.JobEvent{JobID: e.JobID, Seq: e.Seq, Type: e.Type, Attempt: e.Attempt,
		Data: kernel.RawJSON(e.Data), CreatedAt: e.CreatedAt.UTC()}
}

func showStreamEvent(e *models.StreamEvent) openapi.StreamEvent {
	return openapi.StreamEvent{JobID: kernel.OrNull(e.JobID), Seq: e.Seq, Type: e.Type, Attempt: e.Attempt, Data: kernel.RawJSON(e.Data),
		CreatedAt: e.CreatedAt.UTC(),
		Position:  e.Position, ProjectID: kernel.OrNull(e.ProjectID), PipelineID: kernel.OrNull(e.PipelineID)}
}

func showPipeline(p *models.Pipeline, jobs []openapi.Job) openapi.Pipeline {
	counts := make(map[models.State]int)
	for i := range jobs {
		counts[countsAs(&jobs[i])]++
	}
	return openapi.Pipeline{Approvals: approvals(jobs), ID: p.ID, ProjectID: p.ProjectID, State: models.PipelineState(counts),
		Template: showTemplate(p.Template), EndUser: kernel.OrNull(p.EndUser),
		Metadata: object(p.Metadata), CreatedAt: p.CreatedAt.UTC(), Jobs: jobs}
}

func showSummary(p *models.PipelineSummary) openapi.PipelineSummary {
	counts := make(map[string]int, len(p.Jobs))
	for state, n := range p.Jobs {
		counts[string(state)] = n
	}
	return openapi.PipelineSummary{ID: p.ID, ProjectID: p.ProjectID, State: models.PipelineState(p.Jobs),
		Template: showTemplate(p.Template), EndUser: kernel.OrNull(p.EndUser),
		Metadata: object(p.Metadata), CreatedAt: p.CreatedAt, Jobs: counts}
}

func showTemplate(t models.TemplateRef) *openapi.TemplateRef {
	if t.ID == "" {
		return nil
	}
	return &openapi.TemplateRef{ID: t.ID, Name: t.Name, Version: t.Version}
}

// object is a JSON object that was stored, or nil.
func object(raw models.JSON) *map[string]any {
	var o map[string]any
	if json.Unmarshal(raw, &o) != nil || o == nil {
		return nil
	}
	return &o
}

// JSON is a job as the API shows it, for webhooks that tell all of it.
func JSON(j *models.Job) (json.RawMessage, error) { return json.Marshal(showJob(j)) }
