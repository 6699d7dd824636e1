package catalogue

import (
	"time"

	"github.com/spark-games/spark/models"
)

// Sample is a message of a type with made-up content, for tests of endpoints and for the documentation; nil if there is no such type.
func Sample(name string, at time.Time) *models.WebhookMessage {
	t, ok := find(name)
	if !ok {
		return nil
	}
	const (
		project, pipeline, job = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002", "01900000-0000-7000-8000-000000000003"
		other                  = "01900000-0000-7000-8000-000000000004"
	)
	m := &models.WebhookMessage{Type: name, Test: true, CreatedAt: at}
	failure := map[string]any{"code": models.CodeCompileFailed, "message": "src/main.js does not compile"}
	state := func(s models.State, more ...any) {
		data := map[string]any{"state": s}
		for i := 0; i+1 < len(more); i += 2 {
			data[more[i].(string)] = more[i+1]
		}
		m.ProjectID, m.PipelineID, m.JobID, m.JobKind, m.Attempt, m.Seq, m.Data = project, pipeline, job, models.KindBuild, 1, 4, models.ToJSON(data)
	}
	switch t.Event {
	case models.EventQueued:
		state(models.StateQueued)
	case models.EventBlocked:
		state(models.StateBlocked)
	case models.EventStarted, models.EventCancel:
		state(models.StateRunning)
	case models.EventRetrying:
		state(models.StateQueued, "error", failure)
	case models.EventApproval:
		state(models.StateQueued)
		m.JobKind = models.KindApproval
	case models.EventSucceeded:
		state(models.StateSucceeded, "output", map[string]any{"artifact_id": other})
	case models.EventFailed:
		state(models.StateFailed, "error", failure)
	case models.EventCancelled:
		state(models.StateCancelled)
	case models.EventSchedulePaused:
		m.ProjectID = project
		m.Data = models.ToJSON(map[string]any{"schedule_id": other, "name": "nightly", "reason": models.PauseFailures, "failures": 5})
	case models.EventQuota:
		m.Data = models.ToJSON(map[string]any{"quota": "jobs_per_day", "percent": 80, "limit": 1000, "used": 800,
			"day": at.UTC().Format(time.DateOnly), "end_user": nil})
	case models.EventOperationEnded:
		m.Data = models.ToJSON(map[string]any{"operation_id": other, "action": "cancel", "state": "completed", "dry_run": false, "matched": 3, "done": 3,
			"along": 0, "skipped": 0, "failed": 0})
	case models.EventProjectTransferred:
		m.ProjectID = project
		m.Data = models.ToJSON(map[string]any{"project_id": project, "from_account_id": pipeline, "to_account_id": other})
	case "webhook_endpoint_disabled":
		m.Data = models.ToJSON(map[string]any{"endpoint_id": models.WebhookEndpointPrefix + other,
			"reason": models.WebhookFailures, "failures": models.WebhookDisableFailures})
	}
	return m
}
