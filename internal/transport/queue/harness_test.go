package queue_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

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
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) {
	testenv.RunWithoutLeaks(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// platform is the whole way of a job — store, dispatcher, Redis, worker, repairer — with a scripted handler.
type platform struct {
	t        *testing.T
	database string // its URL
	store    *store.Store
	project  *models.Project
	redisURL string
	workers  []*worker
	group    lifecycle.Group
	service  *jobs.Service
}

// worker is one process' share of it.
type worker struct {
	executor *jobs.Executor
	redis    *redisconn.Conn
	server   *queue.Server
	group    lifecycle.Group
	handBack context.CancelFunc
}

type intake struct {
	*store.Jobs
	*store.Projects
	*store.Artifacts
	*store.Spending
}

type handlerFunc func(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error)

func (f handlerFunc) Run(ctx context.Context, a *jobs.Attempt) (*jobs.Result, error) {
	return f(ctx, a)
}

// newPlatform starts everything but workers.
func newPlatform(t *testing.T, redisURL string) *platform {
	t.Helper()
	return newPlatformWith(t, redisURL, nil)
}

// newPlatformWith is newPlatform with parameters of the database's sessions.
func newPlatformWith(t *testing.T, redisURL string, parameters map[string]string) *platform {
	t.Helper()
	p := &platform{t: t, redisURL: redisURL}
	log := zaptest.NewLogger(t)
	p.database = testenv.PostgresFrom(t, "queue", func(ctx context.Context, url string) error {
		s, err := store.Open(ctx, url)
		if err != nil {
			return err
		}
		return s.Close()
	})
	u, err := url.Parse(p.database)
	require.NoError(t, err)
	query := u.Query()
	for name, value := range parameters {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	p.store, err = store.Open(t.Context(), u.String())
	require.NoError(t, err)
	account := &models.Account{ID: models.NewID(), Name: "a"}
	require.NoError(t, p.store.Accounts.CreateAccount(t.Context(), account))
	p.project = &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "g", Engine: "phaser"}
	require.NoError(t, p.store.Projects.CreateProject(t.Context(), p.project))

	r, news, transport := connect(t, redisURL)
	dispatcher := &jobs.Dispatcher{Backlog: p.store.Backlog, Transport: transport, MaxWindow: 8, Every: 50 * time.Millisecond, Log: log, Full: news.Due}
	news.OnDue, news.OnChanged = dispatcher.Hint, dispatcher.JobChanged
	changed := func(ids []string, qs []models.Queue) {
		news.Changed(ids...)
		dispatcher.Notify(qs...)
	}
	p.service = &jobs.Service{Intake: intake{p.store.Jobs, p.store.Projects, p.store.Artifacts, p.store.Spending}, Accounts: accounts.NewDirectory(p.store.Accounts), Providers: func(string) bool { return true }, Ready: func() error { return nil }, Changed: changed, Direct: dispatcher,
		CancelRunning: func(_ context.Context, id string) { news.Cancel(id) }}
	repairer := &jobs.Repairer{Store: p.store.Backlog, Transport: transport, Every: 50 * time.Millisecond, Grace: 200 * time.Millisecond,
		Log: log, Changed: changed, Observer: telemetry.NewScheduler(prometheus.NewRegistry())}
	p.group.OnStop("redis", func(context.Context) error { return errors.Join(transport.Close(), r.Close()) })
	p.group.Go("bus", news.Run)
	p.group.Go("dispatcher", dispatcher.Run)
	p.group.Go("repairer", repairer.Run)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		for _, w := range p.workers {
			if err := w.group.Stop(ctx); err != nil {
				t.Error(err)
			}
		}
		if err := errors.Join(p.group.Stop(ctx), p.store.Close()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func connect(t *testing.T, url string) (*redisconn.Conn, *bus.Bus, *queue.Transport) {
	t.Helper()
	r, err := redisconn.Open(url, zap.NewNop())
	require.NoError(t, err)
	news := bus.New(r, zaptest.NewLogger(t))
	return r, news, queue.NewTransport(r, news.Wake)
}

// addWorker starts a worker for build jobs.
func (p *platform) addWorker(slots int, h handlerFunc) *worker {
	p.t.Helper()
	log := zaptest.NewLogger(p.t)
	r, news, transport := connect(p.t, p.redisURL)
	dispatcher := &jobs.Dispatcher{Backlog: p.store.Backlog, Transport: transport, MaxWindow: 8, Every: 50 * time.Millisecond, Log: log, Full: news.Due}
	news.OnDue, news.OnChanged = dispatcher.Hint, dispatcher.JobChanged
	w := &worker{redis: r, server: queue.NewServer(r, models.KindBuild, slots, log)}
	w.executor = &jobs.Executor{Ledger: p.store.Ledger, Suspects: p.store.Ledger, Source: w.server, Owner: models.NewID(), Log: log, Observer: telemetry.NewWorker(prometheus.NewRegistry()), Redact: redact.New(),
		Meter: dispatcher, Withdraw: p.store.Backlog.Withdraw,
		Handlers: map[models.Kind]jobs.Handler{models.KindBuild: h},
		Changed: func(ids []string, qs []models.Queue) {
			news.Changed(ids...)
			dispatcher.Notify(qs...)
		}}
	news.OnCancel = w.executor.Cancel
	news.OnWake = func(models.Kind) { w.server.Wake() }
	stop, handBack := context.WithCancel(context.Background())
	w.handBack = handBack
	w.group.OnStop("redis", func(context.Context) error { return errors.Join(transport.Close(), r.Close()) })
	w.group.Go("bus", news.Run)
	w.group.Go("dispatcher", dispatcher.Run)
	w.group.Go("leases", w.executor.RenewLeases)
	w.group.Go("suspects", func(ctx context.Context) { w.executor.RunSuspects(ctx, stop) })
	w.group.OnStop("server", func(ctx context.Context) error {
		w.server.Quiet()
		handBack()
		return errors.Join(w.executor.Wait(ctx), w.server.Close())
	})
	require.NoError(p.t, w.server.Start(func(bundle []jobs.Dispatch) { w.executor.ExecuteBundle(stop, bundle) }))
	p.workers = append(p.workers, w)
	return w
}

func (p *platform) submit() *models.Job {
	p.t.Helper()
	j, err := p.service.Submit(p.t.Context(), jobs.JobRequest{AccountID: p.project.AccountID, ProjectID: p.project.ID, Kind: models.KindBuild})
	require.NoError(p.t, err)
	return j
}

func (p *platform) job(id string) *models.Job {
	p.t.Helper()
	j, err := p.store.Jobs.Job(p.t.Context(), p.project.AccountID, id)
	require.NoError(p.t, err)
	return j
}

// await waits until the job is in a state.
func (p *platform) await(id string, want models.State) *models.Job {
	p.t.Helper()
	var last *models.Job
	require.Eventually(p.t, func() bool {
		j, err := p.store.Jobs.Job(p.t.Context(), p.project.AccountID, id)
		if err != nil {
			return false
		}
		last = j
		return j.State == want
	}, 30*time.Second, 5*time.Millisecond, "job %s should become %s", id, want)
	return last
}

// count says how often something happened in a job's history.
func (p *platform) count(id string, t models.EventType) int {
	p.t.Helper()
	events, err := p.store.Jobs.Events(p.t.Context(), p.project.AccountID, id, 0, 10_000)
	require.NoError(p.t, err)
	n := 0
	for i, e := range events {
		require.Equal(p.t, int64(i+1), e.Seq)
		if e.Type == t {
			n++
		}
	}
	return n
}
