package telemetry

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
)

func TestEveryVerdictHasAName(t *testing.T) {
	t.Parallel()
	for v := jobs.Succeeded; v <= jobs.Lost; v++ {
		require.NotEmpty(t, outcomes[v], v)
	}
	require.Len(t, outcomes, int(jobs.Lost)+1)
}

// What Prometheus' own linter says about names, units and help texts, with a sample of every metric.
func TestMetricsFollowThePrometheusConventions(t *testing.T) {
	t.Parallel()
	r := NewRegistry("all")
	m := struct {
		*Platform
		*Worker
		*Scheduler
		API      *API
		Backlog  *Backlog
		Webhooks *Webhooks
		FanOut   *FanOut
	}{NewPlatform(r), NewWorker(r), NewScheduler(r), NewAPI(r), NewBacklog(r), NewWebhooks(r), NewFanOut(r, func() {})}
	m.Webhooks.WebhookAttempted("", time.Second, time.Second)
	m.Webhooks.WebhookDisabled(models.WebhookGone)
	m.FanOut.WebhooksMade(1, 2)
	m.Slots(models.KindBuild, 2)
	m.JobStarted(models.KindBuild, time.Second)
	m.JobEnded(models.KindBuild, jobs.Failed, models.CodeCompileFailed, time.Second)
	m.JobStopped(models.KindBuild)
	m.TaskDropped(models.KindExport)
	m.StaleResult(models.KindExport)
	m.HandlerStuck(models.KindExport)
	m.LeasesRenewed(1, 1, 1)
	m.BuildCache("phaser", "hit")
	m.Reaped(3)
	m.Pruned("jobs", 1)
	m.Kept("jobs", time.Hour, time.Now())
	m.Redispatched(models.KindBuild, 1)
	m.Fired(models.KindAnalytics, 1)
	m.ScheduleFired(models.FiringSkipped)
	m.OperationJobs(models.OperationCancel, 1, 1, 0)
	m.API.RefusalsWritten(2, 1)
	m.API.RefusalsFailed()
	m.Dispatched(models.Queue{Kind: models.KindBuild, Priority: models.PriorityLow}, 1)
	m.SecretRead("keys.pepper", false)
	m.CertificateExpires(time.Now())
	m.Dependency("redis", true)
	m.API.RequestStarted()(Request{Route: "/v1/jobs", Method: http.MethodGet, Status: 200, In: 1, Out: 1})
	m.API.RequestStarted()(Request{Route: "/v1/jobs", Method: http.MethodGet, Status: 200, Aborted: true})
	m.API.Problem(models.CodeNotFound)
	m.API.AuthFailed("missing")
	m.API.Refused("total")
	m.API.Submitted([]*models.Job{{Kind: models.KindBuild, Priority: models.PriorityLow}})
	m.API.AssetUploaded("whole", "created", 1)
	m.Backlog.show(&models.Backlog{TakenAt: time.Now(), RolledTo: time.Now()}, []QueueState{{Tasks: map[string]int{"pending": 1}}}, time.Minute)

	sampled, err := r.Gather()
	require.NoError(t, err)
	names := map[string]bool{}
	for _, f := range sampled {
		names[f.GetName()] = true
	}
	described := make(chan *prometheus.Desc)
	go func() { r.Describe(described); close(described) }()
	for d := range described {
		name, _, _ := strings.Cut(strings.TrimPrefix(d.String(), `Desc{fqName: "`), `"`)
		if strings.HasPrefix(name, "spark_") {
			require.True(t, names[name], "the test has no sample of %s", name)
		}
	}
	problems, err := testutil.GatherAndLint(r)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestWorkerCountsAttempts(t *testing.T) {
	t.Parallel()
	w := NewWorker(prometheus.NewRegistry())
	w.Slots(models.KindBuild, 2)
	require.InDelta(t, 0, testutil.ToFloat64(w.busy), 0, "there before the first job")
	w.JobStarted(models.KindBuild, -time.Second) // clocks differ: never negative
	require.InDelta(t, 1, testutil.ToFloat64(w.busy), 0)
	w.JobEnded(models.KindBuild, jobs.Failed, models.CodeCompileFailed, time.Second)
	w.JobStopped(models.KindBuild)
	require.InDelta(t, 0, testutil.ToFloat64(w.busy), 0)
	require.InDelta(t, 2, testutil.ToFloat64(w.slots), 0)
	require.InDelta(t, 1, testutil.ToFloat64(w.attempts.WithLabelValues("build", "failed", "compile_failed")), 0)
}

// Whatever callers send, the number of series stays that of the document's routes.
func TestRequestsHaveBoundedLabels(t *testing.T) {
	t.Parallel()
	a := NewAPI(prometheus.NewRegistry())
	for _, method := range []string{"BREW", "PROPFIND", strings.Repeat("X", 1000)} {
		done := a.RequestStarted()
		require.InDelta(t, 1, testutil.ToFloat64(a.inFlight), 0)
		done(Request{Method: method, Status: 404, Took: time.Millisecond})
	}
	require.InDelta(t, 0, testutil.ToFloat64(a.inFlight), 0)
	require.Equal(t, 1, testutil.CollectAndCount(a.requests))
	require.InDelta(t, 3, testutil.ToFloat64(a.requests.WithLabelValues("none", "other", "4xx")), 0)
}

// A stream lasts as long as its job: it would drown the durations of requests.
func TestEventStreamsAreNoDurations(t *testing.T) {
	t.Parallel()
	a := NewAPI(prometheus.NewRegistry())
	closed := a.StreamOpened()
	require.InDelta(t, 1, testutil.ToFloat64(a.streams), 0)
	a.RequestStarted()(Request{Route: "/v1/jobs/{id}/events", Method: http.MethodGet, Status: 200, Took: time.Hour, Stream: true})
	closed()
	require.InDelta(t, 0, testutil.ToFloat64(a.streams), 0)
	require.Zero(t, testutil.CollectAndCount(a.durations))
	require.Zero(t, testutil.CollectAndCount(a.out))
	require.Equal(t, 1, testutil.CollectAndCount(a.requests))
}

func TestBacklogShowsZeroesAndTheOldest(t *testing.T) {
	t.Parallel()
	b := NewBacklog(prometheus.NewRegistry())
	require.Zero(t, testutil.CollectAndCount(b), "nothing is known before the first survey")
	taken := time.Unix(1_700_000_000, 0)
	build := models.BacklogCount{Kind: models.KindBuild, Priority: models.PriorityLow, Class: "1"}
	due, dispatched := build, build
	due.State, due.Jobs, due.Oldest = models.BacklogDue, 7, time.Minute
	dispatched.State, dispatched.Jobs, dispatched.Oldest = models.BacklogDispatched, 2, time.Hour
	b.show(&models.Backlog{TakenAt: taken, RolledTo: taken.Add(-5 * time.Minute), Counts: []models.BacklogCount{due, dispatched}},
		[]QueueState{{Queue: models.Queue{Kind: "build", Priority: "low"}, Paused: true}}, time.Minute)
	require.NoError(t, testutil.CollectAndCompare(b, strings.NewReader(`
# HELP spark_backlog_survey_timestamp_seconds When the backlog was counted, since the epoch.
# TYPE spark_backlog_survey_timestamp_seconds gauge
spark_backlog_survey_timestamp_seconds 1.7e+09
# HELP spark_queue_paused Whether an administrator has paused the queue: 1 or 0.
# TYPE spark_queue_paused gauge
spark_queue_paused{kind="build",priority="low"} 1
# HELP spark_usage_rollup_lag_seconds Time for which finished jobs may be missing from usage reports.
# TYPE spark_usage_rollup_lag_seconds gauge
spark_usage_rollup_lag_seconds 300
`), "spark_backlog_survey_timestamp_seconds", "spark_queue_paused", "spark_usage_rollup_lag_seconds"))
	series := len(models.Kinds()) * len(models.Priorities()) * len(models.AccountClasses())
	require.Equal(t, series*len(models.BacklogStates()), testutil.CollectAndCount(b, "spark_backlog_jobs"))
	require.Equal(t, series, testutil.CollectAndCount(b, "spark_backlog_oldest_due_seconds"))
	text, err := testutil.CollectAndFormat(b, expfmt.TypeTextPlain, "spark_backlog_jobs", "spark_backlog_oldest_due_seconds")
	require.NoError(t, err)
	require.Contains(t, string(text), `spark_backlog_jobs{class="1",kind="build",priority="low",state="due"} 7`)
	require.Contains(t, string(text), `spark_backlog_jobs{class="8+",kind="export",priority="critical",state="running"} 0`)
	require.Contains(t, string(text), `spark_backlog_oldest_due_seconds{class="1",kind="build",priority="low"} 3600`)

	b.show(&models.Backlog{}, nil, -time.Second)
	require.Zero(t, testutil.CollectAndCount(b), "old figures do not pass for new ones")
}

// A part that cannot be asked is left out and counted; the other part is shown.
func TestSurveyorShowsWhatItCanGet(t *testing.T) {
	t.Parallel()
	failed := 0
	b := NewBacklog(prometheus.NewRegistry())
	s := Surveyor{
		Survey: func(context.Context, time.Duration) (*models.Backlog, error) { return nil, errors.New("away") },
		Queues: func(context.Context) ([]QueueState, error) {
			return []QueueState{{Queue: models.Queue{Kind: "build", Priority: "low"}}}, nil
		},
		Backlog: b, Every: time.Minute, Log: zap.NewNop(), Failed: func() { failed++ },
	}
	s.runOnce(t.Context())
	require.Equal(t, 1, failed)
	require.Equal(t, 1, testutil.CollectAndCount(b, "spark_queue_paused"))
	require.Zero(t, testutil.CollectAndCount(b, "spark_backlog_jobs"))

	stopped, stop := context.WithCancel(t.Context())
	stop()
	s.runOnce(stopped)
	require.Equal(t, 1, failed, "a stop is no failure")
}

func TestClassesAreInOrder(t *testing.T) {
	t.Parallel()
	seen := []models.AccountClass{}
	for weight := -1; weight < 100; weight++ {
		if c := models.ClassOf(weight); len(seen) == 0 || seen[len(seen)-1] != c {
			seen = append(seen, c)
		}
	}
	require.Equal(t, models.AccountClasses(), seen)
}

// The lag of a policy grows while nothing is removed, and is 0 if nothing is too old.
func TestRetentionLag(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	s := NewScheduler(registry)
	s.Kept("jobs", 24*time.Hour, time.Now().Add(-30*time.Hour))
	s.Kept("events", 24*time.Hour, time.Now())
	s.Kept("previews", 24*time.Hour, time.Time{})
	lag := func() (by map[string]float64) {
		by = make(map[string]float64)
		families, err := registry.Gather()
		require.NoError(t, err)
		for _, f := range families {
			for _, m := range f.GetMetric() {
				if f.GetName() == "spark_retention_lag_seconds" {
					by[m.GetLabel()[0].GetValue()] = m.GetGauge().GetValue()
				}
			}
		}
		return by
	}
	first := lag()
	require.InDelta(t, 6*3600, first["jobs"], 600)
	require.Greater(t, lag()["jobs"], first["jobs"])
	require.Zero(t, first["events"])
	require.Zero(t, first["previews"])
	require.Len(t, first, 3)
}
