package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/models"
)

// Scheduler counts what a scheduler does.
type Scheduler struct {
	retention
	fired        *prometheus.CounterVec
	firings      *prometheus.CounterVec
	operations   *prometheus.CounterVec
	reaped       prometheus.Counter
	redispatched *prometheus.CounterVec
	sequenced    prometheus.Counter
	chained      prometheus.Counter
	chainLag     prometheus.Gauge
	failures     *prometheus.CounterVec
}

// NewScheduler registers the metrics of a scheduler.
func NewScheduler(r prometheus.Registerer) *Scheduler {
	f := factory{r}
	s := &Scheduler{
		retention:    newRetention(f),
		fired:        f.counters("schedule_fires_total", "Jobs that schedules submitted.", "kind"),
		firings:      f.counters("schedule_firings_total", "What schedules of accounts did, by outcome: submitted, skipped, refused, missed.", "outcome"),
		operations:   f.counters("operation_jobs_total", "Jobs that operations came to, by action and outcome: done, skipped, failed.", "action", "outcome"),
		reaped:       f.counter("jobs_reaped_total", "Jobs that were taken from lost workers."),
		redispatched: f.counters("jobs_redispatched_total", "Jobs that were dispatched again because their task was lost.", "kind"),
		sequenced:    f.counter("events_sequenced_total", "Events that were given their position in the stream."),
		chained:      f.counter("audit_entries_chained_total", "Entries of the audit that were given their place in their account's chain."),
		chainLag:     f.gauge("audit_chain_lag_seconds", "How old the oldest entry was when it was last given its place."),
		failures: f.counters("scheduler_failures_total",
			"Failed runs of a scheduler's loop: repair, sequencer, schedules, operations, webhooks, quotas, audit, survey, or retention.", "loop"),
	}
	for _, loop := range []string{"repair", "sequencer", "schedules", "operations", "webhooks", "quotas", "audit", "survey", "retention"} {
		s.failures.WithLabelValues(loop)
	}
	return s
}

// Fired counts jobs that a schedule submitted.
func (s *Scheduler) Fired(k models.Kind, n int) { s.fired.WithLabelValues(string(k)).Add(float64(n)) }

// ScheduleFired counts what a schedule of an account did.
func (s *Scheduler) ScheduleFired(o models.FiringOutcome) { s.firings.WithLabelValues(string(o)).Inc() }

// OperationJobs counts jobs that an operation came to.
func (s *Scheduler) OperationJobs(action models.OperationAction, done, skipped, failed int) {
	for outcome, n := range map[string]int{"done": done, "skipped": skipped, "failed": failed} {
		s.operations.WithLabelValues(string(action), outcome).Add(float64(n))
	}
}

// OperationsFailed counts a round of operations that failed.
func (s *Scheduler) OperationsFailed() { s.failures.WithLabelValues("operations").Inc() }

// Reaped counts jobs taken from lost workers.
func (s *Scheduler) Reaped(n int) { s.reaped.Add(float64(n)) }

// Redispatched counts jobs whose task was lost.
func (s *Scheduler) Redispatched(k models.Kind, n int) {
	s.redispatched.WithLabelValues(string(k)).Add(float64(n))
}

// RepairFailed counts a round of repair that failed.
func (s *Scheduler) RepairFailed() { s.failures.WithLabelValues("repair").Inc() }

// Sequenced counts events that were given their position.
func (s *Scheduler) Sequenced(n int) { s.sequenced.Add(float64(n)) }

// SequencerFailed counts a failed look at the outbox of events.
func (s *Scheduler) SequencerFailed() { s.failures.WithLabelValues("sequencer").Inc() }

// SchedulesFailed counts a failed round of the schedules loop.
func (s *Scheduler) SchedulesFailed() { s.failures.WithLabelValues("schedules").Inc() }

// AuditChained counts entries of the audit that were given their places, the oldest after so long.
func (s *Scheduler) AuditChained(n int, waited time.Duration) {
	s.chained.Add(float64(n))
	s.chainLag.Set(waited.Seconds())
}

// AuditFailed counts a failed look at the entries without a place.
func (s *Scheduler) AuditFailed() { s.failures.WithLabelValues("audit").Inc() }

// QuotasFailed counts a look at what is used of quotas that failed.
func (s *Scheduler) QuotasFailed() { s.failures.WithLabelValues("quotas").Inc() }

// RetentionFailed counts a policy of the retention that could not be applied.
func (s *Scheduler) RetentionFailed() { s.failures.WithLabelValues("retention").Inc() }

// SurveyFailed counts a survey that failed.
func (s *Scheduler) SurveyFailed() { s.failures.WithLabelValues("survey").Inc() }

// WebhooksFailed counts a round of webhooks that failed.
func (s *Scheduler) WebhooksFailed() { s.failures.WithLabelValues("webhooks").Inc() }
