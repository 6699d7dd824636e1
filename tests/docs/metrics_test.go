package docs_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/builds/builder"
	"github.com/spark-games/spark/internal/platform/telemetry"
)

// recorder is a registry that remembers what was registered, as rows of the page.
type recorder struct {
	prometheus.Registerer
	rows []string
}

var described = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: "([^"]+)", .*constLabels: \{\}, variableLabels: \{([^}]*)\}\}$`)

func (r *recorder) MustRegister(all ...prometheus.Collector) {
	for _, c := range all {
		descs := make(chan *prometheus.Desc)
		go func() { c.Describe(descs); close(descs) }()
		for d := range descs {
			m := described.FindStringSubmatch(d.String())
			if m == nil {
				panic("cannot be read: " + d.String())
			}
			labels := "—"
			if m[3] != "" {
				labels = "`" + strings.ReplaceAll(m[3], ",", "`, `") + "`"
			}
			r.rows = append(r.rows, fmt.Sprintf("| `%s` | %s | %s | %s |", m[1], typeOf(c), labels, m[2]))
		}
	}
}

func typeOf(c prometheus.Collector) string {
	switch c.(type) {
	case *prometheus.CounterVec, prometheus.Counter:
		if _, gauge := c.(prometheus.Gauge); !gauge {
			return "counter"
		}
	case *prometheus.HistogramVec:
		return "histogram"
	}
	return "gauge" // collectors of our own show gauges only
}

// The page lists every metric with its type, its labels and its help text, and no other.
func TestMetricsPageIsTheRegistry(t *testing.T) {
	t.Parallel()
	r := &recorder{Registerer: prometheus.NewRegistry()}
	telemetry.NewPlatform(r)
	telemetry.NewAPI(r)
	telemetry.NewWorker(r)
	telemetry.NewScheduler(r)
	telemetry.NewWebhooks(r)
	telemetry.NewFanOut(r, func() {})
	telemetry.NewBacklog(r)
	builds, err := builder.New(builder.Options{Mode: builder.Docker, Metrics: r, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	if err := builds.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := regexp.MustCompile("(?m)^\\| `spark_.*\\|$").FindAllString(string(page), -1)
	for _, row := range r.rows {
		if !slices.Contains(listed, row) {
			t.Errorf("docs/metrics.md lacks the row\n%s", row)
		}
	}
	for _, row := range listed {
		if !slices.Contains(r.rows, row) {
			t.Errorf("docs/metrics.md lists a metric that no process serves:\n%s", row)
		}
	}
}
