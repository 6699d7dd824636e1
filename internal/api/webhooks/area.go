// Package webhooks is the API's area of webhooks: HTTP over internal/webhooks.
package webhooks

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about webhooks. All are required.
type Area struct {
	Webhooks *webhooks.Service
}

// ListWebhookEventTypes answers GET /v1/webhooks/event-types.
func (a *Area) ListWebhookEventTypes(ctx context.Context, _ openapi.ListWebhookEventTypesRequestObject) (openapi.ListWebhookEventTypesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	types := catalogue.Types()
	data := make([]openapi.WebhookEventType, len(types))
	for i, t := range types {
		sample, err := a.Webhooks.Sample(ctx, account, t)
		if err != nil {
			return nil, err
		}
		data[i] = openapi.WebhookEventType{Type: t.Name, Version: t.Version, Description: t.Description, Sample: sample}
	}
	return openapi.ListWebhookEventTypes200JSONResponse{Data: data}, nil
}

// CreateWebhookEndpoint answers POST /v1/webhooks/endpoints.
func (a *Area) CreateWebhookEndpoint(ctx context.Context, r openapi.CreateWebhookEndpointRequestObject) (openapi.CreateWebhookEndpointResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	b := r.Body
	e, err := a.Webhooks.Create(ctx, account, kernel.OrZero(b.ProjectID), webhooks.Change{URL: &b.URL, Description: b.Description, Events: &b.Events,
		Headers: &b.Headers, Payload: b.Payload, Template: b.Template, Enabled: b.Enabled}, kernel.OrZero(b.Signing), kernel.OrZero(b.Secret))
	if err != nil {
		return nil, err
	}
	shown, err := a.show(e)
	if err != nil {
		return nil, err
	}
	return openapi.CreateWebhookEndpoint201JSONResponse{Body: shown, Headers: openapi.CreateWebhookEndpoint201ResponseHeaders{
		Location: "/v1/webhooks/endpoints/" + e.ID, ETag: tag(e)}}, nil
}

