package jobs

import (
	"context"
	"errors"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// submissionRate is as how many requests a submission counts, as the document says (x-spark-rate).
const submissionRate = 5

// SubmitJob answers POST /v1/jobs.
func (a *Area) SubmitJob(ctx context.Context, r openapi.SubmitJobRequestObject) (openapi.SubmitJobResponseObject, error) {
	request := ctx
	wait, err := kernel.PreferredWait(request)
	if err != nil {
		return nil, err
	}
	ctx, account := kernel.Caller(ctx)
	endUser, key, err := a.submitter(ctx, r.Body.EndUser, r.Body.ConcurrencyKey)
	if err != nil {
		return nil, err
	}
	hook, err := kernel.WebhookURL(ctx, r.Body.WebhookURL)
	if err != nil {
		return nil, err
	}
	job, err := a.Submitter.Submit(ctx, jobs.JobRequest{
		AccountID:  account,
		ProjectID:  r.Body.ProjectID,
		EndUser:    endUser,
		Kind:       r.Body.Kind,
		Priority:   r.Body.Priority,
		Input:      r.Body.Input,
		Metadata:   r.Body.Metadata,
		WebhookURL: hook,
		Timing: jobs.Timing{RunAt: r.Body.RunAt, ExpiresAt: r.Body.ExpiresAt, ConcurrencyKey: key,
			ConcurrencyPolicy: r.Body.ConcurrencyPolicy},
	})
	if held, ok := errors.AsType[*jobs.HeldError](err); ok {
		holder, err := a.Jobs.Job(ctx, account, held.Job)
		if err != nil {
			return nil, err
		}
		return openapi.SubmitJob200JSONResponse(showJob(holder)), nil
	}
	if err != nil {
		return nil, err
	}
	kernel.Note(request, zap.String("job", job.ID), zap.String("kind", string(job.Kind)))
	if wait > 0 {
		kernel.KeepNow(request, http.StatusAccepted, "/v1/jobs/"+job.ID, showJob(job)) // a repetition is answered at once
		ended, err := a.ended(ctx, account, job.ID, wait)
		if err == nil && ended.State.Terminal() {
			return openapi.SubmitJob200JSONResponse(showJob(ended)), nil
		}
	}
	return openapi.SubmitJob202JSONResponse{AcceptedJobJSONResponse: accepted(job)}, nil
}

// submitter is whose a submission is and the key that it competes under, unless the end user has submitted too much.
func (a *Area) submitter(ctx context.Context, namedUser, namedKey string) (endUser, key string, err error) {
	if endUser, err = kernel.EndUser(ctx, namedUser); err != nil {
		return "", "", err
	}
	if err := a.Rates.EndUser(ctx, endUser, submissionRate); err != nil {
		return "", "", err
	}
	key, err = kernel.ConcurrencyKey(ctx, namedKey)
	return endUser, key, err
}

// GetJob answers GET /v1/jobs/{id}.
func (a *Area) GetJob(ctx context.Context, r openapi.GetJobRequestObject) (openapi.GetJobResponseObject, error) {
	wait, err := kernel.PreferredWait(ctx)
	if err != nil {
		return nil, err
	}
	ctx, account := kernel.Caller(ctx)
	job, err := a.job(ctx, account, r.ID)
	if err == nil && wait > 0 && !job.State.Terminal() {
		job, err = a.ended(ctx, account, r.ID, wait)
	}
	if err != nil {
		return nil, err
	}
	return openapi.GetJob200JSONResponse(showJob(job)), nil
}

// CancelJob answers POST /v1/jobs/{id}/cancel.
func (a *Area) CancelJob(ctx context.Context, r openapi.CancelJobRequestObject) (openapi.CancelJobResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "job"); err != nil {
		return nil, err
	}
	job, err := a.Submitter.Cancel(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.CancelJob202JSONResponse{AcceptedJobJSONResponse: accepted(job)}, nil
}

// RetryJob answers POST /v1/jobs/{id}/retry.
func (a *Area) RetryJob(ctx context.Context, r openapi.RetryJobRequestObject) (openapi.RetryJobResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := kernel.KnownID(r.ID, "job"); err != nil {
		return nil, err
	}
	job, err := a.Submitter.Retry(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.RetryJob202JSONResponse{AcceptedJobJSONResponse: accepted(job)}, nil
}

// ended is a job as soon as it has ended, or as it is after a wait, which is a preference: when too many wait, it is as it is now.
func (a *Area) ended(ctx context.Context, account, id string, wait time.Duration) (*models.Job, error) {
	if leave, err := a.seat(ctx); err == nil {
		defer leave()
	} else {
		wait = 0
	}
	return a.await(ctx, account, id, wait, func(*models.Job) (bool, error) { return false, nil })
}

// await is a job as soon as enough is true of it or it has ended, or as it is after a wait.
func (a *Area) await(ctx context.Context, account, id string, wait time.Duration, enough func(*models.Job) (bool, error)) (*models.Job, error) {
	changed, stop := a.Watcher.Watch(id)
	defer stop()
	over := time.NewTimer(wait)
	defer over.Stop()
	for last := wait == 0; ; {
		job, err := a.Jobs.Job(ctx, account, id)
		if err != nil {
			return nil, err
		}
		if done, err := enough(job); done || err != nil || last || job.State.Terminal() {
			return job, err
		}
		if last, err = a.pause(ctx, changed, over.C); err != nil {
			return nil, err
		}
	}
}

// pause waits until something has changed, or it is the last time to look: the wait is over, or the server stops. It ends with an error when the key,
// token or session does not work any more that the request came with.
func (a *Area) pause(ctx context.Context, changed <-chan struct{}, over <-chan time.Time) (last bool, err error) {
	check := time.NewTicker(heldEvery)
	defer check.Stop()
	for {
		select {
		case <-changed:
			return false, a.held(ctx)
		case <-check.C:
			if err := a.held(ctx); err != nil {
				return false, err
			}
		case <-over:
			return true, a.held(ctx)
		case <-a.Stopping.Done():
			return true, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// held is an error unless the key, token or session still works that a request came with.
func (a *Area) held(ctx context.Context) error {
	id := kernel.Identity(ctx)
	if !id.Until.IsZero() && !time.Now().Before(id.Until) {
		return errOver
	}
	return a.Holders.Holds(ctx, id)
}

var errOver = models.NewError(models.CodeUnauthorized, "the key or token has expired")

func (a *Area) job(ctx context.Context, account, id string) (*models.Job, error) {
	if err := kernel.KnownID(id, "job"); err != nil {
		return nil, err
	}
	return a.Jobs.Job(ctx, account, id)
}

func accepted(job *models.Job) openapi.AcceptedJobJSONResponse {
	return openapi.AcceptedJobJSONResponse{Body: showJob(job), Headers: openapi.AcceptedJobResponseHeaders{Location: "/v1/jobs/" + job.ID}}
}
