package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/platform/redact"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/jobs/analytics"
	"github.com/spark-games/spark/jobs/build"
	"github.com/spark-games/spark/jobs/export"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// secrets are those that no job may show: of the configuration, and those that the platform made for itself.
func (a *App) secrets() []string {
	list := a.cfg.Secrets()
	for _, file := range []string{a.cfg.PepperFile(), a.cfg.KeyFile(), a.signingKeyFile()} {
		if s, err := readSecret(file); err == nil { // a worker may have none
			list = append(list, s)
		}
	}
	return list
}

// newWorker makes the executor and one server per kind, and has the bus reach them.
func (a *App) newWorker(ctx context.Context) ([]*queue.Server, error) {
	id := owner()
	runner, err := a.newSandbox(id)
	if err != nil {
		return nil, err
	}
	providers, err := a.providers()
	if err != nil {
		return nil, err
	}
	attestor, err := a.attestor(ctx)
	if err != nil {
		return nil, err
	}
	records := a.records()
	a.executor = &jobs.Executor{
		Ledger: a.store.Ledger, Owner: id, Log: a.log.Named("executor"), Observer: a.metrics, Changed: a.changed,
		Redact: redact.New(a.secrets()...),
		Handlers: map[models.Kind]jobs.Handler{
			models.KindGeneration: &generation.Handler{Store: a.store.Projects, Blobs: a.blobs, Engines: a.engines, Providers: providers, Default: a.cfg.Provider},
			models.KindBuild:      &build.Handler{Store: records, Blobs: a.blobs, Engines: a.engines, Runner: runner, Observer: a.metrics, Attestor: attestor},
			models.KindExport:     &export.Handler{Store: records, Blobs: a.blobs, Attestor: attestor},
			models.KindAnalytics:  &analytics.Handler{Store: usage{a.store.Usage, a.store.Platform}},
		},
	}
	if slices.Contains(a.cfg.Kinds.OrAll(), models.KindBuild) {
		a.reporter = &reporter{workers: bus.NewWorkers(a.redis), worker: id, report: runner.report, log: a.log}
	}
	byKind := make(map[models.Kind]*queue.Server)
	var servers []*queue.Server
	for _, kind := range a.cfg.Kinds.OrAll() {
		s := queue.NewServer(a.redis, kind, a.slots(kind), a.log)
		byKind[kind] = s
		servers = append(servers, s)
	}
	a.bus.OnCancel = a.executor.Cancel
	a.bus.OnWake = func(k models.Kind) {
		if s := byKind[k]; s != nil {
			s.Wake()
		}
	}
	return servers, nil
}

// slots is how many jobs of a kind this worker runs at once.
func (a *App) slots(k models.Kind) int {
	if n := a.cfg.Concurrency[k]; n > 0 {
		return n
	}
	return jobs.PolicyOf(k).Concurrency
}

// owner identifies this worker in leases: unique, and telling for a person.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), models.NewID())
}

// startWorker takes jobs until the group stops: then no new ones are taken, running ones get the time that is left but
// a little, and are handed back when it is up.
func (a *App) startWorker(ctx context.Context, servers []*queue.Server) error {
	stopping, handBack := context.WithCancel(context.Background())
	a.group.Go("lease renewal", a.executor.RenewLeases)
	a.group.Go("engine warm-up", a.warmUp)
	if a.reporter != nil {
		a.reporter.publish(ctx) // so that an API in this process need not begin with nothing
		a.group.Go("report", a.reporter.run)
	}
	a.group.OnStop("worker", func(ctx context.Context) error {
		defer handBack()
		each(servers, func(_ int, s *queue.Server) { s.Quiet() })
		grace, cancel := context.WithTimeout(ctx, a.cfg.ShutdownTimeout*3/4)
		defer cancel()
		if err := a.executor.Wait(grace); err != nil {
			a.log.Warn("running jobs are handed back")
			handBack()
			if err := a.executor.Wait(ctx); err != nil {
				return fmt.Errorf("jobs still running: %w", err)
			}
		}
		errs := make([]error, len(servers))
		each(servers, func(i int, s *queue.Server) { errs[i] = s.Close() })
		return errors.Join(errs...)
	})
	for _, s := range servers {
		if err := s.Start(func(d jobs.Dispatch) { a.executor.Execute(stopping, d) }); err != nil {
			return err
		}
	}
	return nil
}

// each calls f for all servers at once: asynq's stop waits for its own pauses.
func each(servers []*queue.Server, f func(i int, s *queue.Server)) {
	var wg sync.WaitGroup
	for i, s := range servers {
		wg.Go(func() { f(i, s) })
	}
	wg.Wait()
}

// warmUp gets the engines ready whose toolchains are installed: their shared modules are bundled, or read, so that the
// first build need not wait. The others are installed by the first build that needs them. What fails here is tried again,
// and reported, by that build.
func (a *App) warmUp(ctx context.Context) {
	for _, e := range a.engines.List() {
		if !a.toolchains.Installed(e) {
			continue
		}
		if _, err := a.toolchains.SharedModules(ctx, e); err != nil && ctx.Err() == nil {
			a.log.Warn("engine is not ready", zap.String("engine", e.Info().Name), zap.Error(err))
		}
	}
}
