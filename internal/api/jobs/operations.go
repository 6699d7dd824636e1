package jobs

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Operations keeps what is done to many jobs. Another account's are CodeNotFound, as if they did not exist. Lists are newest first.
type Operations interface {
	// Create refuses an operation with CodeLimitReached if as many as most of the account are under way.
	Create(ctx context.Context, o *models.Operation, most int) error
	Operation(ctx context.Context, accountID, id string) (*models.Operation, error)
	List(ctx context.Context, accountID, projectID string, p models.Page) ([]models.Operation, error)
	// Stop has an operation go no further.
	Stop(ctx context.Context, accountID, id string) (*models.Operation, error)
}

// bulkCaller is kernel.Caller for callers that may do something to many jobs: no pages with browser tokens.
func bulkCaller(ctx context.Context) (_ context.Context, account string, err error) {
	ctx, account = kernel.Caller(ctx)
	if kernel.Identity(ctx).Token {
		err = models.NewError(models.CodeForbidden, "a browser token is for one job at a time; operations need a key")
	}
	return ctx, account, err
}

// CreateOperation answers POST /v1/operations.
func (a *Area) CreateOperation(ctx context.Context, r openapi.CreateOperationRequestObject) (openapi.CreateOperationResponseObject, error) {
	request := ctx
	wait, err := kernel.PreferredWait(request)
	if err != nil {
		return nil, err
	}
	ctx, account, err := bulkCaller(ctx)
	if err != nil {
		return nil, err
	}
	f, err := operationFilter(r.Body)
	if err != nil {
		return nil, err
	}
	kernel.Keep(ctx, &f)
	o := &models.Operation{ID: models.NewID(), AccountID: account, ProjectID: f.ProjectID, Action: r.Body.Action, Filter: models.StoredFilter(f),
		DryRun: kernel.OrZero(r.Body.DryRun)}
	models.ClaimFrom(ctx).Making("operation", o.ID)
	if err := a.Operations.Create(ctx, o, jobs.MaxOperations); err != nil {
		return nil, err
	}
	kernel.Note(request, zap.String("operation", o.ID), zap.String("action", string(o.Action)))
	if wait > 0 {
		kernel.KeepNow(request, http.StatusAccepted, "/v1/operations/"+o.ID, showOperation(o)) // a repetition is answered at once
		ended, err := a.operation(ctx, account, o.ID, wait)
		if err == nil && ended.State.Ended() {
			return openapi.CreateOperation200JSONResponse(showOperation(ended)), nil
		}
	}
	return openapi.CreateOperation202JSONResponse{Body: showOperation(o),
		Headers: openapi.CreateOperation202ResponseHeaders{Location: "/v1/operations/" + o.ID}}, nil
}

// operationFilter is which jobs a new operation is about. All of them have to be asked for in so many words.
func operationFilter(b *openapi.NewJobOperation) (f models.JobFilter, err error) {
	if !b.Action.Valid() {
		return f, models.FieldError("/action", "it is cancel or retry")
	}
	if b.Filter != nil {
		if f, err = readFilter(b.Filter); err != nil {
			e := *models.AsError(err)
			e.Pointer = "/filter/" + strings.TrimPrefix(e.Pointer, kernel.ParameterMark)
			return f, &e
		}
	}
	switch all := kernel.OrZero(b.All); {
	case all && !f.IsZero():
		return f, models.FieldError("/all", "it has either a filter or all")
	case !all && f.IsZero():
		return f, models.FieldError("/filter", "a filter that finds every job of the account is written as \"all\": true")
	case !b.Action.Takes(f.State):
		return f, models.FieldError("/filter/state", "no job in this state can be "+map[models.OperationAction]string{models.OperationCancel: "cancelled",
			models.OperationRetry: "retried"}[b.Action])
	}
	if from, to := backwards(&f); to != "" {
		return f, models.FieldError("/filter/"+to, "it is after "+from)
	}
	return f, nil
}

// ListOperations answers GET /v1/operations.
func (a *Area) ListOperations(ctx context.Context, r openapi.ListOperationsRequestObject) (openapi.ListOperationsResponseObject, error) {
	ctx, account, err := bulkCaller(ctx)
	if err != nil {
		return nil, err
	}
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	project, err := kernel.FilterID("project_id", r.Params.ProjectID)
	if err != nil {
		return nil, err
	}
	rows, err := a.Operations.List(ctx, account, project, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(o *models.Operation) string { return o.ID }, showOperation)
	return openapi.ListOperations200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetOperation answers GET /v1/operations/{id}.
func (a *Area) GetOperation(ctx context.Context, r openapi.GetOperationRequestObject) (openapi.GetOperationResponseObject, error) {
	wait, err := kernel.PreferredWait(ctx)
	if err != nil {
		return nil, err
	}
	ctx, account, err := bulkCaller(ctx)
	if err != nil {
		return nil, err
	}
	if err := kernel.KnownID(r.ID, "operation"); err != nil {
		return nil, err
	}
	o, err := a.operation(ctx, account, r.ID, wait)
	if err != nil {
		return nil, err
	}
	return openapi.GetOperation200JSONResponse(showOperation(o)), nil
}

// CancelOperation answers POST /v1/operations/{id}/cancel.
func (a *Area) CancelOperation(ctx context.Context, r openapi.CancelOperationRequestObject) (openapi.CancelOperationResponseObject, error) {
	ctx, account, err := bulkCaller(ctx)
	if err != nil {
		return nil, err
	}
	if err := kernel.KnownID(r.ID, "operation"); err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("operation", r.ID)
	o, err := a.Operations.Stop(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.CancelOperation200JSONResponse(showOperation(o)), nil
}

// operation is an operation as soon as it has ended, or as it is after a wait.
func (a *Area) operation(ctx context.Context, account, id string, wait time.Duration) (*models.Operation, error) {
	if wait > 0 {
		leave, err := a.seat(ctx)
		if err != nil {
			wait = 0
		} else {
			defer leave()
		}
	}
	changed, stop := a.Watcher.Watch(id)
	defer stop()
	over := time.NewTimer(wait)
	defer over.Stop()
	for last := wait == 0; ; {
		o, err := a.Operations.Operation(ctx, account, id)
		if err != nil || last || o.State.Ended() {
			return o, err
		}
		if last, err = a.pause(ctx, changed, over.C); err != nil {
			return nil, err
		}
	}
}

func showOperation(o *models.Operation) openapi.JobOperation {
	shown := openapi.JobOperation{ID: o.ID, Action: o.Action, DryRun: o.DryRun, State: o.State, Counted: o.Counted, Matched: o.Matched, Done: o.Done,
		Along: o.Along, Skipped: o.Skipped, Failed: o.Failed, Reasons: map[string]int{}, CreatedAt: o.CreatedAt.UTC(), FinishedAt: kernel.UTC(o.FinishedAt)}
	_ = json.Unmarshal(o.FilterJSON(), &shown.Filter) // both are objects that the platform wrote
	_ = json.Unmarshal(o.Reasons, &shown.Reasons)
	if o.ErrorCode != "" {
		shown.Error = &openapi.OperationError{Code: o.ErrorCode, Message: o.ErrorMessage}
	}
	return shown
}
