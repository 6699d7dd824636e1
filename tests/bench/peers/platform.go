package peers

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/internal/platform/redact"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// platform is what internal/app wires for the programs, as far as it has to do with jobs, with the same intervals.
type platform struct {
	url        string
	store      *store.Store
	redisConn  *redisconn.Conn
	bus        *bus.Bus
	transport  *queue.Transport
	dispatcher *jobs.Dispatcher
	service    *jobs.Service
	project    *models.Project
	log        *zap.Logger

	server atomic.Pointer[queue.Server] // of the worker
	group  lifecycle.Group
}

// intake is what the service needs of several facets of the store.
type intake struct {
	*store.Jobs
	*store.Projects
	*store.Artifacts
	*store.Spending
}

// newPlatform starts all but the worker.
func newPlatform(ctx context.Context, databaseURL, redisURL string, window int, dispatched func(models.Queue, int)) (_ *platform, err error) {
	p := &platform{url: databaseURL, log: zap.NewNop()}
	if p.store, err = store.Open(ctx, databaseURL); err != nil {
		return nil, err
	}
	if p.redisConn, err = redisconn.Open(redisURL, p.log); err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	if p.project, err = newProject(ctx, p.store); err != nil {
		return nil, errors.Join(err, p.redisConn.Close(), p.store.Close())
	}
	p.bus = bus.New(p.redisConn, p.log)
	p.bus.OnWake = p.wake
	p.transport = queue.NewTransport(p.redisConn, p.bus.Wake)
	p.dispatcher = &jobs.Dispatcher{Backlog: p.store.Backlog, Transport: p.transport, MinWindow: window, MaxWindow: max(window, maxWindow),
		Every: 500 * time.Millisecond, Log: p.log, Dispatched: dispatched, Full: p.bus.Due}
	sequencer := &jobs.Sequencer{Store: p.store.Stream, Every: 500 * time.Millisecond, Pause: 20 * time.Millisecond, Log: p.log, Streamed: p.bus.Streamed}
	p.bus.OnDue, p.bus.OnChanged = p.dispatcher.Hint, func(id string) { p.dispatcher.JobChanged(id); sequencer.Hint() }
	p.service = &jobs.Service{Intake: intake{p.store.Jobs, p.store.Projects, p.store.Artifacts, p.store.Spending}, Changed: p.changed, Direct: p.dispatcher,
		Accounts:  accounts.NewDirectory(p.store.Accounts),
		Providers: func(string) bool { return true }, Ready: func() error { return nil }}

	metrics := telemetry.NewScheduler(prometheus.NewRegistry())
	sequencer.Observer = metrics
	repairer := &jobs.Repairer{Store: p.store.Backlog, Transport: p.transport, Every: time.Second, Grace: 3 * time.Second,
		Log: p.log, Changed: p.changed, Observer: metrics}
	surveyor := &telemetry.Surveyor{Survey: p.store.Backlog.Survey, Queues: p.transport.States, Every: 10 * time.Second,
		Backlog: telemetry.NewBacklog(prometheus.NewRegistry()), Log: p.log, Failed: metrics.SurveyFailed}
	g := &p.group
	g.OnStop("store", func(context.Context) error { return p.store.Close() })
	g.OnStop("redis", func(context.Context) error { return errors.Join(p.transport.Close(), p.redisConn.Close()) })
	g.Go("bus", p.bus.Run)
	g.Go("dispatcher", p.dispatcher.Run)
	g.Go("repairer", repairer.Run)
	g.Go("sequencer", sequencer.Run)
	g.Go("survey", surveyor.Run)
	return p, nil
}

func (p *platform) wake(models.Kind) {
	if s := p.server.Load(); s != nil {
		s.Wake()
	}
}

func (p *platform) changed(ids []string, queues []models.Queue) {
	p.bus.Changed(ids...)
	p.dispatcher.Notify(queues...)
}

// work starts a worker with a handler for the jobs of the benchmarks. ended is called after a job's result is stored.
func (p *platform) work(slots int, handler jobs.Handler, ended func()) error {
	e := &jobs.Executor{Ledger: p.store.Ledger, Suspects: p.store.Ledger, Owner: models.NewID(), Log: p.log, Changed: p.changed,
		Observer: observer{telemetry.NewWorker(prometheus.NewRegistry()), ended}, Redact: redact.New(),
		Meter: p.dispatcher, Withdraw: p.store.Backlog.Withdraw,
		Handlers: map[models.Kind]jobs.Handler{models.KindAnalytics: handler}}
	server := queue.NewServer(p.redisConn, models.KindAnalytics, slots, p.log)
	e.Source = server
	p.server.Store(server)
	stopping, handBack := context.WithCancel(context.Background())
	p.group.Go("leases", e.RenewLeases)
	p.group.Go("suspects", func(ctx context.Context) { e.RunSuspects(ctx, stopping) })
	p.group.OnStop("server", func(ctx context.Context) error {
		server.Quiet()
		handBack()
		return errors.Join(e.Wait(ctx), server.Close())
	})
	return server.Start(func(bundle []jobs.Dispatch) { e.ExecuteBundle(stopping, bundle) })
}

// observer counts the jobs that have succeeded.
type observer struct {
	*telemetry.Worker
	ended func()
}

// JobEnded implements jobs.Observer.
func (o observer) JobEnded(k models.Kind, v jobs.Verdict, code models.Code, took time.Duration) {
	o.Worker.JobEnded(k, v, code, took)
	if v == jobs.Succeeded {
		o.ended()
	}
}

func (p *platform) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return p.group.Stop(ctx)
}
