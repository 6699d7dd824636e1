package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/spark-games/spark/internal/api/platform"
)

// serveAdmin serves /metrics, /healthz and /readyz of a process without an API and returns the URL; "" if it is configured not
// to serve them. None of them has authentication: by default the address is on loopback.
func (p *parts) serveAdmin(ctx context.Context) (url string, err error) {
	if p.cfg.MetricsAddr == "" {
		return "", nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"status":"ok"}`)) })
	mux.HandleFunc("GET /readyz", p.readyz)
	p.watchHealth(ctx)
	addr, err := p.serve(ctx, site{name: "admin", setting: "SPARK_METRICS_ADDR", address: p.cfg.MetricsAddr, through: everybody,
		handler: mux, before: func() {}})
	if err != nil {
		return "", err
	}
	return "http://" + addr, nil
}

// readyz answers whether the dependencies are up, in the same form as the API.
func (p *parts) readyz(w http.ResponseWriter, _ *http.Request) {
	answer, status := platform.Readiness(p.health.checks(), time.Now())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // an error means that the client has gone
}

// watchHealth keeps checking the dependencies until the group stops; the first results are there when it returns.
func (p *parts) watchHealth(ctx context.Context) {
	p.health.settled(ctx)
	p.group.Go("health", p.health.run)
}
