package catalogue

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// MaxBody limits the body of a webhook.
const MaxBody = 512 << 10

// Renderer makes the bodies of webhooks.
type Renderer struct {
	// Base is the platform's address, before the paths of links; "" leaves links as paths.
	Base string
	// Resource is what a message is about as the API shows it, or nil if it is gone.
	Resource func(ctx context.Context, m *models.WebhookMessage) (json.RawMessage, error)
}

// Payload is a body without a template.
type Payload struct {
	Type      string         `json:"type"`
	Timestamp time.Time      `json:"timestamp"` // when it happened
	Version   int            `json:"version"`   // of the type
	AccountID string         `json:"account_id"`
	Test      bool           `json:"test,omitempty"`
	Data      map[string]any `json:"data"`
}

// Body is what a message says to an endpoint; no endpoint is the URL of a job or pipeline, which gets the thin one. It is the same each time,
// but for the resource of a full one, which is as it is now.
func (r *Renderer) Body(ctx context.Context, m *models.WebhookMessage, e *models.WebhookEndpoint) ([]byte, error) {
	p := r.payload(m)
	if e != nil && e.Payload == models.WebhookFull && m.JobID != "" {
		p.Data["event"] = m.Data
		if !m.Test {
			job, err := r.Resource(ctx, m)
			if err != nil {
				return nil, err
			}
			p.Data["job"] = job
		}
	}
	body, err := render(p, e)
	if large := err == nil && len(body) > MaxBody || errors.Is(err, errTooLarge); large && p.Data["job"] != nil {
		p.Data["job"], p.Data["event"], p.Data["truncated"] = nil, nil, true // rather told without than not told
		body, err = render(p, e)
	}
	if err == nil && len(body) > MaxBody {
		err = models.NewError(models.CodePayloadTooLarge, "the body would be larger than 512 KiB")
	}
	return body, err
}

func render(p *Payload, e *models.WebhookEndpoint) ([]byte, error) {
	if e == nil || e.Template == "" {
		return json.Marshal(p)
	}
	t, err := ParseTemplate(e.Template)
	if err != nil {
		return nil, err
	}
	return t.Render(p)
}

func (r *Renderer) payload(m *models.WebhookMessage) *Payload {
	p := &Payload{Type: m.Type, Timestamp: m.CreatedAt.UTC(), AccountID: m.AccountID, Test: m.Test, Data: map[string]any{}}
	if t, ok := find(m.Type); ok {
		p.Version = t.Version
	}
	var data map[string]any
	_ = json.Unmarshal(m.Data, &data) // an object, or nothing
	links := map[string]string{}
	for name, at := range map[string]struct{ path, id string }{"job": {"/v1/jobs/", m.JobID}, "pipeline": {"/v1/pipelines/", m.PipelineID},
		"project": {"/v1/projects/", m.ProjectID}} {
		if at.id != "" {
			links[name] = strings.TrimSuffix(r.Base, "/") + at.path + at.id
		}
	}
	if m.JobID == "" {
		maps.Copy(p.Data, data)
	} else {
		maps.Copy(p.Data, map[string]any{"job_id": m.JobID, "pipeline_id": orNull(m.PipelineID), "kind": m.JobKind,
			"attempt": m.Attempt, "seq": m.Seq, "state": data["state"]})
		if failure, ok := data["error"].(map[string]any); ok {
			p.Data["error"] = map[string]any{"code": failure["code"], "message": failure["message"]}
		}
	}
	p.Data["project_id"], p.Data["position"], p.Data["links"] = orNull(m.ProjectID), m.Position, links
	return p
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
