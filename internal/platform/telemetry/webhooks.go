package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/models"
)

// Webhooks counts what workers deliver.
type Webhooks struct {
	attempts *prometheus.CounterVec
	took     *prometheus.HistogramVec
	after    *prometheus.HistogramVec
	disabled *prometheus.CounterVec
	dropped  prometheus.Counter
}

// NewWebhooks registers the metrics of a worker that delivers webhooks.
func NewWebhooks(r prometheus.Registerer) *Webhooks {
	f := factory{r}
	seconds := []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}
	return &Webhooks{
		attempts: f.counters("webhook_attempts_total", "Attempts of deliveries, by how they failed; taken if they did not.", "outcome"),
		took:     f.histograms("webhook_attempt_duration_seconds", "Time of an attempt, until the answer.", seconds, "outcome"),
		after:    f.histograms("webhook_delay_seconds", "Time from what happened to the end of the first attempt to tell it.", seconds, "outcome"),
		disabled: f.counters("webhook_endpoints_disabled_total", "Endpoints that were disabled, by reason: gone, failures.", "reason"),
		dropped:  f.counter("webhook_tasks_dropped_total", "Tasks of webhooks that were outdated, and attempts that had lost their lease."),
	}
}

// WebhookAttempted counts an attempt.
func (w *Webhooks) WebhookAttempted(failure models.WebhookFailure, took, after time.Duration) {
	outcome, simple := "taken", "taken"
	if failure != "" {
		outcome, simple = string(failure), "failed"
	}
	w.attempts.WithLabelValues(outcome).Inc()
	w.took.WithLabelValues(simple).Observe(took.Seconds())
	if after > 0 {
		w.after.WithLabelValues(simple).Observe(after.Seconds())
	}
}

// WebhookDisabled counts an endpoint that was disabled.
func (w *Webhooks) WebhookDisabled(reason models.WebhookReason) {
	w.disabled.WithLabelValues(string(reason)).Inc()
}

// WebhookDropped counts a task that was outdated.
func (w *Webhooks) WebhookDropped() { w.dropped.Inc() }

// FanOut counts what a scheduler makes of events for webhooks.
type FanOut struct {
	made     *prometheus.CounterVec
	lost     prometheus.Counter
	repaired prometheus.Counter
	failed   func()
}

// NewFanOut registers the metrics of a scheduler that makes webhooks; failed is told of each round that failed.
func NewFanOut(r prometheus.Registerer, failed func()) *FanOut {
	f := factory{r}
	return &FanOut{
		made:     f.counters("webhooks_made_total", "Messages and deliveries that were made of events, by what: message, delivery.", "what"),
		lost:     f.counter("webhook_events_lost_total", "Events that were not kept until webhooks were made of them."),
		repaired: f.counter("webhooks_repaired_total", "Deliveries that were lost with a worker or in Redis and were handed over again."),
		failed:   failed,
	}
}

// WebhooksMade counts messages and deliveries.
func (f *FanOut) WebhooksMade(messages, deliveries int) {
	f.made.WithLabelValues("message").Add(float64(messages))
	f.made.WithLabelValues("delivery").Add(float64(deliveries))
}

// WebhookEventsLost counts events of which nobody hears.
func (f *FanOut) WebhookEventsLost(n int64) { f.lost.Add(float64(n)) }

// WebhooksRepaired counts deliveries that were handed over again.
func (f *FanOut) WebhooksRepaired(n int) { f.repaired.Add(float64(n)) }

// WebhooksFailed counts a round that failed.
func (f *FanOut) WebhooksFailed() { f.failed() }
