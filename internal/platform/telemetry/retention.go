package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// retention counts what was removed by policy, and shows how late that is.
type retention struct {
	removed *prometheus.CounterVec
	overdue *overdue
}

func newRetention(f factory) retention {
	return retention{
		removed: f.counters("retention_removed_total", "Things that were removed because they are not kept any longer, by what they are.", "what"),
		overdue: register(f, &overdue{desc: prometheus.NewDesc(prometheus.BuildFQName(namespace, "", "retention_lag_seconds"),
			"Time for which the oldest thing that a policy covers should have been removed already.", []string{"policy"}, nil)}),
	}
}

// Pruned counts what was removed.
func (r retention) Pruned(what string, n int) { r.removed.WithLabelValues(what).Add(float64(n)) }

// Kept records the oldest thing that a policy has left; the zero time is none.
func (r retention) Kept(policy string, keep time.Duration, oldest time.Time) {
	r.overdue.mu.Lock()
	defer r.overdue.mu.Unlock()
	if r.overdue.since == nil {
		r.overdue.since = make(map[string]time.Time)
	}
	if !oldest.IsZero() {
		oldest = oldest.Add(keep)
	}
	r.overdue.since[policy] = oldest
}

// overdue computes lags when they are asked for, so that they grow while nothing is removed.
type overdue struct {
	desc  *prometheus.Desc
	mu    sync.Mutex
	since map[string]time.Time // by policy; the zero time is never
}

// Describe implements prometheus.Collector.
func (o *overdue) Describe(c chan<- *prometheus.Desc) { c <- o.desc }

// Collect implements prometheus.Collector.
func (o *overdue) Collect(c chan<- prometheus.Metric) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for policy, since := range o.since {
		lag := 0.0
		if !since.IsZero() {
			lag = max(time.Since(since).Seconds(), 0)
		}
		c <- prometheus.MustNewConstMetric(o.desc, prometheus.GaugeValue, lag, policy)
	}
}
