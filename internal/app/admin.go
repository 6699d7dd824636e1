package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/spark-games/spark/internal/api/platform"
)

// serveAdmin serves /metrics, /healthz and /readyz of a process without an API at the returned URL; "" when it is told to
// serve none. None of them has authentication: the address is the machine's own unless it is told otherwise.
func (p *parts) serveAdmin(ctx context.Context) (url string, err error) {
	if p.cfg.MetricsAddr == "" {
		return "", nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"status":"ok"}`)) })
	mux.HandleFunc("GET /readyz", p.readyz)
	p.watchHealth(ctx)
	addr, err := p.serve(ctx, "admin", "SPARK_METRICS_ADDR", p.cfg.MetricsAddr, everybody, mux, func() {})
	if err != nil {
		return "", err
	}
	return "http://" + addr, nil
}

// readyz answers whether what the process depends on is up, in the same words as the API.
func (p *parts) readyz(w http.ResponseWriter, _ *http.Request) {
	answer, status := platform.Readiness(p.health.checks(), time.Now())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // an error means that nobody listens
}

// watchHealth keeps the answers about dependencies fresh until the group stops; the first are there when it returns.
func (p *parts) watchHealth(ctx context.Context) {
	p.health.settled(ctx)
	p.group.Go("health", p.health.run)
}
