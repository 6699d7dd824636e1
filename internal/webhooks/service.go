// Package webhooks administers where accounts want to be told what happens, and shows what was delivered. HTTP and every later interface use
// it; what moves deliveries is elsewhere.
package webhooks

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/internal/platform/egress"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/models"
)

// Endpoints keeps endpoints and their secrets. Another account's are CodeNotFound, as if they did not exist. Lists are newest first.
type Endpoints interface {
	// CreateEndpoint refuses an endpoint with CodeLimitReached if the account has as many as most.
	CreateEndpoint(ctx context.Context, e *models.WebhookEndpoint, secrets []models.WebhookSecret, most int) error
	Endpoint(ctx context.Context, accountID, id string) (*models.WebhookEndpoint, error)
	Endpoints(ctx context.Context, accountID, projectID string, p models.Page) ([]models.WebhookEndpoint, error)
	ChangeEndpoint(ctx context.Context, accountID, id string, f func(*models.WebhookEndpoint) error) (*models.WebhookEndpoint, error)
	DeleteEndpoint(ctx context.Context, accountID, id string, version int) error
	Health(ctx context.Context, accountID, id string) (*models.WebhookHealth, error)

	// Secrets are those that sign now; of the account by default for "".
	Secrets(ctx context.Context, accountID, endpointID string) ([]models.WebhookSecret, error)
	// DefaultSecrets are the account's; if it has none, the one that is given becomes it.
	DefaultSecrets(ctx context.Context, fresh *models.WebhookSecret) ([]models.WebhookSecret, error)
	RotateSecret(ctx context.Context, accountID, endpointID string, fresh *models.WebhookSecret, overlap time.Duration) error
}

// Log keeps what was delivered.
type Log interface {
	Deliveries(ctx context.Context, accountID string, f models.WebhookDeliveryFilter, p models.Page) ([]models.WebhookDelivery, error)
	Delivery(ctx context.Context, accountID, id string) (*models.WebhookDelivery, error)
	Message(ctx context.Context, accountID, id string) (*models.WebhookMessage, error)
	Attempts(ctx context.Context, accountID, deliveryID string, p models.Page) ([]models.WebhookAttempt, error)
	Replay(ctx context.Context, accountID, id string) (*models.WebhookDelivery, error)
	ReplaySince(ctx context.Context, accountID, endpointID string, since time.Time, all bool) (int, error)
	SendTest(ctx context.Context, endpointID string, m *models.WebhookMessage) (*models.WebhookDelivery, error)
}

// Sealer encrypts what is stored, bound to the id of what it belongs to.
type Sealer interface {
	Seal(id string, plain []byte) ([]byte, error)
	Open(id string, sealed []byte) ([]byte, error)
}

// Service administers the webhooks of accounts. All are required.
type Service struct {
	Endpoints Endpoints
	Log       Log
	Guard     *egress.Guard
	Sealer    Sealer
	Renderer  *catalogue.Renderer
	// Most is how many endpoints an account may have; 0 is any number.
	Most int
	// Clock tells the time of what did not happen, the database's.
	Clock func(ctx context.Context) (time.Time, error)
}

const (
	maxDescription = 500
	// maxOverlap is how long a secret may go on signing that another one has replaced.
	maxOverlap = 7 * 24 * time.Hour
)

// Change is what changes of an endpoint, or what a new one has; nil changes nothing.
type Change struct {
	URL         *string
	Description *string
	Events      *[]string
	Headers     *map[string]string
	Payload     *models.WebhookPayload
	Template    *string
	Enabled     *bool
}

// CheckURL is a URL as it is stored, or an error with CodeWebhookURLRefused that says why nothing is sent there.
func CheckURL(guard *egress.Guard, raw, pointer string) (string, error) {
	u, err := guard.CheckURL(raw)
	if err != nil {
		e := &models.Error{Code: models.CodeWebhookURLRefused, Message: "nothing is sent there", Pointer: pointer, Cause: err}
		if why := egress.RefusedBy(err); why != nil {
			e.Message, e.Reason = why.Message, why.Reason
		}
		return "", e
	}
	return u.String(), nil
}

// apply changes an endpoint.
func (s *Service) apply(c Change, e *models.WebhookEndpoint) (err error) {
	if c.URL != nil {
		was := e.URL
		if e.URL, err = CheckURL(s.Guard, *c.URL, "/url"); err != nil {
			return err
		}
		if !sameOrigin(was, e.URL) {
			e.Headers = nil // they may be the credentials of who was there, and nobody may read them, or have them sent elsewhere
		}
	}
	if c.Description != nil {
		if !utf8.ValidString(*c.Description) || utf8.RuneCountInString(*c.Description) > maxDescription ||
			strings.ContainsFunc(*c.Description, unicode.IsControl) {
			return models.FieldError("/description", "a description is at most 500 characters, and none of them controls anything")
		}
		e.Description = *c.Description
	}
	if c.Events != nil {
		if err := catalogue.CheckPatterns(*c.Events); err != nil {
			return models.AsError(err).At("/events")
		}
		e.Events = slices.Clone(*c.Events)
	}
	if c.Headers != nil {
		if e.Headers, err = s.sealHeaders(e.ID, *c.Headers); err != nil {
			return err
		}
	}
	if c.Payload != nil {
		if *c.Payload != models.WebhookThin && *c.Payload != models.WebhookFull {
			return models.FieldError("/payload", "it is thin or full")
		}
		e.Payload = *c.Payload
	}
	if c.Template != nil {
		if *c.Template != "" {
			if _, err := catalogue.ParseTemplate(*c.Template); err != nil {
				return models.AsError(err).At("/template")
			}
		}
		e.Template = *c.Template
	}
	if c.Enabled != nil && *c.Enabled != (e.State == models.WebhookEnabled) {
		if e.State, e.Reason = models.WebhookEnabled, ""; !*c.Enabled {
			e.State, e.Reason = models.WebhookDisabled, models.WebhookRequested
		}
	}
	return nil
}

