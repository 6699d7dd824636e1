package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

// Metrics counts what the platform does. It implements jobs.Observer.
type Metrics struct {
	Registry *prometheus.Registry

	wait    *prometheus.HistogramVec
	run     *prometheus.HistogramVec
	ended   *prometheus.CounterVec
	running *prometheus.GaugeVec
	dropped *prometheus.CounterVec
	stale   *prometheus.CounterVec
	stuck   *prometheus.CounterVec
	cache   *prometheus.CounterVec
	reaped  prometheus.Counter
}

var _ jobs.Observer = (*Metrics)(nil)

// NewMetrics registers the platform's metrics, the Go runtime's and the process's in a registry of their own.
func NewMetrics() *Metrics {
	buckets := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "spark", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "spark", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "spark", Name: name, Help: help, Buckets: buckets}, labels)
	}
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		wait:     histogram("job_wait_seconds", "From when a job was due to when a worker claimed it.", "kind"),
		run:      histogram("job_run_seconds", "How long an attempt ran, its outcome's storing included.", "kind", "verdict"),
		ended:    counter("job_attempts_total", "Attempts that ended, by verdict and error code.", "kind", "verdict", "code"),
		running:  gauge("jobs_running", "Attempts running in this process.", "kind"),
		dropped:  counter("tasks_dropped_total", "Tasks whose job was not claimable: redelivered or outdated.", "kind"),
		stale:    counter("stale_results_total", "Results dropped because the attempt had lost its fence.", "kind"),
		stuck:    counter("stuck_handlers_total", "Handlers that went on long after their context had ended.", "kind"),
		cache:    counter("build_cache_total", "Builds by whether the cache had them: hit, miss, or off.", "engine", "result"),
		reaped:   prometheus.NewCounter(prometheus.CounterOpts{Namespace: "spark", Name: "jobs_reaped_total", Help: "Jobs taken from lost workers."}),
	}
	m.Registry.MustRegister(m.wait, m.run, m.ended, m.running, m.dropped, m.stale, m.stuck, m.cache, m.reaped,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// verdicts are the words of the label.
var verdicts = map[jobs.Verdict]string{
	jobs.Succeeded: "succeeded", jobs.Retry: "retry", jobs.Failed: "failed", jobs.Cancelled: "cancelled",
	jobs.HandBack: "handback", jobs.Lost: "lost",
}

// JobStarted implements jobs.Observer.
func (m *Metrics) JobStarted(k models.Kind, waited time.Duration) {
	m.wait.WithLabelValues(string(k)).Observe(max(waited, 0).Seconds())
	m.running.WithLabelValues(string(k)).Inc()
}

// JobEnded implements jobs.Observer.
func (m *Metrics) JobEnded(k models.Kind, v jobs.Verdict, code models.Code, took time.Duration) {
	m.run.WithLabelValues(string(k), verdicts[v]).Observe(took.Seconds())
	m.ended.WithLabelValues(string(k), verdicts[v], string(code)).Inc()
}

// JobStopped implements jobs.Observer.
func (m *Metrics) JobStopped(k models.Kind) { m.running.WithLabelValues(string(k)).Dec() }

// TaskDropped implements jobs.Observer.
func (m *Metrics) TaskDropped(k models.Kind) { m.dropped.WithLabelValues(string(k)).Inc() }

// StaleResult implements jobs.Observer.
func (m *Metrics) StaleResult(k models.Kind) { m.stale.WithLabelValues(string(k)).Inc() }

// HandlerStuck implements jobs.Observer.
func (m *Metrics) HandlerStuck(k models.Kind) { m.stuck.WithLabelValues(string(k)).Inc() }

// BuildCache counts a build by what the cache had for it: "hit", "miss", or "off" when it was not asked.
func (m *Metrics) BuildCache(engine, result string) { m.cache.WithLabelValues(engine, result).Inc() }

// Reaped counts jobs taken from lost workers.
func (m *Metrics) Reaped(n int) { m.reaped.Add(float64(n)) }
