package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

func TestReadyz(t *testing.T) {
	t.Parallel()
	var down bool
	a := newTestAPI(t, func(o *Options) {
		o.Checks = func() []platform.Check {
			return []platform.Check{{Name: "database", Up: true, Took: 3 * time.Millisecond, At: time.Now().Add(-time.Hour)}, {Name: "redis", Up: !down}}
		}
	})
	r := decodeAs[openapi.Readiness](a.do("GET", "/readyz", "", "Authorization: ").want(200))
	if r.Status != "ok" || len(r.Checks) != 2 || r.Checks[0].TookMs != 3 || *r.Checks[0].AgeMs < time.Hour.Milliseconds() || r.Checks[1].AgeMs != nil {
		t.Errorf("%+v", r)
	}
	down = true
	got := a.do("GET", "/readyz", "").want(503)
	r = decodeAs[openapi.Readiness](got)
	if r.Status != "unavailable" || !r.Checks[0].Up || r.Checks[1].Up || r.Checks[1].Name != "redis" || got.header.Get("Retry-After") == "" {
		t.Errorf("%+v", r)
	}
	a.do("GET", "/healthz", "").want(200) // alive all the same
}

func TestMetricsAndDocument(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) {
		reg := prometheus.NewRegistry()
		reg.MustRegister(prometheus.NewGauge(prometheus.GaugeOpts{Name: "spark_test", Help: "Of this test."}))
		o.Metrics = reg
	})
	if r := a.do("GET", "/metrics", "").want(200); !strings.Contains(string(r.body), "spark_test 0") {
		t.Errorf("%s", r.body)
	}
	if r := a.do("GET", "/openapi.yaml", "", "Authorization: ").want(200); string(r.body) != string(a.doc.YAML()) {
		t.Error("another document")
	}
	if r := a.do("GET", "/openapi.json", "").want(200); !strings.Contains(string(r.body), `"openapi":"3.0.3"`) {
		t.Errorf("%.100s", r.body)
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	basic := func(key string) string {
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("me:"+key))
	}
	for _, tt := range []struct {
		name, method, header, extra string
		status                      int
		body                        string
	}{
		{"nobody", "GET", "Authorization: ", "", 401, ""},
		{"wrong password", "GET", basic("x"), "", 401, ""},
		{"user by basic", "GET", basic(a.key), "", 403, ""},
		{"user by bearer", "DELETE", "Authorization: Bearer " + a.key, "", 403, ""},
		{"admin by basic", "GET", basic(a.admin), "", 200, "full /admin/queues/api"},
		{"admin changes", "DELETE", basic(a.admin), "Sec-Fetch-Site: same-origin", 200, "full /admin/queues/api"},
		{"auditor", "GET", basic(a.auditor), "", 200, "view /admin/queues/api"},
		{"auditor changes", "DELETE", basic(a.auditor), "Sec-Fetch-Site: same-origin", 403, ""},
		{"another site changes", "DELETE", basic(a.admin), "Sec-Fetch-Site: cross-site", 403, ""},
		{"another origin changes", "POST", basic(a.admin), "Origin: null", 403, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := *a
			b.t = t
			r := b.do(tt.method, "/admin/queues"+"/api", "", tt.header, tt.extra).want(tt.status)
			if tt.status == 200 && (string(r.body) != tt.body || r.header.Get("X-Frame-Options") != "DENY" || !strings.Contains(r.header.Get("Content-Security-Policy"), "'unsafe-inline'")) {
				t.Errorf("%s %v", r.body, r.header)
			}
			if tt.status == 401 && !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Basic ") {
				t.Error(r.header)
			}
		})
	}
	a.do("GET", "/admin/queues", "", basic(a.admin)).want(200)
}

