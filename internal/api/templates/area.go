// Package templates is the API's area of templates: HTTP over internal/templates.
package templates

import (
	"context"
	"net/http"
	"slices"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/models"
)

// Area answers the operations about templates. All are required.
type Area struct {
	Templates *templates.Service
}

// maySubmit refuses callers that may not submit jobs themselves: what others submit by a template is what they say.
func maySubmit(ctx context.Context) error {
	if !kernel.Identity(ctx).Has(auth.ScopeJobsWrite) {
		return models.NewError(models.CodeForbidden, "the key does not have the scope jobs:write, which what templates submit needs")
	}
	return nil
}

// CreateTemplate answers POST /v1/templates.
func (a *Area) CreateTemplate(ctx context.Context, r openapi.CreateTemplateRequestObject) (openapi.CreateTemplateResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := maySubmit(ctx); err != nil {
		return nil, err
	}
	t := models.Template{AccountID: account, Name: r.Body.Name, Description: kernel.OrZero(r.Body.Description), Parameters: kernel.OrZero(r.Body.Parameters),
		Steps: r.Body.Steps}
	if err := a.Templates.Create(ctx, &t); err != nil {
		return nil, err
	}
	return openapi.CreateTemplate201JSONResponse{Body: show(&t), Headers: openapi.CreateTemplate201ResponseHeaders{
		Location: "/v1/templates/" + t.Name, ETag: kernel.QuoteTag(t.Tag())}}, nil
}

// ListTemplates answers GET /v1/templates.
func (a *Area) ListTemplates(ctx context.Context, r openapi.ListTemplatesRequestObject) (openapi.ListTemplatesResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	p, err := kernel.Page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	rows, err := a.Templates.List(ctx, account, p)
	if err != nil {
		return nil, err
	}
	data, more, next := kernel.Paginate(rows, p, func(t *models.Template) string { return t.ID }, func(t *models.Template) openapi.TemplateSummary {
		return openapi.TemplateSummary{ID: t.ID, Name: t.Name, BuiltIn: t.BuiltIn(), Version: t.Version, Description: t.Description, Parameters: t.Parameters,
			CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt}
	})
	return openapi.ListTemplates200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetTemplate answers GET /v1/templates/{name}.
func (a *Area) GetTemplate(ctx context.Context, r openapi.GetTemplateRequestObject) (openapi.GetTemplateResponseObject, error) {
	req := kernel.Request(ctx)
	ctx, account := kernel.Caller(ctx)
	t, err := a.Templates.Template(ctx, account, r.Name)
	if err != nil {
		return nil, err
	}
	notModified, err := kernel.CheckRead(req, t.Tag())
	if err != nil {
		return nil, err
	}
	tag := kernel.QuoteTag(t.Tag())
	if notModified {
		return openapi.GetTemplate304Response{Headers: openapi.GetTemplate304ResponseHeaders{ETag: tag}}, nil
	}
	return openapi.GetTemplate200JSONResponse{Body: show(t), Headers: openapi.GetTemplate200ResponseHeaders{ETag: tag}}, nil
}

// ChangeTemplate answers PATCH /v1/templates/{name}.
func (a *Area) ChangeTemplate(ctx context.Context, r openapi.ChangeTemplateRequestObject) (openapi.ChangeTemplateResponseObject, error) {
	only := condition(kernel.Request(ctx))
	ctx, account := kernel.Caller(ctx)
	if err := maySubmit(ctx); err != nil {
		return nil, err
	}
	t, err := a.Templates.Change(ctx, account, r.Name,
		templates.Change{Description: r.Body.Description, Parameters: r.Body.Parameters, Steps: r.Body.Steps}, only)
	if err != nil {
		return nil, err
	}
	return openapi.ChangeTemplate200JSONResponse{Body: show(t), Headers: openapi.ChangeTemplate200ResponseHeaders{ETag: kernel.QuoteTag(t.Tag())}}, nil
}

// DeleteTemplate answers DELETE /v1/templates/{name}.
func (a *Area) DeleteTemplate(ctx context.Context, r openapi.DeleteTemplateRequestObject) (openapi.DeleteTemplateResponseObject, error) {
	only := condition(kernel.Request(ctx))
	ctx, account := kernel.Caller(ctx)
	if err := a.Templates.Delete(ctx, account, r.Name, only); err != nil {
		return nil, err
	}
	return openapi.DeleteTemplate204Response{}, nil
}

// condition is that of If-Match (RFC 9110, section 13.1.1); nil if there is none. What cannot be read matches nothing.
func condition(req *http.Request) templates.Condition {
	lines := req.Header.Values("If-Match")
	if lines == nil {
		return nil
	}
	tags, _ := kernel.ParseTags(lines)
	return func(tag string) bool { return tags.Any || slices.Contains(tags.Strong, tag) }
}

func show(t *models.Template) openapi.Template {
	return openapi.Template{ID: t.ID, Name: t.Name, BuiltIn: t.BuiltIn(), Version: t.Version, Description: t.Description, Parameters: t.Parameters,
		Steps: t.Steps, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt}
}
