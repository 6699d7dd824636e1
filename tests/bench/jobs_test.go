package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/data/store"
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

// The job benchmarks run no-op jobs from submit to result, with all guarantees of a job: a durable row, its events, a fenced
// claim, a lease. Each figure is printed beside the limit that it depends on, measured in the same run.

const (
	callers = 16
	slots   = 100
)

// bed is a platform whose jobs do nothing.
type bed struct {
	store    *store.Store
	service  *jobs.Service
	project  *models.Project
	redisURL string
	done     chan struct{} // one for each job that has ended
}

type intake struct {
	*store.Jobs
	*store.Projects
	*store.Artifacts
}

// newBed starts one. With workers it also runs the jobs.
func newBed(b *testing.B, database, redisURL string, workers bool) *bed {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	log := zap.NewNop()
	st, err := store.Open(b.Context(), database)
	must(err)
	r, err := redisconn.Open(redisURL, zap.NewNop())
	must(err)
	p := &bed{store: st, redisURL: redisURL, done: make(chan struct{}, 1<<20)}
	account := &models.Account{ID: models.NewID(), Name: "bench"}
	must(st.Accounts.CreateAccount(b.Context(), account))
	p.project = &models.Project{ID: models.NewID(), AccountID: account.ID, Name: "bench", Engine: "phaser"}
	must(st.Projects.CreateProject(b.Context(), p.project))

	news := bus.New(r, log)
	d := &jobs.Dispatcher{Backlog: st.Backlog, Transport: queue.NewTransport(r, news.Wake), Window: 2 * slots, Every: 500 * time.Millisecond, Log: log}
	changed := func(ids []string, qs []models.Queue) {
		news.Changed(ids...)
		d.Notify(qs...)
	}
	p.service = &jobs.Service{Intake: intake{st.Jobs, st.Projects, st.Artifacts}, Providers: func(string) bool { return true }, Ready: func() error { return nil }, Changed: changed}
	var group lifecycle.Group
	group.OnStop("store", func(context.Context) error { return st.Close() })
	group.OnStop("redis", func(context.Context) error { return r.Close() })
	if workers {
		e := &jobs.Executor{Ledger: st.Ledger, Suspects: st.Ledger, Owner: models.NewID(), Log: log, Observer: telemetry.NewWorker(prometheus.NewRegistry()), Redact: redact.New(), Changed: changed,
			Handlers: map[models.Kind]jobs.Handler{models.KindBuild: noop{}}}
		s := queue.NewServer(r, models.KindBuild, slots, log)
		news.OnWake = func(models.Kind) { s.Wake() }
		group.Go("leases", e.RenewLeases)
		must(s.Start(func(d jobs.Dispatch) {
			e.Execute(context.Background(), d)
			p.done <- struct{}{}
		}))
		group.OnStop("server", func(ctx context.Context) error {
			s.Quiet()
			return s.Close()
		})
	}
	group.Go("bus", news.Run)
	group.Go("dispatcher", d.Run)
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		must(group.Stop(ctx))
	})
	return p
}

type noop struct{}

func (noop) Run(context.Context, *jobs.Attempt) (*jobs.Result, error) { return &jobs.Result{}, nil }

func (p *bed) submit(b *testing.B) *models.Job {
	j, err := p.service.Submit(b.Context(), jobs.JobRequest{AccountID: p.project.AccountID, ProjectID: p.project.ID, Kind: models.KindBuild})
	if err != nil {
		b.Error(err)
	}
	return j
}

