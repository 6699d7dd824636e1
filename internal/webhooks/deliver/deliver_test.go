package deliver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
	"github.com/spark-games/spark/internal/platform/lifecycle"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/transport/bus"
	"github.com/spark-games/spark/internal/transport/queue"
	"github.com/spark-games/spark/internal/transport/redisconn"
	"github.com/spark-games/spark/internal/webhooks/deliver"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// platform is the way of a webhook: events of jobs, sequencer, pump, Redis and workers.
type platform struct {
	t       testing.TB
	store   *store.Store
	redis   string
	project *models.Project
}

func newPlatform(t testing.TB) *platform {
	t.Helper()
	url := testenv.PostgresFrom(t, "webhooks", func(ctx context.Context, url string) error {
		s, err := store.Open(ctx, url)
		if err != nil {
			return err
		}
		return s.Close()
	})
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	p := &platform{t: t, store: s, redis: testenv.Redis(t)}
	account := &models.Account{ID: models.NewID(), Name: "a"}
	require.NoError(t, s.Accounts.CreateAccount(t.Context(), account))
	p.project = &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "g", Engine: "phaser"}
	require.NoError(t, s.Projects.CreateProject(t.Context(), p.project))
	return p
}

// process is one process: a pump, a sequencer and a worker.
type process struct {
	deliverer *deliver.Deliverer
	pump      *deliver.Pump
	sequencer *jobs.Sequencer
	redis     *redisconn.Conn
	changed   func(ids ...string)
	kill      context.CancelFunc // cuts off what is being sent
	group     lifecycle.Group
	once      sync.Once
}

func (p *platform) start(change func(*process)) *process {
	p.t.Helper()
	log := zap.NewNop()
	r, err := redisconn.Open(p.redis, log)
	require.NoError(p.t, err)
	news := bus.New(r, log)
	transport := queue.NewTransport(r, news.Wake)
	metrics := telemetry.NewScheduler(prometheus.NewRegistry())
	pump := &deliver.Pump{Store: p.store.Deliveries, Queue: transport, Types: map[models.EventType]string{models.EventCancelled: "job.cancelled"},
		Every: 50 * time.Millisecond, Grace: time.Second, Log: log, Observer: telemetry.NewFanOut(prometheus.NewRegistry(), metrics.WebhooksFailed)}
	sequencer := &jobs.Sequencer{Store: p.store.Stream, Every: 100 * time.Millisecond, Pause: 5 * time.Millisecond, Log: log,
		Streamed: news.Streamed, Observer: metrics}
	news.OnChanged = func(string) { sequencer.Hint() }
	news.OnStream = func(string) { pump.Hint() }
	server := queue.NewWebhookServer(r, 32, 16, log)
	news.OnWake = func(models.Kind) { server.Wake() }
	w := &process{pump: pump, sequencer: sequencer, redis: r, changed: news.Changed}
	w.deliverer = &deliver.Deliverer{Store: p.store.Deliveries, Sender: sender(p.t), Queue: transport,
		Owner: models.NewID(), Log: log, Observer: telemetry.NewWebhooks(prometheus.NewRegistry())}
	if change != nil {
		change(w)
	}
	sending, kill := context.WithCancel(context.Background())
	w.kill = kill
	w.group.OnStop("redis", func(context.Context) error { return errors.Join(transport.Close(), r.Close()) })
	w.group.Go("bus", news.Run)
	w.group.Go("sequencer", sequencer.Run)
	w.group.OnStop("server", func(ctx context.Context) error {
		server.Quiet()
		kill()
		return errors.Join(w.deliverer.Wait(ctx), server.Close())
	})
	require.NoError(p.t, server.Start(func(d models.WebhookDispatch) { w.deliverer.Execute(sending, d) }))
	w.group.Go("fan-out", pump.RunFanOut)
	w.group.Go("due", pump.RunDue)
	p.t.Cleanup(w.stop(p.t))
	return w
}

