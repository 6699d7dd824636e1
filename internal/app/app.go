// Package app assembles the platform: an API, a worker and a scheduler, each alone in its process or all in one.
package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"go.uber.org/zap"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/internal/builds/toolchain"
	"github.com/spark-games/spark/internal/data/blob"
	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Role is one part of the platform.
type Role int

// The roles.
const (
	API Role = iota
	Worker
	Scheduler
)

// AllInOne is the platform in one process, which may use embedded stores.
var AllInOne = []Role{API, Worker, Scheduler}

// App is a running platform, or a part of one. Close it.
type App struct {
	cfg     *config.Config
	log     *zap.Logger
	metrics *telemetry.Metrics
	group   lifecycle.Group

	store      *store.Store
	blobs      *blob.Folder
	redis      *redisconn.Conn
	bus        *bus.Bus
	hub        *bus.Hub
	transport  *queue.Transport
	dispatcher *jobs.Dispatcher
	health     *health
	engines    *engines.Registry
	toolchains *toolchain.Installer
	service    *jobs.Service
	executor   *jobs.Executor
	reporter   *reporter // nil for a worker that builds nothing

	url string
	key string // the first key, when this start made it
}

// Start connects, migrates and runs the roles. When it returns the API answers and the worker takes jobs. On an error
// everything that had been started is stopped again.
func Start(ctx context.Context, cfg *config.Config, log *zap.Logger, roles ...Role) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, metrics: telemetry.NewMetrics(), hub: &bus.Hub{}}
	defer func() {
		if err != nil {
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownTimeout)
			defer cancel()
			err = errors.Join(err, a.group.Stop(stopCtx))
		}
	}()
	if a.engines, err = allEngines(cfg); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	embedded := cfg.RedisURL.Reveal() == ""
	redisURL, err := a.redisURL(embedded, len(roles) == len(AllInOne))
	if err != nil {
		return nil, err
	}
	if err := a.openStores(ctx, redisURL); err != nil {
		return nil, err
	}
	if embedded && a.cfg.DatabaseURL.Reveal() == "" {
		// This process holds the lock of the folder with the database, so whatever is leased was its predecessor's.
		if err := a.store.Backlog.ExpireLeases(ctx); err != nil {
			return nil, err
		}
	}
	return a, a.startRoles(ctx, roles)
}

// records is what submissions and handlers ask of several facets of the store: jobs, and what they refer to.
type records struct {
	*store.Jobs
	*store.Projects
	*store.Artifacts
	*store.Provenance
}

func (a *App) records() records {
	return records{a.store.Jobs, a.store.Projects, a.store.Artifacts, a.store.Provenance}
}

// usage is what the rollup of usage asks of the store.
type usage struct {
	*store.Usage
	*store.Platform
}

// openStores opens the database, the blobs and Redis, and starts what carries hints and releases jobs.
func (a *App) openStores(ctx context.Context, redisURL string) (err error) {
	if a.store, err = store.Open(ctx, a.cfg.Database()); err != nil {
		return err
	}
	a.group.OnStop("store", func(context.Context) error { return a.store.Close() })
	if a.blobs, err = blob.Open(a.cfg.Blobs()); err != nil {
		return err
	}
	if a.redis, err = redisconn.Open(redisURL); err != nil {
		return err
	}
	a.group.OnStop("redis", func(context.Context) error { return a.redis.Close() })
	a.toolchains = toolchain.New(a.cfg.Toolchains(), a.log.Named("toolchain"))
	a.bus = bus.New(a.redis, a.log.Named("bus"))
	a.bus.OnChanged = a.hub.Changed
	a.transport = queue.NewTransport(a.redis, a.bus.Wake)
	a.dispatcher = &jobs.Dispatcher{Backlog: a.store.Backlog, Transport: a.transport, Window: a.cfg.Window,
		Every: lookEvery, Log: a.log.Named("dispatcher")}
	a.health = newHealth(map[string]func(context.Context) error{"database": a.store.Ping, "redis": a.redis.Ping, "blobs": a.blobs.Ping})
	a.service = &jobs.Service{Intake: a.records(), Providers: a.hasProvider, Ready: a.health.ready, Changed: a.changed,
		CancelRunning: func(_ context.Context, id string) { a.bus.Cancel(id) }}
	return nil
}

// startRoles starts the roles, and under them the loops they depend on: senders stop before receivers.
func (a *App) startRoles(ctx context.Context, roles []Role) error {
	var servers []*queue.Server
	has := make(map[Role]bool)
	for _, r := range roles {
		has[r] = true
	}
	if has[Worker] {
		var err error
		if servers, err = a.newWorker(ctx); err != nil {
			return err
		}
	}
	a.group.Go("bus", a.bus.Run)
	a.group.Go("dispatcher", a.dispatcher.Run)
	if has[Worker] {
		if err := a.startWorker(ctx, servers); err != nil {
			return err
		}
	}
	if has[Scheduler] {
		a.startScheduler()
	}
	if has[API] {
		return a.startAPI(ctx)
	}
	return a.startMetrics(ctx)
}

// changed spreads the word of a commit: to those who watch the jobs, and to the dispatcher.
func (a *App) changed(jobIDs []string, queues []models.Queue) {
	a.bus.Changed(jobIDs...)
	a.dispatcher.Notify(queues...)
}

// URL is where the API listens, "http://host:port".
func (a *App) URL() string { return a.url }

// FirstKey is the platform's first API key if this start made it, else "".
func (a *App) FirstKey() string { return a.key }

// Close stops the platform: the API answers what it has begun, running jobs finish or are handed back. ctx bounds it.
func (a *App) Close(ctx context.Context) error { return a.group.Stop(ctx) }
