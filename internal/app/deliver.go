package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	apijobs "github.com/spark-games/spark/internal/api/jobs"
	"github.com/spark-games/spark/internal/platform/egress"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/internal/webhooks/deliver"
	"github.com/spark-games/spark/internal/webhooks/seal"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

const (
	webhooksEvery = 500 * time.Millisecond // for what is due, and for events of which no hint came
	webhooksGrace = 30 * time.Second       // what was handed over longer ago is looked for
	// The attempts that a worker makes at once, and those besides to receivers that have just failed.
	webhookSlots     = 32
	slowWebhookSlots = 16
)

// newPump makes what hands webhooks over; schedulers run it.
func (p *parts) newPump() *deliver.Pump {
	types := make(map[models.EventType]string)
	for _, t := range catalogue.Types() {
		if t.Event != "" {
			types[t.Event] = t.Name
		}
	}
	return &deliver.Pump{Store: p.store.Deliveries, Queue: p.transport, Types: types, Every: webhooksEvery, Grace: webhooksGrace, Log: p.log.Named("webhooks")}
}

// hooks is a worker's share of webhooks.
type hooks struct {
	server    *queue.WebhookServer
	deliverer *deliver.Deliverer
	guard     *egress.Guard
}

func newHooks(p *parts, owner string) (*hooks, error) {
	box, err := openBox(p.cfg)
	if err != nil {
		return nil, err
	}
	public, err := p.cfg.Public()
	if err != nil {
		return nil, err
	}
	renderer := &catalogue.Renderer{Resource: p.webhookResource}
	if public != nil {
		renderer.Base = public.String()
	}
	guard, log := openGuard(p.cfg), p.log.Named("webhooks")
	signer := &webhookSigner{box: box, service: &webhooks.Service{Endpoints: p.store.Webhooks, Sealer: box}}
	sender := &deliver.Sender{Client: guard.Client(deliver.Timeout), Body: renderer.Body, Sign: signer.sign,
		Headers: func(e *models.WebhookEndpoint) (headers map[string]string, err error) {
			if e.Headers == nil {
				return nil, nil
			}
			plain, err := box.Open(e.ID, e.Headers)
			if err != nil {
				return nil, err
			}
			return headers, json.Unmarshal(plain, &headers)
		},
		Refused: func(err error) (string, bool) {
			if why := egress.RefusedBy(err); why != nil {
				return why.Message, true
			}
			return "", false
		}}
	return &hooks{server: queue.NewWebhookServer(p.redis, webhookSlots, slowWebhookSlots, log), guard: guard,
		deliverer: &deliver.Deliverer{Store: p.store.Deliveries, Sender: sender, Queue: p.transport, Owner: owner, Log: log,
			Observer: telemetry.NewWebhooks(p.registry)}}, nil
}

// webhookSigner signs with the secrets of an endpoint, or with those of its account for the URL of a job or a pipeline.
type webhookSigner struct {
	box     *seal.Box
	service *webhooks.Service
}

func (s *webhookSigner) sign(ctx context.Context, h http.Header, at time.Time, body []byte, c *models.WebhookClaim) error {
	if c.EndpointID == "" && len(c.Secrets) == 0 {
		made, err := s.service.DefaultSecrets(ctx, c.AccountID)
		if err != nil {
			return err
		}
		for _, k := range made {
			c.Secrets = append(c.Secrets, k.WebhookSecret)
		}
	}
	keys := make([]signature.Key, len(c.Secrets))
	for i := range c.Secrets {
		var err error
		if keys[i], err = webhooks.Open(s.box, &c.Secrets[i]); err != nil {
			return err
		}
	}
	return signature.Headers(h, c.MessageID, at, body, keys...)
}

// webhookResource is the job that a message is about, as the API shows it; nil if it is gone.
func (p *parts) webhookResource(ctx context.Context, m *models.WebhookMessage) (json.RawMessage, error) {
	job, err := p.store.Jobs.Job(ctx, m.AccountID, m.JobID)
	if code := models.CodeOf(err); code == models.CodeNotFound || code == models.CodePruned {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return apijobs.JSON(job)
}

// start takes deliveries until stop.
func (h *hooks) start(stopping context.Context) error {
	return h.server.Start(func(d models.WebhookDispatch) { h.deliverer.Execute(stopping, d) })
}

// drain takes no more deliveries, and waits for those under way until grace is done. handBack cuts off what is left then.
func (h *hooks) drain(ctx, grace context.Context, handBack context.CancelFunc) error {
	h.server.Quiet()
	err := h.deliverer.Wait(grace)
	if err != nil {
		handBack()
		err = h.deliverer.Wait(ctx)
	}
	h.guard.CloseIdleConnections()
	return errors.Join(err, h.server.Close())
}
