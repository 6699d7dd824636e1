// Package app assembles the platform: an API, a worker and a scheduler, each alone in its process or all in one.
package app

import (
	"context"
	"errors"
	"strings"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/api/landing"
	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/telemetry"
)

// Role is one part of the platform.
type Role int

// The roles.
const (
	API Role = iota
	Worker
	Scheduler
)

func (r Role) String() string { return [...]string{"api", "worker", "scheduler"}[r] }

// names lists roles for people.
func names(roles []Role) string {
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = r.String()
	}
	return strings.Join(list, ",")
}

// AllInOne is the platform in one process, which may use embedded stores.
var AllInOne = []Role{API, Worker, Scheduler}

// App is a running platform, or a part of one. Close it.
type App struct {
	*parts
	url      string
	facts    []zap.Field       // of the roles, for the log line of the start
	sessions *landing.Sessions // of the landing page, in an all-in-one platform
}

// Start connects and runs the roles. When it returns, the API answers and the worker takes jobs. On an error,
// everything that was started is stopped again.
func Start(ctx context.Context, cfg *config.Config, log *zap.Logger, roles ...Role) (_ *App, err error) {
	registry := telemetry.NewRegistry(names(roles))
	a := &App{parts: &parts{cfg: cfg, log: log, registry: registry, metrics: telemetry.NewPlatform(registry), allInOne: len(roles) == len(AllInOne)}}
	defer func() {
		if err != nil {
			stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownTimeout)
			defer cancel()
			err = errors.Join(err, a.group.Stop(stopCtx))
		}
	}()
	if err := a.open(ctx); err != nil {
		return nil, err
	}
	return a, a.startRoles(ctx, roles)
}

// startRoles starts the roles, and under them the loops that they depend on: senders stop before receivers.
func (a *App) startRoles(ctx context.Context, roles []Role) (err error) {
	has := make(map[Role]bool)
	for _, r := range roles {
		has[r] = true
	}
	var w *worker
	if has[Worker] { // the bus must reach it from the start
		if w, err = newWorker(ctx, a.parts); err != nil {
			return err
		}
		w.sabotage()
	}
	a.group.Go("secrets", a.secrets.Run)
	a.group.Go("bus", a.bus.Run)
	a.group.Go("dispatcher", a.dispatcher.Run)
	if has[Worker] {
		if err := w.start(ctx); err != nil {
			return err
		}
		a.facts = append(a.facts, w.facts()...)
	}
	if has[Scheduler] {
		s := newScheduler(a.parts)
		s.sabotage()
		s.start()
	}
	if !has[API] {
		if a.url, err = a.serveAdmin(ctx); a.url != "" {
			a.facts = append(a.facts, zap.String("metrics", a.url+"/metrics"))
		}
		return err
	}
	front, err := newAPI(ctx, a.parts)
	if err != nil {
		return err
	}
	if len(has) == len(AllInOne) {
		a.sessions = &landing.Sessions{}
		front.sessions = a.sessions
	}
	if a.url, err = front.start(ctx); err == nil {
		a.facts = append(a.facts, zap.String("url", a.url))
	}
	return err
}

// URL is where the API listens, "http://host:port".
func (a *App) URL() string { return a.url }

// Close stops the platform: the API finishes the requests under way, and running jobs finish or are handed back. ctx limits how
// long it takes.
func (a *App) Close(ctx context.Context) error { return a.group.Stop(ctx) }
