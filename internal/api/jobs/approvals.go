package jobs

import (
	"context"
	"encoding/json"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// ApproveStep answers POST /v1/pipelines/{id}/steps/{name}/approve.
func (a *Area) ApproveStep(ctx context.Context, r openapi.ApproveStepRequestObject) (openapi.ApproveStepResponseObject, error) {
	shown, err := a.decide(ctx, r.ID, r.Name, r.Body, true)
	return openapi.ApproveStep200JSONResponse(shown), err
}

// RejectStep answers POST /v1/pipelines/{id}/steps/{name}/reject.
func (a *Area) RejectStep(ctx context.Context, r openapi.RejectStepRequestObject) (openapi.RejectStepResponseObject, error) {
	shown, err := a.decide(ctx, r.ID, r.Name, r.Body, false)
	return openapi.RejectStep200JSONResponse(shown), err
}

func (a *Area) decide(ctx context.Context, id, step string, body *openapi.NewDecision, approve bool) (openapi.Pipeline, error) {
	if body == nil {
		body = &openapi.NewDecision{}
	}
	if !approve && len(body.Data) > 0 {
		return openapi.Pipeline{}, models.FieldError("/data", "only who approves gives data")
	}
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(id, "pipeline"); err != nil {
		return openapi.Pipeline{}, err
	}
	endUser, err := kernel.EndUser(ctx, kernel.OrZero(body.EndUser))
	if err != nil {
		return openapi.Pipeline{}, err
	}
	models.ActsForEndUser(ctx, endUser)
	who := kernel.Identity(ctx)
	err = a.Submitter.Decide(ctx, jobs.Decision{AccountID: account, PipelineID: id, Step: step, Approve: approve, Comment: kernel.OrZero(body.Comment),
		Data: body.Data, By: models.Decider{KeyID: who.KeyID, UserID: who.UserID, Token: who.Token, EndUser: endUser}})
	if err != nil {
		return openapi.Pipeline{}, err
	}
	return a.pipeline(ctx, account, id)
}

// approvals are the jobs that wait for a decision.
func approvals(all []openapi.Job) []openapi.WaitingApproval {
	waiting := []openapi.WaitingApproval{}
	for i := range all {
		j := &all[i]
		if j.Kind != models.KindApproval || j.State != models.StateQueued || j.StartedAt == nil || j.ExpiresAt == nil {
			continue
		}
		var in jobs.ApprovalInput
		if json.Unmarshal(j.Input, &in) != nil {
			continue
		}
		w := openapi.WaitingApproval{Step: kernel.OrZero(j.Step), JobID: j.ID, Message: in.Message, Since: *j.StartedAt, Until: *j.ExpiresAt,
			OnExpiry: jobs.ExpiryReject, Approvers: in.Approvers, Fields: in.Fields}
		if in.OnExpiry == jobs.ExpiryApprove {
			w.OnExpiry = jobs.ExpiryApprove
		}
		if w.Approvers == nil {
			w.Approvers = []string{}
		}
		if w.Fields == nil {
			w.Fields = models.Parameters{}
		}
		waiting = append(waiting, w)
	}
	return waiting
}

// countsAs is what a job counts as in its pipeline.
func countsAs(j *openapi.Job) models.State {
	if j.State == models.StateCancelled && j.Error != nil && j.Error.Code == models.CodeSkipped {
		return models.Skipped
	}
	return j.State
}