// sameOrigin reports whether two addresses have the same scheme, host and port.
func sameOrigin(a, b string) bool {
	was, err := url.Parse(a)
	is, other := url.Parse(b)
	return err == nil && other == nil && was.Scheme == is.Scheme && strings.EqualFold(was.Host, is.Host)
}

func (s *Service) sealHeaders(id string, headers map[string]string) ([]byte, error) {
	checked, err := catalogue.CheckHeaders(headers)
	if err != nil {
		return nil, models.AsError(err).At("/headers")
	}
	plain, err := models.MarshalWebhookHeaders(checked)
	if err != nil || plain == nil {
		return nil, err
	}
	return s.Sealer.Seal(id, plain)
}

// HeaderNames are the names of an endpoint's own headers, in order.
func (s *Service) HeaderNames(e *models.WebhookEndpoint) ([]string, error) {
	names := []string{}
	if e.Headers == nil {
		return names, nil
	}
	plain, err := s.Sealer.Open(e.ID, e.Headers)
	if err != nil {
		return nil, err
	}
	var headers map[string]string
	if err := json.Unmarshal(plain, &headers); err != nil {
		return nil, err
	}
	for name := range headers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// Create makes an endpoint of an account, or of one of its projects, that signs with a secret of a kind: one that is given, or a new one.
func (s *Service) Create(ctx context.Context, accountID, projectID string, c Change, kind models.WebhookSecretKind, secret string) (
	*models.WebhookEndpoint, error,
) {
	if projectID != "" && !models.ValidID(projectID) {
		return nil, models.FieldError("/project_id", "there is no such project")
	}
	e := &models.WebhookEndpoint{ID: models.WebhookEndpointPrefix + models.NewID(), AccountID: accountID, ProjectID: projectID, Payload: models.WebhookThin,
		State: models.WebhookEnabled}
	if c.URL == nil {
		c.URL = new(string)
	}
	if err := s.apply(c, e); err != nil {
		return nil, err
	}
	fresh, _, err := s.newSecret(accountID, kind, secret)
	if err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("webhook", e.ID)
	return e, s.Endpoints.CreateEndpoint(ctx, e, []models.WebhookSecret{*fresh}, s.Most)
}

// Condition reports whether a version of an endpoint is the one that a caller has seen; nil is any.
type Condition func(version int) bool

// ErrChanged is for endpoints that are not as the caller has seen them.
var ErrChanged = models.NewError(models.CodePreconditionFailed, "the endpoint has changed: read it again")

// Change changes an endpoint.
func (s *Service) Change(ctx context.Context, accountID, id string, c Change, only Condition) (*models.WebhookEndpoint, error) {
	return s.Endpoints.ChangeEndpoint(ctx, accountID, id, func(e *models.WebhookEndpoint) error {
		if only != nil && !only(e.Version) {
			return ErrChanged
		}
		return s.apply(c, e)
	})
}

// Delete removes an endpoint with its secrets and deliveries.
func (s *Service) Delete(ctx context.Context, accountID, id string, only Condition) error {
	version := 0
	if only != nil {
		e, err := s.Endpoints.Endpoint(ctx, accountID, id)
		if err != nil {
			return err
		}
		if !only(e.Version) {
			return ErrChanged
		}
		version = e.Version
	}
	return s.Endpoints.DeleteEndpoint(ctx, accountID, id, version)
}

// Test sends an event of a type that has not happened.
func (s *Service) Test(ctx context.Context, accountID, endpointID, name string) (*models.WebhookDelivery, error) {
	e, err := s.Endpoints.Endpoint(ctx, accountID, endpointID)
	if err != nil {
		return nil, err
	}
	now, err := s.Clock(ctx)
	if err != nil {
		return nil, err
	}
	m := catalogue.Sample(name, now)
	if m == nil {
		return nil, models.FieldError("/type", "is no type of events; GET /v1/webhooks/event-types lists them")
	}
	if e.ProjectID != "" {
		m.ProjectID = e.ProjectID // so that who may see the endpoint sees its tests
	}
	m.ID, m.AccountID = models.WebhookMessagePrefix+models.NewID(), accountID
	return s.Log.SendTest(ctx, endpointID, m)
}

// Payload is the thin body of what a delivery tells.
func (s *Service) Payload(ctx context.Context, d *models.WebhookDelivery) (json.RawMessage, error) {
	m, err := s.Log.Message(ctx, d.AccountID, d.MessageID)
	if err != nil {
		return nil, err
	}
	return s.Renderer.Body(ctx, m, nil)
}

// Sample is a body of a type of events, for the documentation.
func (s *Service) Sample(ctx context.Context, accountID string, t catalogue.Type) (json.RawMessage, error) {
	m := catalogue.Sample(t.Name, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	m.AccountID = accountID
	return s.Renderer.Body(ctx, m, nil)
}
