package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/builder"
	"github.com/spark-games/spark/internal/builds/fleet"
	"github.com/spark-games/spark/internal/identity/keyring"
	"github.com/spark-games/spark/internal/platform/redact"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/analytics"
	"github.com/spark-games/spark/jobs/build"
	"github.com/spark-games/spark/jobs/export"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// worker is the role that runs jobs.
type worker struct {
	*parts
	executor  *jobs.Executor
	builder   *builder.Builder
	servers   []*queue.Server
	publisher *fleet.Publisher // nil for a worker that builds nothing
	presence  *jobs.Presence
	hooks     *hooks
}

// newWorker makes the executor and one server per kind, and has the bus reach them.
func newWorker(ctx context.Context, p *parts) (*worker, error) {
	w := &worker{parts: p}
	id := owner()
	var err error
	if w.builder, err = w.newBuilder(id); err != nil {
		return nil, err
	}
	providers, err := p.providers()
	if err != nil {
		return nil, err
	}
	attestor, err := w.attestor(ctx)
	if err != nil {
		return nil, err
	}
	records := p.records()
	metrics := telemetry.NewWorker(p.registry)
	w.executor = &jobs.Executor{
		Ledger: p.store.Ledger, Suspects: p.store.Ledger, Owner: id,
		Log: p.log.Named("executor"), Observer: metrics, Meter: p.dispatcher, Changed: p.changed, Withdraw: p.store.Backlog.Withdraw,
		Redact: w.redactor(),
		Handlers: map[models.Kind]jobs.Handler{
			models.KindGeneration: &generation.Handler{Store: records, Blobs: p.blobs, Engines: p.engines, Providers: providers, Default: p.cfg.Provider},
			models.KindBuild: &build.Handler{Store: records, Blobs: p.blobs, Engines: p.engines, Runner: w.builder, Observer: metrics, Attestor: attestor,
				Dir: p.cfg.DataDir},
			models.KindExport:    &export.Handler{Store: records, Blobs: p.blobs, Attestor: attestor},
			models.KindAnalytics: &analytics.Handler{Store: usage{p.store.Usage, p.store.Platform}},
		},
	}
	if slices.Contains(p.cfg.Kinds.OrAll(), models.KindBuild) {
		w.publisher = &fleet.Publisher{Registry: p.fleet, Worker: id, Report: w.builder.Report, Log: p.log}
	}
	byKind := make(map[models.Kind]*queue.Server)
	w.presence = &jobs.Presence{Store: p.store.Workers, Executor: w.executor, Slots: make(models.Slots), Log: p.log.Named("presence")}
	for _, kind := range p.cfg.Kinds.OrAll() {
		s := queue.NewServer(p.redis, kind, w.slots(kind), p.log)
		w.presence.Slots[kind] = w.slots(kind)
		metrics.Slots(kind, w.slots(kind))
		byKind[kind] = s
		w.servers = append(w.servers, s)
	}
	if w.hooks, err = newHooks(p, id); err != nil {
		return nil, err
	}
	w.executor.Source = tasks(w.servers)
	p.bus.OnCancel = w.executor.Cancel
	p.bus.OnWake = func(k models.Kind) {
		if k == queue.Webhooks {
			w.hooks.server.Wake()
		}
		if s := byKind[k]; s != nil {
			s.Wake()
		}
	}
	return w, nil
}

// newBuilder makes the runner of builds, and starts its connection to Docker.
func (w *worker) newBuilder(id string) (*builder.Builder, error) {
	c, pool := w.cfg.Sandbox, w.cfg.Pool
	b, err := builder.New(builder.Options{
		Mode: builder.Mode(c.Mode), Min: w.minIsolation(), Owner: id, Engines: w.engines, Toolchains: w.toolchains,
		Dir: filepath.Join(w.cfg.DataDir, "agents"), Slots: w.slots(models.KindBuild),
		Containers: builder.Containers{Host: dockerHost(w.cfg), Runtime: c.Runtime, UserNS: c.UserNS, Max: pool.Max, Warm: pool.Warm, Reuse: pool.Reuse},
		Metrics:    w.registry, Log: w.log,
	})
	if err != nil {
		return nil, err
	}
	w.group.OnStop("builder", b.Close)
	w.group.Go("docker connection", b.Connect)
	return b, nil
}

// minIsolation is the lowest isolation level allowed. By default, an all-in-one platform takes what the machine offers, and
// separate workers, which build for others, require confinement.
func (w *worker) minIsolation() engines.IsolationLevel {
	switch {
	case w.cfg.Sandbox.Min != "":
		return engines.IsolationLevel(w.cfg.Sandbox.Min)
	case w.allInOne:
		return engines.Open
	}
	return engines.Confined
}

// facts are the fields of the log line of a worker that has started.
func (w *worker) facts() []zap.Field {
	fields := []zap.Field{zap.Any("kinds", w.cfg.Kinds.OrAll())}
	if w.publisher == nil {
		return fields
	}
	var refs []string
	for _, e := range w.engines.List() {
		refs = append(refs, engines.Ref(e))
	}
	isolation := w.builder.Isolation()
	return append(fields, zap.String("sandbox", w.cfg.Sandbox.Mode), zap.Stringer("isolation", isolation.Level),
		zap.String("isolation_lacks", isolation.Reason), zap.Stringer("isolation_min", w.minIsolation()), zap.Strings("engines", refs))
}