// ListWebhookEndpoints answers GET /v1/webhooks/endpoints.
func (a *Area) ListWebhookEndpoints(ctx context.Context, r openapi.ListWebhookEndpointsRequestObject) (openapi.ListWebhookEndpointsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := page(r.Params.Limit, r.Params.Cursor, models.WebhookEndpointPrefix)
	if err != nil {
		return nil, err
	}
	project, err := kernel.FilterID("project_id", r.Params.ProjectID)
	if err != nil {
		return nil, err
	}
	rows, err := a.Webhooks.Endpoints.Endpoints(ctx, account, project, p)
	if err != nil {
		return nil, err
	}
	var broken error
	show := func(e *models.WebhookEndpoint) openapi.WebhookEndpoint {
		shown, err := a.show(e)
		if err != nil {
			broken = err
		}
		return shown
	}
	data, more, next := kernel.Paginate(rows, p, func(e *models.WebhookEndpoint) string { return bare(e.ID) }, show)
	if broken != nil {
		return nil, broken
	}
	return openapi.ListWebhookEndpoints200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetWebhookEndpoint answers GET /v1/webhooks/endpoints/{id}.
func (a *Area) GetWebhookEndpoint(ctx context.Context, r openapi.GetWebhookEndpointRequestObject) (openapi.GetWebhookEndpointResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	e, err := a.endpoint(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	shown, err := a.show(e)
	if err != nil {
		return nil, err
	}
	return openapi.GetWebhookEndpoint200JSONResponse{Body: shown, Headers: openapi.GetWebhookEndpoint200ResponseHeaders{ETag: tag(e)}}, nil
}

// ChangeWebhookEndpoint answers PATCH /v1/webhooks/endpoints/{id}.
func (a *Area) ChangeWebhookEndpoint(ctx context.Context, r openapi.ChangeWebhookEndpointRequestObject) (openapi.ChangeWebhookEndpointResponseObject, error) {
	only := condition(kernel.Request(ctx))
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	b := r.Body
	e, err := a.Webhooks.Change(ctx, account, r.ID, webhooks.Change{URL: b.URL, Description: b.Description, Events: b.Events, Headers: b.Headers,
		Payload: b.Payload, Template: b.Template, Enabled: b.Enabled}, only)
	if err != nil {
		return nil, err
	}
	shown, err := a.show(e)
	if err != nil {
		return nil, err
	}
	return openapi.ChangeWebhookEndpoint200JSONResponse{Body: shown, Headers: openapi.ChangeWebhookEndpoint200ResponseHeaders{ETag: tag(e)}}, nil
}

// DeleteWebhookEndpoint answers DELETE /v1/webhooks/endpoints/{id}.
func (a *Area) DeleteWebhookEndpoint(ctx context.Context, r openapi.DeleteWebhookEndpointRequestObject) (openapi.DeleteWebhookEndpointResponseObject, error) {
	only := condition(kernel.Request(ctx))
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	if err := a.Webhooks.Delete(ctx, account, r.ID, only); err != nil {
		return nil, err
	}
	return openapi.DeleteWebhookEndpoint204Response{}, nil
}

// GetWebhookHealth answers GET /v1/webhooks/endpoints/{id}/health.
func (a *Area) GetWebhookHealth(ctx context.Context, r openapi.GetWebhookHealthRequestObject) (openapi.GetWebhookHealthResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	h, err := a.Webhooks.Endpoints.Health(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	shown := openapi.WebhookHealth{Pending: h.Pending, Delivered: h.Delivered, Failed: h.Failed, P50LatencyMs: h.P50LatencyMS, P95LatencyMs: h.P95LatencyMS,
		FailuresInARow: h.Failures, FailingSince: kernel.UTC(h.FailingSince), PausedUntil: kernel.UTC(h.PausedUntil),
		LastSuccessAt: kernel.UTC(h.LastSuccessAt), LastFailureAt: kernel.UTC(h.LastFailureAt)}
	if all := h.Delivered + h.Failed; all > 0 {
		shown.SuccessRate = new(float64(h.Delivered) / float64(all))
	}
	return openapi.GetWebhookHealth200JSONResponse(shown), nil
}

func (a *Area) endpoint(ctx context.Context, account, id string) (*models.WebhookEndpoint, error) {
	if err := knownEndpoint(id); err != nil {
		return nil, err
	}
	return a.Webhooks.Endpoints.Endpoint(ctx, account, id)
}

func (a *Area) show(e *models.WebhookEndpoint) (openapi.WebhookEndpoint, error) {
	names, err := a.Webhooks.HeaderNames(e)
	return openapi.WebhookEndpoint{ID: e.ID, ProjectID: kernel.OrNull(e.ProjectID), URL: e.URL, Description: e.Description,
		Events: append([]string{}, e.Events...), HeaderNames: names, Payload: e.Payload, Template: kernel.OrNull(e.Template),
		State: e.State, Reason: kernel.OrNull(string(e.Reason)),
		CreatedAt: e.CreatedAt.UTC(), UpdatedAt: e.UpdatedAt.UTC()}, err
}

func tag(e *models.WebhookEndpoint) string { return kernel.QuoteTag(strconv.Itoa(e.Version)) }

// condition is that of If-Match (RFC 9110, section 13.1.1); nil if there is none. What cannot be read matches nothing.
func condition(req *http.Request) webhooks.Condition {
	lines := req.Header.Values("If-Match")
	if lines == nil {
		return nil
	}
	tags, _ := kernel.ParseTags(lines)
	return func(version int) bool { return tags.Any || slices.Contains(tags.Strong, strconv.Itoa(version)) }
}

func knownEndpoint(id string) error {
	if !models.ValidWebhookID(models.WebhookEndpointPrefix, id) {
		return models.NewError(models.CodeNotFound, "no such webhook endpoint")
	}
	return nil
}

// bare is an id without its prefix, as cursors have it.
func bare(id string) string {
	_, rest, _ := strings.Cut(id, "_")
	return rest
}

// page reads limit and cursor of a list of what has ids with a prefix.
func page(limit *int, cursor *string, prefix string) (models.Page, error) {
	p, err := kernel.Page(limit, cursor)
	if p.Before != "" {
		p.Before = prefix + p.Before
	}
	return p, err
}
