package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// metricsURL finds in the log of a program without an API where its metrics are served.
var metricsURL = regexp.MustCompile(`"started".*"metrics":"(http://[^"]+)/metrics"`)

// admin is where a process without an API answers.
func (c *cluster) admin(t *testing.T, p *program) client {
	t.Helper()
	url, err := p.find(p.stderr, metricsURL, startWithin)
	require.NoError(t, err)
	return client{url: url}
}

// value is the sum of a metric's series that have all labels; ok reports whether there is any.
func (c client) value(t *testing.T, name string, labels ...string) (sum float64, ok bool) {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(string(c.get(t, "/metrics").want(200).body)))
	require.NoError(t, err)
	for _, m := range families[name].GetMetric() {
		have := map[string]bool{}
		for _, l := range m.GetLabel() {
			have[l.GetName()+"="+l.GetValue()] = true
		}
		matches := true
		for _, l := range labels {
			matches = matches && have[l]
		}
		if !matches {
			continue
		}
		ok = true
		sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
	}
	return sum, ok
}

// Each process reports its state: metrics that pass Prometheus' linter, liveness and readiness. All their output is JSON, one
// object per line, even while Redis is down. A user's mistake is not a warning.
func TestWatchedPlatform(t *testing.T) {
	t.Parallel()
	redis := testenv.StartRedis(t)
	c := startCluster(t, clusterOptions{redis: redis.URL()})
	worker, scheduler := c.admin(t, c.worker), c.admin(t, c.scheduler)
	p := c.newProject(t, "Watched", "three")
	c.await(t, c.submit(t, p.ID, fullPipeline("a calm ocean puzzle with pearls")...).ID, jobWithin).succeed(t)
	c.do(t, "PUT", "/v1/projects/"+p.ID+"/files/src/main.js", []byte("this is no JavaScript (")).want(200)
	broken := c.end(t, c.submitJob(t, p.ID, "build", nil).ID, jobWithin)
	require.Equal(t, "failed", broken.State)
	client{url: c.url}.get(t, "/v1/jobs").want(401)

	for _, process := range []client{c.client, worker, scheduler} {
		process.get(t, "/healthz").want(200)
		process.get(t, "/readyz").want(200)
		problems, err := promlint.New(strings.NewReader(string(process.get(t, "/metrics").want(200).body))).Lint()
		require.NoError(t, err)
		require.Empty(t, problems)
		up, ok := process.value(t, "spark_dependency_up", "dependency=redis")
		require.True(t, ok)
		require.InDelta(t, 1, up, 0)
	}
	for _, want := range []struct {
		of    client
		name  string
		label []string
		least float64
	}{
		{c.client, "spark_http_requests_total", []string{"route=/v1/pipelines", "method=POST", "status=2xx"}, 1},
		{c.client, "spark_http_request_duration_seconds", []string{"route=/v1/projects/{id}/files/{path}", "method=PUT"}, 1},
		{c.client, "spark_http_request_size_bytes", []string{"route=/v1/pipelines"}, 1},
		{c.client, "spark_http_auth_failures_total", []string{"reason=missing"}, 1},
		{c.client, "spark_http_problems_total", []string{"code=unauthorized"}, 1},
		{c.client, "spark_jobs_submitted_total", []string{"kind=build", "priority=default"}, 2},
		{worker, "spark_worker_slots", []string{"kind=build"}, 2},
		{worker, "spark_job_attempts_total", []string{"kind=build", "outcome=failed", "code=compile_failed"}, 1},
		{worker, "spark_job_queue_wait_seconds", []string{"kind=build"}, 2},
		{worker, "spark_job_run_duration_seconds", []string{"kind=build", "outcome=succeeded"}, 1},
		{scheduler, "spark_schedule_fires_total", []string{"kind=analytics"}, 1},
	} {
		got, ok := want.of.value(t, want.name, want.label...)
		require.True(t, ok, "%s %v", want.name, want.label)
		require.GreaterOrEqual(t, got, want.least, "%s %v", want.name, want.label)
	}
	eventually(t, startWithin, "the scheduler knows the backlog", func() bool {
		_, known := scheduler.value(t, "spark_backlog_jobs", "kind=build", "state=due")
		_, paused := scheduler.value(t, "spark_queue_paused", "kind=build")
		return known && paused
	})

	redis.Kill()
	c.waitDown(t, "redis")
	for _, process := range []client{worker, scheduler} {
		eventually(t, startWithin, "it is not ready", func() bool { return process.get(t, "/readyz").status == 503 })
		process.get(t, "/healthz").want(200)
	}
	redis.Start()
	c.waitReady(t)
	for _, process := range []client{worker, scheduler} {
		eventually(t, startWithin, "it is ready again", func() bool { return process.get(t, "/readyz").status == 200 })
	}
	for _, program := range []*program{c.api, c.worker, c.scheduler} {
		require.Equal(t, 0, program.terminate(t, 30*time.Second), program.name)
		lines := logLines(t, program)
		require.NotEmpty(t, lines)
		if program != c.worker {
			continue
		}
		ended := map[string]int{} // by level and state
		for _, l := range lines {
			if l["msg"] != "attempt ended" {
				continue
			}
			require.NotEmpty(t, l["job"])
			require.NotEmpty(t, l["kind"])
			require.NotEmpty(t, l["took"])
			level, state := l["level"].(string), l["state"].(string)
			ended[level+" "+state]++
			if state == "failed" {
				require.Equal(t, "compile_failed", l["code"])
			}
		}
		require.GreaterOrEqual(t, ended["info succeeded"], 3)
		require.Equal(t, 1, ended["info failed"])
	}
}

// logLines parses all that a program has written.
func logLines(t *testing.T, p *program) (lines []map[string]any) {
	t.Helper()
	for _, name := range []string{p.stdout, p.stderr} {
		said, err := os.ReadFile(name)
		require.NoError(t, err)
		scan := bufio.NewScanner(bytes.NewReader(said))
		scan.Buffer(nil, 1<<20)
		for scan.Scan() {
			var line map[string]any
			require.NoError(t, json.Unmarshal(scan.Bytes(), &line), "%s: %s", p.name, scan.Text())
			for _, key := range []string{"time", "level", "msg"} {
				require.NotEmpty(t, line[key], "%s: %s", p.name, scan.Text())
			}
			lines = append(lines, line)
		}
		require.NoError(t, scan.Err())
	}
	return lines
}