// An auditor sees what is the platform's, with its queues and everybody's jobs, and changes nothing; what is within an account is none
// of an auditor's business.
func TestAuditorOnlyLooks(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	job := a.submit(models.KindBuild)
	as := "Authorization: Bearer " + a.auditor
	for _, op := range a.doc.Operations() {
		path := pathWith(op, job.ID)
		allowed := op.Scope == auth.ScopePublic || op.Scope == auth.ScopePlatformRead
		if op.Scope == auth.ScopePlatformRead && op.Method != http.MethodGet {
			t.Errorf("%s %s: an auditor may change something", op.Method, op.Path)
		}
		if got := a.do(op.Method, path, "", as, "Accept: text/html").status; (got == http.StatusForbidden) == allowed || got == http.StatusUnauthorized {
			t.Errorf("%s %s with %s: %d", op.Method, op.Path, op.Scope, got)
		}
	}
	a.do("GET", "/admin/jobs", "", as).want(200)
	a.do("GET", "/admin/jobs/"+job.ID, "", as).want(200)
	a.do("GET", "/v1/pool", "", as).want(200)
	a.do("GET", "/v1/jobs/"+job.ID, "", as).problem(403, models.CodeForbidden)
}

func TestHeadOptionsAndHeaders(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	if r := a.do("HEAD", "/v1/jobs", "").want(200); len(r.body) != 0 {
		t.Errorf("%s", r.body)
	}
	r := a.do("OPTIONS", "/v1/jobs", "", "Origin: https://elsewhere.example", "Access-Control-Request-Method: POST").want(204)
	allow := strings.Join(r.header.Values("Allow"), ", ")
	if !strings.Contains(allow, "GET") || !strings.Contains(allow, "POST") || r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error(r.header)
	}
	r = a.do("GET", "/v1/jobs", "", "X-Request-Id: <script>")
	if id := r.header.Get("X-Request-Id"); !models.ValidID(id) {
		t.Errorf("request id %q", id)
	}
	if r.header.Get("Cache-Control") != "no-store" || r.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error(r.header)
	}
	if r := a.do("GET", "/v1/jobs", "", "Authorization: ").want(401); r.header.Get("WWW-Authenticate") == "" {
		t.Error(r.header)
	}
}

// The access log has one line a request, without keys, queries or the ids of games.
func TestAccessLog(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	a.do("GET", "/v1/jobs?cursor=hunter2", "").want(400)
	a.do("GET", "/play/"+art.ID+"/", "").want(200)
	lines := a.logs.FilterMessage("request").All()
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, l := range lines {
		for name, v := range l.ContextMap() {
			if s, ok := v.(string); ok && (strings.Contains(s, "hunter2") || strings.Contains(s, a.key) || strings.Contains(s, art.ID)) {
				t.Errorf("%s: %s", name, s)
			}
		}
	}
	if m := lines[0].ContextMap(); m["account"] != a.account || m["status"] != int64(400) || m["path"] != "/v1/jobs" {
		t.Error(m)
	}
}

// The line of a submission names what was submitted.
func TestAccessLogNamesSubmittedJobs(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.newProject()
	job := decodeAs[openapi.Job](a.do("POST", "/v1/jobs", `{"project_id":"`+p.ID+`","kind":"generation","input":{"prompt":"a fox"}}`).want(202))
	pipeline := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines",
		`{"project_id":"`+p.ID+`","steps":[{"kind":"generation","input":{"prompt":"a fox"}},{"kind":"build"}]}`).want(202))
	a.do("POST", "/v1/jobs", `{"project_id":"`+p.ID+`","kind":"generation"}`).want(400)
	lines := a.logs.FilterMessage("request").All()[1:] // after the project's
	if m := lines[0].ContextMap(); m["job"] != job.ID || m["kind"] != "generation" {
		t.Error(m)
	}
	if m := lines[1].ContextMap(); m["pipeline"] != pipeline.ID || fmt.Sprint(m["jobs"]) != fmt.Sprint([]string{pipeline.Jobs[0].ID, pipeline.Jobs[1].ID}) {
		t.Error(m)
	}
	if m := lines[2].ContextMap(); m["job"] != nil {
		t.Error(m)
	}
}

func TestPanicIsOneRequestsProblem(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) {
		o.Queues = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("hunter2") })
	})
	p := a.do("GET", "/admin/queues", "", "X-API-Key: "+a.admin, "Authorization: ").problem(500, models.CodeInternal)
	if strings.Contains(p.Detail, "hunter2") {
		t.Error(p)
	}
	a.do("GET", "/healthz", "").want(200)
	if a.logs.FilterMessage("handler panicked").Len() != 1 {
		t.Error("not logged")
	}
}