func (w *process) stop(t testing.TB) func() {
	return func() {
		w.once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			if err := w.group.Stop(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

// end has a job end, and returns its id.
func (p *platform) end() string {
	p.t.Helper()
	j := &models.Job{ID: models.NewID(), AccountID: p.project.AccountID, ProjectID: p.project.ID, Kind: models.KindBuild, Priority: models.PriorityDefault,
		State: models.StateQueued, Input: models.JSON(`{}`), MaxFailures: 3, OnDependencyFailure: models.DependencyCancel}
	require.NoError(p.t, p.store.Jobs.Submit(p.t.Context(), jobs.Submission{Jobs: []*models.Job{j}}))
	_, _, err := p.store.Jobs.Cancel(p.t.Context(), p.project.AccountID, j.ID, "test")
	require.NoError(p.t, err)
	return j.ID
}

// receiver is an endpoint that notes what it gets, by webhook-id.
type receiver struct {
	endpoint *models.WebhookEndpoint
	mu       sync.Mutex
	got      map[string]int
	at       map[string]time.Time // of the first, by job
	more     chan struct{}
}

func (p *platform) receiver(answer func(w http.ResponseWriter, r *http.Request)) *receiver {
	p.t.Helper()
	key := signature.NewSymmetric()
	hook, err := standard.NewWebhook(key.Secret())
	require.NoError(p.t, err)
	rec := &receiver{got: make(map[string]int), at: make(map[string]time.Time), more: make(chan struct{}, 1)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		if err := hook.Verify(body, r.Header); err != nil {
			p.t.Errorf("%s: %v", body, err)
		}
		rec.mu.Lock()
		rec.got[r.Header.Get("Webhook-Id")]++
		if job := string(body[len(`{"type":"job.cancelled","job":"`):][:36]); rec.at[job].IsZero() {
			rec.at[job] = time.Now()
		}
		rec.mu.Unlock()
		select {
		case rec.more <- struct{}{}:
		default:
		}
		if answer != nil {
			answer(w, r)
		}
	}))
	p.t.Cleanup(server.Close)
	rec.endpoint = &models.WebhookEndpoint{ID: models.WebhookEndpointPrefix + models.NewID(), AccountID: p.project.AccountID, URL: server.URL,
		Events: models.WebhookEvents{"job.*"}, Payload: models.WebhookThin}
	require.NoError(p.t, p.store.Webhooks.CreateEndpoint(p.t.Context(), rec.endpoint, []models.WebhookSecret{{ID: models.WebhookSecretPrefix + models.NewID(),
		Kind: models.WebhookSymmetric, Sealed: []byte(key.Secret())}}, 0))
	return rec
}

// await waits until so many jobs were told.
func (r *receiver) await(t testing.TB, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.at) >= n
	}, 100*time.Second, 2*time.Millisecond, "of %d", n)
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// Two processes beside one another tell each event once, and a receiver that hangs holds up no other. Latency and the time of many events are printed.
func TestManyEventsBesideAReceiverThatHangs(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	fine, also := p.receiver(nil), p.receiver(nil)
	stuck := p.receiver(hang)
	first := p.start(nil)
	p.start(nil)
	const events = 200
	begun := time.Now()
	for range events {
		first.changed(p.end())
	}
	fine.await(t, events)
	also.await(t, events)
	t.Logf("%d events with one receiver that hangs: %v", events, time.Since(begun))
	for _, r := range []*receiver{fine, also} {
		require.Len(t, r.got, events)
		for id, n := range r.got {
			require.Equal(t, 1, n, id)
		}
	}
	stuck.mu.Lock()
	defer stuck.mu.Unlock()
	require.LessOrEqual(t, len(stuck.got), 8, "it has a limit of its own")
}

func TestAnEventIsToldSoon(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	r := p.receiver(nil)
	w := p.start(nil)
	var took []time.Duration
	for i := range 20 {
		id := p.end()
		ended := time.Now()
		w.changed(id)
		r.await(t, i+1)
		took = append(took, r.at[id].Sub(ended))
	}
	slices.Sort(took)
	t.Logf("end to received: p50 %v, p95 %v", took[10], took[19])
	require.Less(t, took[10], 5*time.Second)
}

