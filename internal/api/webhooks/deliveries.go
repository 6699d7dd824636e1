package webhooks

import (
	"context"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/models"
)

// TestWebhookEndpoint answers POST /v1/webhooks/endpoints/{id}/test.
func (a *Area) TestWebhookEndpoint(ctx context.Context, r openapi.TestWebhookEndpointRequestObject) (openapi.TestWebhookEndpointResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	name := catalogue.Test
	if r.Body.Type != nil {
		name = *r.Body.Type
	}
	d, err := a.Webhooks.Test(ctx, account, r.ID, name)
	if err != nil {
		return nil, err
	}
	return openapi.TestWebhookEndpoint202JSONResponse(showDelivery(d)), nil
}

// ReplayWebhookEndpoint answers POST /v1/webhooks/endpoints/{id}/replay.
func (a *Area) ReplayWebhookEndpoint(ctx context.Context, r openapi.ReplayWebhookEndpointRequestObject) (openapi.ReplayWebhookEndpointResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	n, err := a.Webhooks.Log.ReplaySince(ctx, account, r.ID, r.Body.Since, kernel.OrZero(r.Body.All))
	if err != nil {
		return nil, err
	}
	return openapi.ReplayWebhookEndpoint202JSONResponse{Count: n}, nil
}

// ListWebhookDeliveries answers GET /v1/webhooks/deliveries.
func (a *Area) ListWebhookDeliveries(ctx context.Context, r openapi.ListWebhookDeliveriesRequestObject) (openapi.ListWebhookDeliveriesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor, models.WebhookDeliveryPrefix)
	if err != nil {
		return nil, err
	}
	f := models.WebhookDeliveryFilter{EndpointID: kernel.OrZero(r.Params.EndpointID), Type: kernel.OrZero(r.Params.Type), State: kernel.OrZero(r.Params.State),
		Since: kernel.OrZero(r.Params.Since), Until: kernel.OrZero(r.Params.Until)}
	if f.EndpointID != "" && knownEndpoint(f.EndpointID) != nil {
		return nil, kernel.ParameterError("endpoint_id", "not an id of an endpoint")
	}
	if f.Type != "" && !catalogue.Known(f.Type) {
		return nil, kernel.ParameterError("type", "is no type of events; GET /v1/webhooks/event-types lists them")
	}
	switch f.State {
	case "", models.WebhookPending, models.WebhookDelivering, models.WebhookDelivered, models.WebhookFailed:
	default:
		return nil, kernel.ParameterError("state", "is pending, delivering, delivered or failed")
	}
	if f.ProjectID, err = kernel.FilterID("project_id", r.Params.ProjectID); err != nil {
		return nil, err
	}
	if f.JobID, err = kernel.FilterID("job_id", r.Params.JobID); err != nil {
		return nil, err
	}
	if err := a.within(ctx, account, f.EndpointID); err != nil {
		return nil, err
	}
	rows, err := a.Webhooks.Log.Deliveries(ctx, account, f, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(d *models.WebhookDelivery) string { return bare(d.ID) }, showDelivery)
	return openapi.ListWebhookDeliveries200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// within refuses callers that are restricted to a project, unless an endpoint is the project's own: what others answer is not for them.
func (a *Area) within(ctx context.Context, account, endpoint string) error {
	place := kernel.Identity(ctx).Within
	if place.IsZero() {
		return nil
	}
	if endpoint == "" {
		return models.NewError(models.CodeForbidden, "the key or token is for one project, and sees the deliveries of its endpoints: name one as endpoint_id")
	}
	e, err := a.Webhooks.Endpoints.Endpoint(ctx, account, endpoint)
	if err == nil && !place.Holds(models.Place{ProjectID: e.ProjectID}) {
		err = models.NewError(models.CodeNotFound, "no such webhook endpoint")
	}
	return err
}

// delivery is one that the caller may see.
func (a *Area) delivery(ctx context.Context, account, id string) (*models.WebhookDelivery, error) {
	none := models.NewError(models.CodeNotFound, "no such delivery")
	if !models.ValidWebhookID(models.WebhookDeliveryPrefix, id) {
		return nil, none
	}
	d, err := a.Webhooks.Log.Delivery(ctx, account, id)
	if err != nil {
		return nil, err
	}
	switch err := a.within(ctx, account, d.EndpointID); models.CodeOf(err) {
	case models.CodeForbidden, models.CodeNotFound:
		return nil, none
	default:
		return d, err
	}
}

// GetWebhookDelivery answers GET /v1/webhooks/deliveries/{id}.
func (a *Area) GetWebhookDelivery(ctx context.Context, r openapi.GetWebhookDeliveryRequestObject) (openapi.GetWebhookDeliveryResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	d, err := a.delivery(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	payload, err := a.Webhooks.Payload(ctx, d)
	if err != nil {
		return nil, err
	}
	return openapi.GetWebhookDelivery200JSONResponse{Delivery: showDelivery(d), Payload: payload}, nil
}

// ListWebhookAttempts answers GET /v1/webhooks/deliveries/{id}/attempts.
func (a *Area) ListWebhookAttempts(ctx context.Context, r openapi.ListWebhookAttemptsRequestObject) (openapi.ListWebhookAttemptsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor, models.WebhookAttemptPrefix)
	if err != nil {
		return nil, err
	}
	if _, err := a.delivery(ctx, account, r.ID); err != nil {
		return nil, err
	}
	rows, err := a.Webhooks.Log.Attempts(ctx, account, r.ID, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(t *models.WebhookAttempt) string { return bare(t.ID) }, showAttempt)
	return openapi.ListWebhookAttempts200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ReplayWebhookDelivery answers POST /v1/webhooks/deliveries/{id}/replay.
func (a *Area) ReplayWebhookDelivery(ctx context.Context, r openapi.ReplayWebhookDeliveryRequestObject) (openapi.ReplayWebhookDeliveryResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if _, err := a.delivery(ctx, account, r.ID); err != nil {
		return nil, err
	}
	d, err := a.Webhooks.Log.Replay(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.ReplayWebhookDelivery202JSONResponse(showDelivery(d)), nil
}

func showDelivery(d *models.WebhookDelivery) openapi.WebhookDelivery {
	return openapi.WebhookDelivery{ID: d.ID, WebhookID: d.MessageID, EndpointID: kernel.OrNull(d.EndpointID), URL: kernel.OrNull(d.URL),
		ProjectID: kernel.OrNull(d.ProjectID), JobID: kernel.OrNull(d.JobID), Type: d.Type, Seq: d.Seq, State: d.State, Attempts: d.Attempts,
		NextAttemptAt: kernel.UTC(d.NextAttemptAt), LastStatus: status(d.LastStatus), Failure: kernel.OrNull(string(d.Failure)),
		CreatedAt: d.CreatedAt.UTC(), FinishedAt: kernel.UTC(d.FinishedAt)}
}

func showAttempt(t *models.WebhookAttempt) openapi.WebhookAttempt {
	return openapi.WebhookAttempt{ID: t.ID, Number: t.No, At: t.At.UTC(), LatencyMs: t.LatencyMS, Status: status(t.Status),
		Failure: kernel.OrNull(string(t.Failure)), Message: t.Message, Response: t.Response}
}

// status is one of HTTP, or null without an answer.
func status(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
