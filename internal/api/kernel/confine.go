package kernel

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// Places tells where things are.
type Places interface {
	// Place is where a resource of an account is, or a *models.Error with CodeNotFound.
	Place(ctx context.Context, accountID string, kind models.ResourceKind, id string) (models.Place, error)
}

var errElsewhere = models.NewError(models.CodeForbidden, "the key or token is for one project, pipeline or job, and may do this nowhere else")

// confine keeps a caller that is restricted to a place there. What is elsewhere does not exist for it.
func (k *Kernel) confine(op *openapi.Operation) gin.HandlerFunc {
	return func(c *gin.Context) {
		ctx := c.Request.Context()
		id := Identity(ctx)
		if id.Within.IsZero() {
			return
		}
		var err error
		switch about := op.About; {
		case about.Path != "":
			err = k.confinePath(ctx, id.AccountID, id.Within, about.Path, c.Param("id"))
		case about.Query:
			err = confineQuery(c, op, id.Within)
		case about.Body:
			err = confineBody(c, about.Filter, id.Within)
		default:
			err = errElsewhere
		}
		if err != nil {
			k.Fail(c, err)
		}
	}
}

func (k *Kernel) confinePath(ctx context.Context, account string, within models.Place, kind models.ResourceKind, id string) error {
	none := models.NewError(models.CodeNotFound, "no such "+string(kind))
	if !validID(kind, id) {
		return none
	}
	place, err := k.Places.Place(ctx, account, kind, id)
	if err == nil && !within.Holds(place) {
		err = none
	}
	return err
}

// confineQuery makes a list one of what is at the place.
func confineQuery(c *gin.Context, op *openapi.Operation, within models.Place) error {
	kind, id := within.Resource()
	name := string(kind) + "_id"
	if _, has := op.Query[name]; !has {
		return errElsewhere
	}
	q := c.Request.URL.Query()
	if given := q[name]; len(given) > 1 || len(given) == 1 && given[0] != id {
		return errElsewhere
	}
	q.Set(name, id)
	c.Request.URL.RawQuery = q.Encode()
	return nil
}

// confineBody reads a body that was checked.
func confineBody(c *gin.Context, filter bool, within models.Place) error {
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return err
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(raw))
	var body struct {
		ProjectID string      `json:"project_id"`
		Kind      models.Kind `json:"kind"`
		Filter    struct {
			ProjectID string `json:"project_id"`
		} `json:"filter"`
	}
	if err := json.Unmarshal(raw, &body); err != nil {
		return badBody(err)
	}
	if filter {
		if kind, id := within.Resource(); kind != models.ResourceProject || body.Filter.ProjectID != "" && body.Filter.ProjectID != id {
			return errElsewhere
		}
		return nil
	}
	if !within.Holds(models.Place{ProjectID: body.ProjectID}) || body.Kind == models.KindAnalytics { // which is about the whole account
		return errElsewhere
	}
	return nil
}

// Keep narrows a filter to the place of a caller that is restricted to a project.
func Keep(ctx context.Context, f *models.JobFilter) {
	if within := Identity(ctx).Within; !within.IsZero() {
		f.ProjectID = within.ProjectID
	}
}

// EndUser is whose a submission is, or "": the end user that the request names, or the one of the browser token that it came with. A token of
// nobody in particular names none.
func EndUser(ctx context.Context, named string) (string, error) {
	id := Identity(ctx)
	switch {
	case !id.Token || named == id.EndUser:
		return named, nil
	case named != "":
		return "", models.FieldError("/end_user", "the token is not one of this end user")
	}
	return id.EndUser, nil
}

// maxConfinedKey leaves room for the project's id.
const maxConfinedKey = 80

// WebhookURL is where the end of a submission is told. Only keys name one: whoever has a browser token must not have an account's signature sent about.
func WebhookURL(ctx context.Context, named string) (string, error) {
	if named != "" && Identity(ctx).Token {
		return "", models.FieldError("/webhook_url", "a browser token names no URL")
	}
	return named, nil
}

// ConcurrencyKey is the key that a submission competes under: a caller that is restricted to a project competes with what is submitted for that
// project by such callers, and with nobody else.
func ConcurrencyKey(ctx context.Context, named string) (string, error) {
	within := Identity(ctx).Within
	switch {
	case named == "" || within.IsZero():
		return named, nil
	case utf8.RuneCountInString(named) > maxConfinedKey:
		return "", models.FieldError("/concurrency_key", "the key of a caller that is restricted to a project is at most 80 characters")
	}
	return named + " in " + within.ProjectID, nil
}
