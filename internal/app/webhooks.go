package app

import (
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/egress"
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