// redactor removes the current secrets, and those that were replaced while it ran: a log may have them still.
type redactor struct {
	current atomic.Pointer[redact.Redactor]
	known   []string
}

// Text implements jobs.Redactor.
func (r *redactor) Text(s string) string { return r.current.Load().Text(s) }

// Lines implements jobs.Redactor.
func (r *redactor) Lines() func(line string) string { return r.current.Load().Lines() }

// redactor follows the rotation of secrets.
func (w *worker) redactor() *redactor {
	r := &redactor{}
	learn := func() {
		for _, s := range w.secretTexts() {
			if !slices.Contains(r.known, s) {
				r.known = append(r.known, s)
			}
		}
		r.current.Store(redact.New(r.known...))
	}
	learn()
	w.rotations.on("", learn)
	return r
}

// secretTexts are those that no job may show: the configured ones, and those that the platform made for itself.
func (w *worker) secretTexts() []string {
	list := w.cfg.Secrets()
	for _, file := range []string{w.cfg.PepperFile(), w.cfg.KeyFile(), w.cfg.SigningKeyFile()} {
		if s, err := keyring.ReadFile(file); err == nil { // a worker may have none
			list = append(list, s)
		}
	}
	return list
}

// slots is how many jobs of a kind this worker runs concurrently.
func (w *worker) slots(k models.Kind) int {
	if n := w.cfg.Concurrency[k]; n > 0 {
		return n
	}
	return jobs.PolicyOf(k).Concurrency
}

// owner identifies this worker in leases: unique, and readable.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), models.NewID())
}

// start takes jobs until the group stops. Then no new ones are taken; running ones get almost all of the remaining time, and are
// handed back when it is up.
func (w *worker) start(ctx context.Context) error {
	stopping, handBack := context.WithCancel(context.Background())
	sending, cutOff := context.WithCancel(context.Background())
	w.group.Go("lease renewal", w.executor.RenewLeases)
	w.group.Go("suspects", func(ctx context.Context) { w.executor.RunSuspects(ctx, stopping) })
	w.group.Go("presence", w.presence.Run)
	w.group.Go("engine warm-up", w.warmUp)
	if w.publisher != nil {
		w.publisher.Publish(ctx) // so that an API in this process has an entry from the start
		w.group.Go("report", w.publisher.Run)
	}
	w.group.OnStop("worker", func(ctx context.Context) error {
		defer handBack()
		defer cutOff()
		if err := w.executor.Drain(ctx); err != nil {
			w.log.Warn("recording that this worker is stopping failed", zap.Error(err))
		}
		w.log.Info("draining", zap.Duration("within", w.cfg.ShutdownTimeout*3/4))
		grace, cancel := context.WithTimeout(ctx, w.cfg.ShutdownTimeout*3/4)
		defer cancel()
		drained := make(chan error, 1)
		go func() { drained <- w.hooks.drain(ctx, grace, cutOff) }()
		each(w.servers, func(_ int, s *queue.Server) { s.Quiet() })
		if err := w.executor.Wait(grace); err != nil {
			w.log.Warn("running jobs are handed back")
			handBack()
			if err := w.executor.Wait(ctx); err != nil {
				return errors.Join(fmt.Errorf("jobs still running: %w", err), <-drained)
			}
		}
		errs := make([]error, len(w.servers)+1)
		errs[len(w.servers)] = <-drained
		each(w.servers, func(i int, s *queue.Server) { errs[i] = s.Close() })
		return errors.Join(errs...)
	})
	for _, s := range w.servers {
		if err := s.Start(func(bundle []jobs.Dispatch) { w.executor.ExecuteBundle(stopping, bundle) }); err != nil {
			return err
		}
	}
	return w.hooks.start(sending)
}

// tasks are all servers of a worker as one source.
type tasks []*queue.Server

// Open implements jobs.TaskSource.
func (t tasks) Open(ctx context.Context) ([]models.Queue, error) {
	var all []models.Queue
	for _, s := range t {
		open, err := s.Open(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, open...)
	}
	return all, nil
}

// Pause implements jobs.TaskSource.
func (t tasks) Pause() {
	for _, s := range t {
		s.Pause()
	}
}

// Resume implements jobs.TaskSource.
func (t tasks) Resume() {
	for _, s := range t {
		s.Resume()
	}
}

// each calls f for all servers concurrently, because asynq's stop has pauses.
func each(servers []*queue.Server, f func(i int, s *queue.Server)) {
	var wg sync.WaitGroup
	for i, s := range servers {
		wg.Go(func() { f(i, s) })
	}
	wg.Wait()
}

// warmUp prepares the engines whose toolchains are installed: their shared modules are bundled or read, so that the first build
// does not wait. The others are installed by the first build that needs them. That build also retries and reports what fails
// here.
func (w *worker) warmUp(ctx context.Context) {
	for _, e := range w.engines.List() {
		if !w.toolchains.Installed(e) {
			continue
		}
		if _, err := w.toolchains.SharedModules(ctx, e); err != nil && ctx.Err() == nil {
			w.log.Warn("engine is not ready", zap.String("engine", e.Info().Name), zap.Error(err))
		}
	}
}
