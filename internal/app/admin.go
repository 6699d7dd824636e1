package app

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
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
	mux.Handle("GET /readyz", &readiness{health: p.health})
	addr, err := p.serve(ctx, "admin", "SPARK_METRICS_ADDR", p.cfg.MetricsAddr, everybody, mux, func() {})
	if err != nil {
		return "", err
	}
	return "http://" + addr, nil
}

// readiness answers whether what the process depends on is up, in the same words as the API. However often it is asked,
// it asks at most once in readyEvery.
type readiness struct {
	health *health

	mu     sync.Mutex
	asked  time.Time
	answer readinessAnswer
}

type readinessAnswer struct {
	Status string           `json:"status"` // "ok" or "unavailable"
	Checks []readinessCheck `json:"checks"`
}

type readinessCheck struct {
	Name   string `json:"name"`
	Up     bool   `json:"up"`
	TookMs int64  `json:"took_ms"`
}

const readyEvery = time.Second

// ServeHTTP implements http.Handler.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	answer := r.ask(req.Context())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if answer.Status != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer) // an error means that nobody listens
}

func (r *readiness) ask(ctx context.Context) readinessAnswer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.asked) < readyEvery {
		return r.answer
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), healthWithin) // others wait for the answer too
	defer cancel()
	names := slices.Sorted(maps.Keys(r.health.pings))
	r.answer = readinessAnswer{Status: "ok", Checks: make([]readinessCheck, len(names))}
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			began := time.Now()
			err := r.health.ping(name)(ctx)
			r.answer.Checks[i] = readinessCheck{name, err == nil, time.Since(began).Milliseconds()}
		})
	}
	all.Wait()
	if slices.ContainsFunc(r.answer.Checks, func(c readinessCheck) bool { return !c.Up }) {
		r.answer.Status = "unavailable"
	}
	r.asked = time.Now()
	return r.answer
}
