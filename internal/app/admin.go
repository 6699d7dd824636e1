package app

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/internal/platform/certs"
)

// serveAdmin serves /metrics, /healthz and /readyz of a process without an API and returns the URL; "" if it is configured not
// to serve them. By default the address is on
// loopback; without a pool of client certificates none of them has authentication.
func (p *parts) serveAdmin(ctx context.Context) (url string, err error) {
	if p.cfg.MetricsAddr == "" {
		return "", nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"status":"ok"}`)) })
	mux.HandleFunc("GET /readyz", p.readyz)
	p.watchHealth(ctx)
	s := site{name: "admin", setting: "SPARK_METRICS_ADDR", address: p.cfg.MetricsAddr, through: everybody, handler: mux, before: func() {}}
	if err := p.secureAdmin(&s); err != nil {
		return "", fmt.Errorf("TLS of the metrics: %w", err)
	}
	addr, err := p.serve(ctx, s)
	if err != nil {
		return "", err
	}
	if s.tls != nil {
		return "https://" + addr, nil
	}
	return "http://" + addr, nil
}

// secureAdmin has the site speak TLS if there is a certificate. With a pool of client certificates, metrics are for those alone who show one:
// whoever probes a process has none, and is told no more than whether it is ready.
func (p *parts) secureAdmin(s *site) error {
	c := p.cfg.MetricsTLS
	if c.CertFile == "" {
		return nil
	}
	files, err := certs.Open(c.CertFile, c.KeyFile, p.log.Named("tls"), p.metrics.CertificateExpires)
	if err != nil {
		return err
	}
	s.tls = files.Config()
	s.serving = func() { p.group.Go("certificate of metrics", files.Run) }
	if c.ClientCAFile == "" {
		return nil
	}
	if s.tls.ClientCAs, err = certs.Pool(c.ClientCAFile); err != nil {
		return err
	}
	s.tls.ClientAuth = tls.VerifyClientCertIfGiven
	next := s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.VerifiedChains) == 0 && r.URL.Path != "/healthz" && r.URL.Path != "/readyz" {
			http.Error(w, "a client certificate is required", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
	return nil
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
