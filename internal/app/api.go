package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/httpapi"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/queue"
)

// adminRoot is where asynqmon is served.
const adminRoot = "/admin/queues"

func (a *App) startAPI(ctx context.Context) error {
	pepper, err := a.firstKey(ctx)
	if err != nil {
		return err
	}
	admin := queue.NewAdmin(a.redis, adminRoot)
	a.group.OnStop("admin page", func(context.Context) error { return admin.Close() })
	a.group.Go("watchers' reminder", a.remindWatchers)
	a.group.Go("health", a.health.run)

	stopping, stop := context.WithCancel(context.Background())
	handler := httpapi.New(httpapi.Options{
		Projects: a.store.Projects, Jobs: a.store.Jobs, Artifacts: a.store.Artifacts, Provenance: a.store.Provenance, Usages: a.store.Usage,
		Blobs: a.blobs, Modules: a.blobs,
		Watcher: a.hub, Submitter: a.service, Keys: auth.NewAuthenticator(a.store.Accounts, pepper),
		Engines: a.engineStatus, Workers: bus.NewWorkers(a.redis).Reports,
		Checks: []httpapi.Check{
			{Name: "database", Ping: a.health.ping("database")},
			{Name: "redis", Ping: a.health.ping("redis")},
			{Name: "blobs", Ping: a.health.ping("blobs")},
		},
		Metrics: a.metrics.Registry, Log: a.log.Named("api"),
		Admin: admin.Full, AdminReadOnly: admin.ReadOnly,
		Stopping: stopping, FrameAncestors: a.cfg.FrameAncestors,
	})
	addr, err := a.serve(ctx, "api", a.cfg.Addr, handler, stop)
	if err != nil {
		stop()
		return err
	}
	a.url = "http://" + addr
	return nil
}

// startMetrics serves the metrics of a process without an API.
func (a *App) startMetrics(ctx context.Context) error {
	if a.cfg.MetricsAddr == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.Registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	addr, err := a.serve(ctx, "metrics", a.cfg.MetricsAddr, mux, func() {})
	if err == nil {
		a.url = "http://" + addr
	}
	return err
}

// serve listens and answers until the group stops; requests under way are answered first. before is called when the
// stop begins.
func (a *App) serve(ctx context.Context, name, listen string, handler http.Handler, before func()) (addr string, err error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", listen, err)
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: zap.NewStdLog(a.log.Named("http"))}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	a.group.OnStop(name, func(ctx context.Context) error {
		before()
		grace, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		err := srv.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			err = srv.Close()
		}
		if serr := <-failed; !errors.Is(serr, http.ErrServerClosed) {
			err = errors.Join(err, serr)
		}
		return err
	})
	return reachable(l.Addr()), nil
}

// reachable is an address that a browser on this machine can open.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return addr.String()
}
