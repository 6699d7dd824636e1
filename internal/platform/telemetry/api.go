package telemetry

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/models"
)

// API counts what an API process answers. Every label has a limited number of values: a route is a pattern of the
// document, and accounts appear only by their class.
type API struct {
	requests   *prometheus.CounterVec
	aborted    *prometheus.CounterVec
	durations  *prometheus.HistogramVec
	in, out    *prometheus.HistogramVec
	inFlight   prometheus.Gauge
	streams    prometheus.Gauge
	problems   *prometheus.CounterVec
	refused    *prometheus.CounterVec
	tooMany    *prometheus.CounterVec
	alone      prometheus.Counter
	submitted  *prometheus.CounterVec
	assets     *prometheus.CounterVec
	assetBytes *prometheus.CounterVec
	attempts   *prometheus.CounterVec
	unwritten  prometheus.Counter
}

// NewAPI registers the metrics of an API.
func NewAPI(r prometheus.Registerer) *API {
	f := factory{r}
	seconds := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	bytes := prometheus.ExponentialBuckets(1<<10, 16, 5) // 1 KiB to 64 MiB
	return &API{
		requests: f.counters("http_requests_total",
			"Requests that were answered, by the class of their status.", "route", "method", "status"),
		aborted: f.counters("http_aborted_total",
			"Responses that ended early because the client left or the platform could not go on, without event streams.", "route", "method"),
		durations: f.histograms("http_request_duration_seconds",
			"Time from a request's headers to the end of its response, without event streams.", seconds, "route", "method"),
		in:       f.histograms("http_request_size_bytes", "Size of request bodies, of requests that have one.", bytes, "route"),
		out:      f.histograms("http_response_size_bytes", "Size of response bodies, without event streams.", bytes, "route"),
		inFlight: f.gauge("http_requests_in_flight", "Requests that are being answered, including event streams."),
		streams:  f.gauge("http_event_streams", "Event streams that are open."),
		problems: f.counters("http_problems_total", "Requests that were refused or failed, by the code of their problem.", "code"),
		alone:    f.counter("http_rate_fallbacks_total", "Times that Redis did not answer, and this process limited requests on its own for a second."),
		refused: f.counters("http_auth_failures_total",
			"Requests that were refused for their credentials, by reason: missing, invalid, or forbidden.", "reason"),
		tooMany: f.counters("http_refused_total",
			"Connections, and requests behind trusted proxies, that were refused because there are too many, by reason.", "reason"),
		attempts: f.counters("audit_refusals_total",
			"Refused attempts that were written to the audit, in entries of their own or in those for the rest.", "entry"),
		unwritten: f.counter("audit_refusals_failed_total", "Failed writings of refused attempts to the audit; they are tried again."),
		assets: f.counters("asset_uploads_total",
			"Files that were uploaded to be assets, by way (whole, resumable) and outcome: created, known, refused, storage_exceeded or failed.",
			"way", "outcome"),
		assetBytes: f.counters("asset_uploaded_bytes_total", "Bytes of the files that are assets now, by way.", "way"),
		submitted:  f.counters("jobs_submitted_total", "Jobs that were accepted.", "kind", "priority"),
	}
}

// AssetUploaded counts what has become of an uploaded file; bytes are those of one that is an asset.
func (a *API) AssetUploaded(way, outcome string, bytes int64) {
	a.assets.WithLabelValues(way, outcome).Inc()
	a.assetBytes.WithLabelValues(way).Add(float64(bytes))
}

// Request is one answered request.
type Request struct {
	Route  string // the pattern of the route, such as "/v1/jobs/{id}"; "" for none
	Method string
	Status int
	Took   time.Duration
	In     int64 // bytes of the request's body that were read
	Out    int64 // bytes of the answer's body
	Stream bool  // it was an event stream: as long and as large as its job
	// Aborted tells that the answer broke off: its client left, or the platform could not go on.
	Aborted bool
}

// RequestStarted counts a request that is being answered. done must be called once, when the answer has been sent.
func (a *API) RequestStarted() (done func(Request)) {
	a.inFlight.Inc()
	return func(r Request) {
		a.inFlight.Dec()
		route, method := r.Route, r.Method
		if route == "" {
			route = "none" // all paths that a scanner tries are one series
		}
		if !knownMethods[method] {
			method = "other"
		}
		a.requests.WithLabelValues(route, method, strconv.Itoa(r.Status/100)+"xx").Inc()
		if r.Aborted && !r.Stream {
			a.aborted.WithLabelValues(route, method).Inc()
		}
		if r.In > 0 {
			a.in.WithLabelValues(route).Observe(float64(r.In))
		}
		if !r.Stream {
			a.durations.WithLabelValues(route, method).Observe(r.Took.Seconds())
			a.out.WithLabelValues(route).Observe(float64(r.Out))
		}
	}
}

var knownMethods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true,
	http.MethodDelete: true, http.MethodOptions: true,
}

// StreamOpened counts an event stream until closed is called.
func (a *API) StreamOpened() (closed func()) {
	a.streams.Inc()
	return a.streams.Dec
}

// Problem counts a refusal or a failure by its code.
func (a *API) Problem(code models.Code) { a.problems.WithLabelValues(string(code)).Inc() }

// AuthFailed counts a request whose credentials were "missing", "invalid", or not enough: "forbidden".
func (a *API) AuthFailed(reason string) { a.refused.WithLabelValues(reason).Inc() }

// Refused counts a connection or a request of which there were too many.
func (a *API) Refused(reason string) { a.tooMany.WithLabelValues(reason).Inc() }

// Submitted counts accepted jobs.
func (a *API) Submitted(all []*models.Job) {
	for _, j := range all {
		a.submitted.WithLabelValues(string(j.Kind), string(j.Priority)).Inc()
	}
}

// RatesAway counts times that the ledger of request limits did not answer.
func (a *API) RatesAway(error) { a.alone.Inc() }

// RefusalsWritten counts refused attempts that were written to the audit.
func (a *API) RefusalsWritten(attempts, rest int) {
	a.attempts.WithLabelValues("own").Add(float64(attempts - rest))
	a.attempts.WithLabelValues("rest").Add(float64(rest))
}

// RefusalsFailed counts a failed writing of refused attempts.
func (a *API) RefusalsFailed() { a.unwritten.Inc() }
