package app

import (
	"context"
	"net/url"

	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/egress"
	"github.com/spark-games/spark/internal/webhooks"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/internal/webhooks/seal"
)

// openGuard makes what sends requests to addresses that accounts choose.
func openGuard(cfg *config.Config) *egress.Guard {
	o := cfg.Outbound
	return egress.New(egress.Policy{HTTP: o.HTTP, Ports: o.Ports, Allowed: o.Allow, Proxy: o.ProxyURL()})
}

// openBox makes what encrypts the secrets of webhooks.
func openBox(cfg *config.Config) (*seal.Box, error) {
	if !cfg.Webhooks.Key.IsZero() {
		return seal.New(cfg.Webhooks.Key)
	}
	return seal.FromFile(cfg.WebhooksKeyFile())
}

// newWebhooks makes the service of webhooks. Links begin with the address that browsers use, if there is one.
func (a *api) newWebhooks(public *url.URL) (*webhooks.Service, error) {
	box, err := openBox(a.cfg)
	if err != nil {
		return nil, err
	}
	guard := openGuard(a.cfg)
	a.group.OnStop("webhooks", func(context.Context) error { guard.CloseIdleConnections(); return nil })
	r := &catalogue.Renderer{}
	if public != nil {
		r.Base = public.String()
	}
	return &webhooks.Service{Endpoints: a.store.Webhooks, Log: a.store.Webhooks, Guard: guard, Sealer: box, Renderer: r, Most: a.cfg.Webhooks.MaxEndpoints,
		Clock: a.store.Schedules.Now}, nil
}
