package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// QueueState is the transport's state of a queue.
type QueueState struct {
	Queue  models.Queue
	Paused bool
	Tasks  map[string]int // by state: "pending", "active", …
}

// Backlog shows the newest survey of the platform's work. A scrape costs no query: the survey is taken by a loop of the
// scheduler, which shares it with the other schedulers.
type Backlog struct {
	jobs, oldest, taken, lag, paused, tasks *prometheus.Desc

	mu      sync.Mutex
	backlog *models.Backlog
	queues  []QueueState
	until   time.Time
}

var _ prometheus.Collector = (*Backlog)(nil)

// surveyLife is the number of intervals for which a survey is shown. Old figures must not pass for new ones.
const surveyLife = 4

// NewBacklog registers the metrics of the backlog.
func NewBacklog(r prometheus.Registerer) *Backlog {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
	}
	b := &Backlog{
		jobs: desc("backlog_jobs", "Jobs that are not done, by state: blocked, scheduled, due, suspect, dispatched, running.",
			"kind", "priority", "class", "state"),
		oldest: desc("backlog_oldest_due_seconds", "Time for which the oldest job that is due has been waiting for a worker.", "kind", "priority", "class"),
		taken:  desc("backlog_survey_timestamp_seconds", "When the backlog was counted, since the epoch."),
		lag:    desc("usage_rollup_lag_seconds", "Time for which finished jobs may be missing from usage reports."),
		paused: desc("queue_paused", "Whether an administrator has paused the queue: 1 or 0.", "kind", "priority"),
		tasks:  desc("queue_tasks", "Tasks that Redis holds, by the transport's state.", "kind", "priority", "state"),
	}
	r.MustRegister(b)
	return b
}

// Describe implements prometheus.Collector.
func (b *Backlog) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{b.jobs, b.oldest, b.taken, b.lag, b.paused, b.tasks} {
		c <- d
	}
}

// Collect implements prometheus.Collector.
func (b *Backlog) Collect(c chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Now().After(b.until) {
		return
	}
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, q := range b.queues {
		kind, priority := string(q.Queue.Kind), string(q.Queue.Priority)
		paused := 0.0
		if q.Paused {
			paused = 1
		}
		gauge(b.paused, paused, kind, priority)
		for state, n := range q.Tasks {
			gauge(b.tasks, float64(n), kind, priority, state)
		}
	}
	if b.backlog == nil {
		return
	}
	gauge(b.taken, float64(b.backlog.TakenAt.UnixMilli())/1000)
	if !b.backlog.RolledTo.IsZero() {
		gauge(b.lag, b.backlog.TakenAt.Sub(b.backlog.RolledTo).Seconds())
	}
	b.collectCounts(gauge)
}

// collectCounts reports a value for every combination, 0 if there are no jobs: an alert on a series that comes and goes does
// not fire.
func (b *Backlog) collectCounts(gauge func(*prometheus.Desc, float64, ...string)) {
	type key struct {
		models.Queue
		class models.AccountClass
		state models.BacklogState
	}
	counts := make(map[key]models.BacklogCount, len(b.backlog.Counts))
	for _, n := range b.backlog.Counts {
		counts[key{models.Queue{Kind: n.Kind, Priority: n.Priority}, n.Class, n.State}] = n
	}
	for _, kind := range models.Kinds() {
		for _, priority := range models.Priorities() {
			for _, class := range models.AccountClasses() {
				at := key{Queue: models.Queue{Kind: kind, Priority: priority}, class: class}
				var oldest time.Duration
				for _, at.state = range models.BacklogStates() {
					oldest = max(oldest, counts[at].Oldest)
					gauge(b.jobs, float64(counts[at].Jobs), string(kind), string(priority), string(class), string(at.state))
				}
				gauge(b.oldest, oldest.Seconds(), string(kind), string(priority), string(class))
			}
		}
	}
}

func (b *Backlog) show(backlog *models.Backlog, queues []QueueState, every time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.backlog, b.queues, b.until = backlog, queues, time.Now().Add(surveyLife*every)
}

// Surveyor keeps a Backlog up to date.
type Surveyor struct {
	// Survey counts the backlog, or returns the newest count of another scheduler that is younger than every.
	Survey func(ctx context.Context, every time.Duration) (*models.Backlog, error)
	// Queues are the transport's queues.
	Queues  func(ctx context.Context) ([]QueueState, error)
	Backlog *Backlog
	Every   time.Duration
	Log     *zap.Logger
	Failed  func()
}

// Run surveys until ctx is done, starting immediately. What cannot be counted is left out until it can be.
func (s *Surveyor) Run(ctx context.Context) {
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for {
		s.runOnce(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Surveyor) runOnce(ctx context.Context) {
	backlog, err := within(ctx, s.Every, func(ctx context.Context) (*models.Backlog, error) { return s.Survey(ctx, s.Every) })
	s.report(ctx, "backlog", err)
	queues, err := within(ctx, s.Every, s.Queues)
	s.report(ctx, "queues", err)
	s.Backlog.show(backlog, queues, s.Every)
}

func within[T any](ctx context.Context, d time.Duration, ask func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return ask(ctx)
}

func (s *Surveyor) report(ctx context.Context, of string, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	s.Failed()
	s.Log.Warn("survey failed, will try again", zap.String("of", of), zap.Error(err))
}