// A worker that dies in the middle of a request leaves nothing behind: another one sends the same webhook-id.
func TestAWorkerIsKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	var mu sync.Mutex
	stuck := true
	asked := make(chan struct{}, 100)
	r := p.receiver(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		held := stuck
		mu.Unlock()
		asked <- struct{}{}
		if held {
			hang(w, r)
		}
	})
	killed := p.start(func(w *process) { w.deliverer.Lease = time.Second })
	killed.changed(p.end())
	<-asked
	mu.Lock()
	stuck = false
	mu.Unlock()
	killed.kill()
	killed.stop(t)()
	p.start(nil)
	<-asked
	require.Eventually(t, func() bool {
		list, err := p.store.Webhooks.Deliveries(t.Context(), p.project.AccountID, models.WebhookDeliveryFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		return len(list) == 1 && list[0].State == models.WebhookDelivered
	}, 60*time.Second, 5*time.Millisecond)
	require.Len(t, r.got, 1, "one webhook-id")
}

// What Redis forgets is sent all the same.
func TestRedisForgetsTheTasks(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	r := p.receiver(nil)
	w := p.start(func(w *process) { w.pump.Queue = forgetful{w.redis} })
	w.changed(p.end())
	require.Eventually(t, func() bool {
		list, err := p.store.Webhooks.Deliveries(t.Context(), p.project.AccountID, models.WebhookDeliveryFilter{}, models.Page{Limit: 10})
		require.NoError(t, err)
		return len(list) == 1
	}, 60*time.Second, 5*time.Millisecond)
	w.stop(t)()
	require.Empty(t, r.got)
	p.start(nil)
	r.await(t, 1)
}

// forgetful is a Redis that takes everything and keeps nothing.
type forgetful struct{ redis *redisconn.Conn }

func (f forgetful) EnqueueWebhooks(ctx context.Context, _ []models.WebhookDispatch) error {
	return f.redis.Client().FlushAll(ctx).Err()
}

// A receiver that answers 410 is not asked again, for anything, and the account is told.
func TestAReceiverThatIsGone(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	gone := p.receiver(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	fine := p.receiver(nil)
	w := p.start(nil)
	w.changed(p.end())
	require.Eventually(t, func() bool {
		e, err := p.store.Webhooks.Endpoint(t.Context(), p.project.AccountID, gone.endpoint.ID)
		require.NoError(t, err)
		return e.State == models.WebhookDisabled && e.Reason == models.WebhookGone
	}, 60*time.Second, 5*time.Millisecond)
	w.changed(p.end())
	fine.await(t, 2)
	require.Len(t, gone.got, 1)
}

// BenchmarkWebhooks tells how soon one event is received after its job has ended, and how long it takes until a thousand of them have arrived at two receivers
// while a third one hangs: medians of the rounds. It fails when an aim is missed.
func BenchmarkWebhooks(b *testing.B) {
	var p50s, p95s, thousands []time.Duration
	for b.Loop() {
		p := newPlatform(b)
		fine, also := p.receiver(nil), p.receiver(nil)
		p.receiver(hang)
		w := p.start(func(w *process) { w.sequencer.Pause = 20 * time.Millisecond }) // as in a scheduler
		p.start(func(w *process) { w.sequencer.Pause = 20 * time.Millisecond })
		var took []time.Duration
		for i := range 100 {
			id := p.end()
			ended := time.Now()
			w.changed(id)
			fine.await(b, i+1)
			took = append(took, fine.at[id].Sub(ended))
		}
		slices.Sort(took)
		p50s, p95s = append(p50s, took[50]), append(p95s, took[95])
		begun := time.Now()
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				for range 100 {
					w.changed(p.end())
				}
			})
		}
		all.Wait()
		fine.await(b, 1100)
		also.await(b, 1100)
		thousands = append(thousands, time.Since(begun))
	}
	for _, all := range [][]time.Duration{p50s, p95s, thousands} {
		slices.Sort(all)
	}
	middle := len(p50s) / 2
	b.ReportMetric(float64(p50s[middle].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(p95s[middle].Microseconds())/1000, "p95-ms")
	b.ReportMetric(thousands[middle].Seconds(), "1000-events-s")
	b.ReportMetric(0, "ns/op")
	if p50s[middle] > 50*time.Millisecond || thousands[middle] > 10*time.Second {
		b.Errorf("the aims are 50 ms from end to received, and 10 s for 1,000 events: %v, %v", p50s[middle], thousands[middle])
	}
}
