package builder

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/internal/builds/sandbox"
	"github.com/spark-games/spark/internal/builds/sandbox/pool"
	"github.com/spark-games/spark/models"
)

// metrics counts what happens to the containers of builds. It implements sandbox.Observer, and collects the pool's state on each
// scrape.
type metrics struct {
	wait    *prometheus.HistogramVec
	launch  *prometheus.HistogramVec
	removed *prometheus.CounterVec
	build   *prometheus.HistogramVec
	reaped  prometheus.Counter
	kills   *prometheus.CounterVec
	builds  *prometheus.CounterVec
	lacking *prometheus.GaugeVec

	of      *Builder
	states  *prometheus.Desc
	waiting *prometheus.Desc
}

var (
	_ sandbox.Observer     = (*metrics)(nil)
	_ prometheus.Collector = (*metrics)(nil)
)

func newMetrics(registry prometheus.Registerer, of *Builder) *metrics {
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "spark", Name: name, Help: help, Buckets: buckets}, labels)
	}
	short := []float64{.00001, .0001, .001, .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
	m := &metrics{
		wait:   histogram("sandbox_acquire_duration_seconds", "Time for which a build waited for its sandbox, which was warm or not.", short, "engine", "warm"),
		launch: histogram("sandbox_launch_duration_seconds", "Time of a sandbox from its creation until it was warm, or had failed.", short, "engine", "ok"),
		build:  histogram("sandbox_build_duration_seconds", "Time of a build, its wait included, by the code of its error.", short, "engine", "code"),
		removed: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "spark", Name: "sandbox_removals_total",
			Help: "Sandboxes whose removal was confirmed, by reason."}, []string{"engine", "reason"}),
		reaped: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "spark", Name: "sandbox_reaps_total",
			Help: "Containers removed that belonged to no living worker."}),
		kills: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "spark", Name: "sandbox_kills_total",
			Help: "Builds that were ended with their sandbox, by reason."}, []string{"engine", "reason"}),
		builds: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "spark", Name: "sandbox_builds_total",
			Help: "Builds by isolation: docker, confined, or open."}, []string{"engine", "isolation"}),
		lacking: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "spark", Name: "engine_image_missing",
			Help: "Whether a Docker daemon answers that lacks the engine's image: 1 or 0."}, []string{"engine"}),
		of:      of,
		states:  prometheus.NewDesc("spark_sandboxes", "Sandboxes by state.", []string{"engine", "state"}, nil),
		waiting: prometheus.NewDesc("spark_sandbox_waiting_builds", "Builds that wait for a sandbox.", []string{"engine"}, nil),
	}
	registry.MustRegister(m.wait, m.launch, m.build, m.removed, m.reaped, m.kills, m.builds, m.lacking, m)
	return m
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(c chan<- *prometheus.Desc) { c <- m.states; c <- m.waiting }

// Collect implements prometheus.Collector.
func (m *metrics) Collect(c chan<- prometheus.Metric) {
	type state struct{ engine, name string }
	sandboxes, waiting := make(map[state]int), make(map[string]int)
	for _, k := range m.of.stats().Keys {
		for s, n := range k.States {
			sandboxes[state{k.Key.Engine, s.String()}] += n
		}
		waiting[k.Key.Engine] += k.Waiting
	}
	for s, n := range sandboxes {
		c <- prometheus.MustNewConstMetric(m.states, prometheus.GaugeValue, float64(n), s.engine, s.name)
	}
	for engine, n := range waiting {
		c <- prometheus.MustNewConstMetric(m.waiting, prometheus.GaugeValue, float64(n), engine)
	}
}

// Acquired implements pool.Observer.
func (m *metrics) Acquired(k pool.Key, waited time.Duration, warm bool) {
	m.wait.WithLabelValues(k.Engine, strconv.FormatBool(warm)).Observe(waited.Seconds())
	m.of.tally.acquired(m.of.engineOf(k.Image), waited, warm)
}

// Launched implements pool.Observer.
func (m *metrics) Launched(k pool.Key, took time.Duration, err error) {
	m.launch.WithLabelValues(k.Engine, strconv.FormatBool(err == nil)).Observe(took.Seconds())
}

// Removed implements pool.Observer.
func (m *metrics) Removed(k pool.Key, why pool.Reason, _ time.Duration) {
	m.removed.WithLabelValues(k.Engine, string(why)).Inc()
}

// Ended implements sandbox.Observer.
func (m *metrics) Ended(engine string, code models.Code, took time.Duration) {
	m.build.WithLabelValues(engine, string(code)).Observe(took.Seconds())
}

// Reaped implements sandbox.Observer.
func (m *metrics) Reaped(n int) {
	m.reaped.Add(float64(n))
	m.of.tally.reap(n)
}