// rate calls f from callers goroutines for a while and returns calls a second.
func rate(d time.Duration, f func()) float64 {
	var n atomic.Int64
	var wg sync.WaitGroup
	started := time.Now()
	for range callers {
		wg.Go(func() {
			for time.Since(started) < d {
				f()
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(started).Seconds()
}

const rounds, roundTime = 5, 1500 * time.Millisecond

// BenchmarkSubmit compares accepted jobs a second with one-row commits of the same Postgres from as many callers.
func BenchmarkSubmit(b *testing.B) {
	b.Run("postgres", func(b *testing.B) {
		url := testenv.Postgres(b)
		p := newBed(b, url, testenv.Redis(b), false)
		pool, err := pgxpool.New(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		defer pool.Close()
		if _, err := pool.Exec(b.Context(), "CREATE TABLE plain (id bigserial PRIMARY KEY, body text)"); err != nil {
			b.Fatal(err)
		}
		var ours, plain []float64
		for range rounds {
			ours = append(ours, rate(roundTime, func() { p.submit(b) }))
			plain = append(plain, rate(roundTime, func() {
				if _, err := pool.Exec(b.Context(), "INSERT INTO plain (body) VALUES ('{}')"); err != nil {
					b.Error(err)
				}
			}))
		}
		report(b, "submit, Postgres", "accepted jobs", median(ours), "one-row commits", median(plain))
	})
	b.Run("sqlite", func(b *testing.B) {
		p := newBed(b, "sqlite://"+filepath.Join(b.TempDir(), "b.db"), embeddedRedis(b), false)
		var ours []float64
		for range rounds {
			ours = append(ours, rate(roundTime, func() { p.submit(b) }))
		}
		b.ReportMetric(median(ours), "jobs/s")
		b.ReportMetric(0, "ns/op")
		fmt.Fprintf(os.Stderr, "submit, SQLite: %.0f accepted jobs/s from %d callers\n", median(ours), callers)
	})
}

// BenchmarkProcess compares no-op jobs a second, from backlog to stored result, with raw asynq on the same Redis, which
// keeps no row, no event and no lease.
func BenchmarkProcess(b *testing.B) {
	const n = 3000
	redisURL := testenv.Redis(b)
	p := newBed(b, testenv.Postgres(b), redisURL, true)
	var ours, raw []float64
	for range 3 {
		started := time.Now()
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				for range n / callers {
					p.submit(b)
				}
			})
		}
		for range n / callers * callers {
			<-p.done
		}
		wg.Wait()
		ours = append(ours, float64(n/callers*callers)/time.Since(started).Seconds())
		raw = append(raw, rawAsynq(b, redisURL, n))
	}
	report(b, "submit + process, Postgres + Redis", "jobs", median(ours), "raw asynq tasks", median(raw))
}

// rawAsynq enqueues and processes n no-op tasks.
func rawAsynq(b *testing.B, redisURL string, n int) float64 {
	b.Helper()
	opt, err := asynq.ParseRedisURI(redisURL)
	if err != nil {
		b.Fatal(err)
	}
	client := asynq.NewClient(opt)
	defer client.Close()
	done := make(chan struct{}, n)
	server := asynq.NewServer(opt, asynq.Config{Concurrency: slots, LogLevel: asynq.FatalLevel, Queues: map[string]int{"raw": 1}})
	if err := server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { done <- struct{}{}; return nil })); err != nil {
		b.Fatal(err)
	}
	defer server.Shutdown()
	started := time.Now()
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range n / callers {
				if _, err := client.Enqueue(asynq.NewTask("noop", []byte(`{"job_id":"0000"}`)), asynq.Queue("raw")); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for range n / callers * callers {
		<-done
	}
	wg.Wait()
	return float64(n/callers*callers) / time.Since(started).Seconds()
}

// BenchmarkStart measures how long an idle platform takes from accepting a job to starting it.
func BenchmarkStart(b *testing.B) {
	for name, urls := range map[string]func() (string, string){
		"Postgres + Redis": func() (string, string) { return testenv.Postgres(b), testenv.Redis(b) },
		"embedded":         func() (string, string) { return "sqlite://" + filepath.Join(b.TempDir(), "b.db"), embeddedRedis(b) },
	} {
		b.Run(name, func(b *testing.B) {
			database, redisURL := urls()
			p := newBed(b, database, redisURL, true)
			var waits []time.Duration
			for range 200 {
				j := p.submit(b)
				<-p.done
				got, err := p.store.Jobs.Job(b.Context(), j.AccountID, j.ID)
				if err != nil {
					b.Fatal(err)
				}
				waits = append(waits, got.StartedAt.Sub(j.CreatedAt))
			}
			p50, p95 := percentile(waits, 50), percentile(waits, 95)
			b.ReportMetric(ms(p50), "p50-ms")
			b.ReportMetric(ms(p95), "p95-ms")
			b.ReportMetric(0, "ns/op")
			fmt.Fprintf(os.Stderr, "submit → start, %s: p50 %s, p95 %s (aim: p50 under 10ms)\n", name, round(p50), round(p95))
		})
	}
}

func embeddedRedis(b *testing.B) string {
	b.Helper()
	r := miniredis.NewMiniRedis()
	if err := r.StartAddr("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(r.Close)
	return "redis://" + r.Addr() + "/0"
}

func report(b *testing.B, what, ours string, rate float64, limit string, of float64) {
	b.Helper()
	b.ReportMetric(rate, "jobs/s")
	b.ReportMetric(rate/of, "ratio")
	b.ReportMetric(0, "ns/op")
	fmt.Fprintf(os.Stderr, "%s: %.0f %s/s, beside %.0f %s/s: ratio %.2f\n", what, rate, ours, of, limit, rate/of)
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
