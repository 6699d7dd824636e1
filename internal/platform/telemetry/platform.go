package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/models"
)

// Platform counts what every process does: dispatching, and checking what the process depends on.
type Platform struct {
	dispatched  *prometheus.CounterVec
	up          *prometheus.GaugeVec
	damaged     prometheus.Counter
	secrets     *prometheus.CounterVec
	certificate prometheus.Gauge
}

// NewPlatform registers the metrics of the parts of every process.
func NewPlatform(r prometheus.Registerer) *Platform {
	f := factory{r}
	return &Platform{
		dispatched:  f.counters("jobs_dispatched_total", "Jobs that this process handed to Redis.", "kind", "priority"),
		up:          f.gauges("dependency_up", "Whether the dependency answered the latest check: 1 or 0.", "dependency"),
		secrets:     f.counters("secrets_read_total", "Secrets that were read again, by result: ok or failed.", "setting", "result"),
		certificate: f.gauge("tls_certificate_expires_timestamp_seconds", "When the TLS certificate that is served ends, in Unix time; 0 without one."),
		damaged:     f.counter("blobs_damaged_total", "Reads of a stored file that found it damaged."),
	}
}

// CertificateExpires records when the TLS certificate of this process ends.
func (p *Platform) CertificateExpires(at time.Time) { p.certificate.Set(float64(at.Unix())) }

// SecretRead counts an attempt to read a secret again.
func (p *Platform) SecretRead(setting string, ok bool) {
	result := "ok"
	if !ok {
		result = "failed"
	}
	p.secrets.WithLabelValues(setting, result).Inc()
}

// BlobDamaged counts a read of a damaged file.
func (p *Platform) BlobDamaged() { p.damaged.Inc() }

// Dispatched counts jobs that were dispatched to Redis.
func (p *Platform) Dispatched(q models.Queue, n int) {
	p.dispatched.WithLabelValues(string(q.Kind), string(q.Priority)).Add(float64(n))
}

// Dependency records whether a dependency answers.
func (p *Platform) Dependency(name string, up bool) {
	value := 0.0
	if up {
		value = 1
	}
	p.up.WithLabelValues(name).Set(value)
}
