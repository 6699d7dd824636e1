package jobs

import (
	"strings"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

func showJob(j *models.Job) openapi.Job {
	shown := openapi.Job{
		ID: j.ID, ProjectID: kernel.OrNull(j.ProjectID), PipelineID: kernel.OrNull(j.PipelineID), EndUser: kernel.OrNull(j.EndUser),
		Metadata: kernel.RawJSON(j.Metadata), Kind: j.Kind, Priority: j.Priority, State: j.State,
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

func showEvent(e *models.Event) openapi.JobEvent {
	return openapi.JobEvent{JobID: e.JobID, Seq: e.Seq, Type: e.Type, Attempt: e.Attempt,
		Data: kernel.RawJSON(e.Data), CreatedAt: e.CreatedAt.UTC()}
}

func showStreamEvent(e *models.StreamEvent) openapi.StreamEvent {
	return openapi.StreamEvent{JobID: e.JobID, Seq: e.Seq, Type: e.Type, Attempt: e.Attempt, Data: kernel.RawJSON(e.Data), CreatedAt: e.CreatedAt.UTC(),
		Position: e.Position, ProjectID: kernel.OrNull(e.ProjectID), PipelineID: kernel.OrNull(e.PipelineID)}
}

func showPipeline(p *models.Pipeline, jobs []openapi.Job) openapi.Pipeline {
	return openapi.Pipeline{ID: p.ID, ProjectID: p.ProjectID, CreatedAt: p.CreatedAt.UTC(), Jobs: jobs}
}
