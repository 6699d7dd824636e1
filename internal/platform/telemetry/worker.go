package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Worker counts what a worker does. It implements jobs.Observer.
type Worker struct {
	wait     *prometheus.HistogramVec
	run      *prometheus.HistogramVec
	attempts *prometheus.CounterVec
	slots    *prometheus.GaugeVec
	busy     *prometheus.GaugeVec
	dropped  *prometheus.CounterVec
	stale    *prometheus.CounterVec
	stuck    *prometheus.CounterVec
	renewals *prometheus.CounterVec
	cache    *prometheus.CounterVec
}

var _ jobs.Observer = (*Worker)(nil)

// NewWorker registers a worker's metrics.
func NewWorker(r prometheus.Registerer) *Worker {
	f := factory{r}
	buckets := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800}
	return &Worker{
		wait:     f.histograms("job_queue_wait_seconds", "Time from when a job was due until a worker claimed it.", buckets, "kind"),
		run:      f.histograms("job_run_duration_seconds", "Time of an attempt, from its claim until its outcome was stored.", buckets, "kind", "outcome"),
		attempts: f.counters("job_attempts_total", "Attempts that ended, by outcome and error code.", "kind", "outcome", "code"),
		slots:    f.gauges("worker_slots", "Maximum number of jobs of a kind that this worker runs concurrently.", "kind"),
		busy:     f.gauges("worker_slots_busy", "Slots of this worker that a job holds.", "kind"),
		dropped:  f.counters("worker_tasks_dropped_total", "Tasks whose job could not be claimed: redelivered or outdated.", "kind"),
		stale:    f.counters("job_stale_results_total", "Results that were dropped because the attempt had lost its fence.", "kind"),
		stuck:    f.counters("worker_stuck_handlers_total", "Handlers that kept running long after their context had ended.", "kind"),
		renewals: f.counters("job_lease_renewals_total", "Lease renewals of running attempts by result: renewed, lost, or failed.", "result"),
		cache:    f.counters("build_cache_lookups_total", "Builds by result of the build cache lookup: hit, miss, or off.", "engine", "result"),
	}
}

// outcomes are the words of the label.
var outcomes = map[jobs.Verdict]string{
	jobs.Succeeded: "succeeded", jobs.Retry: "retry", jobs.Failed: "failed", jobs.Cancelled: "cancelled",
	jobs.HandBack: "handed_back", jobs.Lost: "lost",
}

// Slots sets how many jobs of a kind the worker runs concurrently.
func (w *Worker) Slots(k models.Kind, n int) {
	w.slots.WithLabelValues(string(k)).Set(float64(n))
	w.busy.WithLabelValues(string(k)).Add(0) // it is 0 before the first job, not missing
}

// JobStarted implements jobs.Observer.
func (w *Worker) JobStarted(k models.Kind, waited time.Duration) {
	w.wait.WithLabelValues(string(k)).Observe(max(waited, 0).Seconds())
	w.busy.WithLabelValues(string(k)).Inc()
}

// JobEnded implements jobs.Observer.
func (w *Worker) JobEnded(k models.Kind, v jobs.Verdict, code models.Code, took time.Duration) {
	w.run.WithLabelValues(string(k), outcomes[v]).Observe(took.Seconds())
	w.attempts.WithLabelValues(string(k), outcomes[v], string(code)).Inc()
}

// JobStopped implements jobs.Observer.
func (w *Worker) JobStopped(k models.Kind) { w.busy.WithLabelValues(string(k)).Dec() }

// TaskDropped implements jobs.Observer.
func (w *Worker) TaskDropped(k models.Kind) { w.dropped.WithLabelValues(string(k)).Inc() }

// StaleResult implements jobs.Observer.
func (w *Worker) StaleResult(k models.Kind) { w.stale.WithLabelValues(string(k)).Inc() }

// HandlerStuck implements jobs.Observer.
func (w *Worker) HandlerStuck(k models.Kind) { w.stuck.WithLabelValues(string(k)).Inc() }

// LeasesRenewed implements jobs.Observer.
func (w *Worker) LeasesRenewed(renewed, lost, failed int) {
	w.renewals.WithLabelValues("renewed").Add(float64(renewed))
	w.renewals.WithLabelValues("lost").Add(float64(lost))
	w.renewals.WithLabelValues("failed").Add(float64(failed))
}

// BuildCache counts a build by the result of the cache lookup: "hit", "miss", or "off" if there was no lookup.
func (w *Worker) BuildCache(engine, result string) { w.cache.WithLabelValues(engine, result).Inc() }
