package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/api/platform"
	"github.com/spark-games/spark/internal/api/signin"
	"github.com/spark-games/spark/internal/identity/accounts"
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/identity/people"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/schedules"
	"github.com/spark-games/spark/internal/templates"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// testAPI is the API over its real parts, behind a real HTTP server.
type testAPI struct {
	parts
	t        *testing.T
	url      string
	client   *http.Client
	account  string
	key      string // of the account
	admin    string // an admin's
	auditor  string // who sees the platform, and changes nothing
	stranger string // of someone else
	nobody   string // of the account, and may do nothing
	logs     *observer.ObservedLogs

	signInOptions signin.Options
	signInPages   *switchable
	doc           *openapi.Document
	options       Options
}

var (
	testPepper  = []byte("pepper")
	testPeppers = auth.NewPeppers(testPepper)
)

// engineStatuses are the engines that the workers of these tests report.
func engineStatuses(context.Context) []models.EngineStatus {
	return []models.EngineStatus{
		{Name: "phaser", Title: "Phaser", Version: "4.2.1", Outputs: []string{"web"}, Default: true, Available: true, Image: "sha256:1", Sandboxes: models.SandboxCounts{Warm: 2, Waiting: 1}},
		{Name: "phaser", Title: "Phaser", Version: "3.90.0", Outputs: []string{"web"}, Reason: "its image is not there"},
		{Name: "three", Version: "1", Default: true, Reason: "not here"},
	}
}

// newTestAPI starts the API. change may wrap or replace ports.
func newTestAPI(t *testing.T, change ...func(*Options)) *testAPI {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	log := zap.New(core)
	doc, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := &testAPI{parts: newParts(t, log, engineStatuses), t: t, logs: logs, doc: doc}
	srv := httptest.NewUnstartedServer(nil)
	a.url = "http://" + srv.Listener.Addr().String()
	a.account = a.newAccount()
	a.key = a.newKey(a.account, models.RoleUser)
	a.admin = a.newKey(a.account, models.RoleAdmin)
	a.auditor = a.newKey(a.account, models.RoleAuditor)
	a.nobody = a.newKey(a.account, models.RoleUser)
	a.stranger = a.newKey(a.newAccount(), models.RoleUser)
	o := Options{
		Projects: a.projects, Jobs: a.store.Jobs, Streams: a.store.Stream, Artifacts: a.store.Artifacts, Games: a.store.Artifacts,
		Provenance: a.store.Provenance, Usages: a.store.Usage, Blobs: a.blobs, Modules: a.blobs,
		Watcher: a.hub, Submitter: a.jobs, Console: a.store.Platform, Audit: a.store.Audit, AllAudit: a.store.Platform.AuditEntries,
		Keys:      auth.NewAuthenticator(powerless{a.store.Accounts, auth.Hash(testPepper, a.nobody)}, testPeppers, nil),
		Standings: accounts.NewDirectory(a.store.Accounts), Holders: auth.NewHolders(a.store.Accounts, a.store.People, time.Hour), Answers: a.store.Answers, Spool: a.blobs.Spool,
		Accounts: &accounts.Service{Store: a.store.Accounts, Peppers: testPeppers, Erasure: a.store.Erasure, Exports: a.store.Exports, Contents: a.blobs,
			CancelJob: func(ctx context.Context, account, id string) error {
				_, err := a.jobs.Cancel(ctx, account, id)
				return err
			},
			Defaults: models.Limits{MaxRunning: new(0), MaxRunningPerEndUser: new(0), MaxWaiting: new(100)}},
		Webhooks: newWebhooks(a.t, a.store),
		Schedules: &schedules.Service{Store: a.store.Schedules, Jobs: a.jobs, Accounts: accounts.NewDirectory(a.store.Accounts),
			Defaults: models.Limits{MaxSchedules: new(20), MinScheduleSeconds: new(60)}, Clock: a.store.Schedules.Now},
		Templates: &templates.Service{Store: a.store.Templates, Checker: a.jobs},
		Uploads:   a.uploads,
		People: &people.Service{Store: a.store.People, Erasure: a.store.Erasure, Idle: time.Hour, Base: &url.URL{Scheme: "http", Host: srv.Listener.Addr().String()}, Peppers: testPeppers,
			Keys: a.store.Accounts},
		Sessions: auth.NewSessions(a.store.People, testPeppers, auth.Cookies{}, auth.SessionLimits{Idle: time.Hour, Life: 24 * time.Hour}, nil),
		Engines:  engineStatuses,
		Isolation: func() models.BuildIsolation {
			return models.BuildIsolation{Least: "confined", Notices: 1}
		},
		Workers:    func(context.Context) ([]models.WorkerReport, error) { return nil, nil },
		Checks:     func() []platform.Check { return []platform.Check{{Name: "database", Up: true, At: time.Now()}} },
		Metrics:    prometheus.NewRegistry(),
		Operations: a.store.Backlog, Bulk: a.store.Operations, Crew: a.store.Workers, Due: func(...models.Queue) {},
		TransportPaused: func(context.Context) ([]models.Queue, error) { return nil, nil },
		Observer:        telemetry.NewAPI(prometheus.NewRegistry()),
		Log:             log,
		Queues: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "full "+r.URL.Path) // to a recorder or a client that reads
		}),
		QueuesReadOnly: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "view "+r.URL.Path)
		}),
		Heartbeat: time.Hour,
	}
	o.Audit = a.store.Audit
	o.Places, o.Tokens = a.store.Places, &auth.Tokens{Holders: auth.NewHolders(a.store.Accounts, a.store.People, time.Hour), Accounts: o.Standings, Peppers: testPeppers}
	o.SignIn = a.newSignIn(o)
	for _, c := range change {
		c(&o)
	}
	a.options = o
	srv.Config.Handler = New(o)
	srv.Start()
	a.client = srv.Client()
	a.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(srv.Close)
	return a
}

// answer is a response that was read to its end.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// do sends a request and checks that the response is documented. Headers are "Name: value".
func (a *testAPI) do(method, path, body string, headers ...string) answer {
	a.t.Helper()
	return a.send(method, path, strings.NewReader(body), headers...)
}

func (a *testAPI) send(method, path string, body io.Reader, headers ...string) answer {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.url+path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+a.key)
	if strings.HasPrefix(path, "/v1/") && (method == "POST" || method == "PUT" || method == "PATCH") {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if req.Header.Del(name); value != "" {
			req.Header.Set(name, value)
		}
	}
	res, err := a.client.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	got := answer{a.t, res.StatusCode, res.Header, raw}
	if method != http.MethodHead {
		a.checkDocumented(req, got)
	}
	return got
}

// checkDocumented fails the test when an answer differs from the document.
func (a *testAPI) checkDocumented(req *http.Request, got answer) {
	a.t.Helper()
	op := a.operation(req.Method, req.URL.Path)
	media, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
	if !strings.HasSuffix(media, "json") || media == "application/x-ndjson" || strings.Contains(req.URL.Path, "/files/") && media == "application/json" || req.URL.Path == "/openapi.json" ||
		got.status == http.StatusOK && req.URL.Query().Get("fields") != "" { // not all that is required is wanted
		return
	}
	schema := a.doc.Spec.Components.Schemas["Problem"].Value
	if op != nil {
		response := op.Responses.Status(got.status)
		if response == nil {
			response = op.Responses.Default()
		}
		if response == nil || response.Value.Content[media] == nil {
			a.t.Errorf("%s %s: %d with %s is not in the document", req.Method, req.URL.Path, got.status, media)
			return
		}
		schema = response.Value.Content[media].Schema.Value
		for name, header := range response.Value.Headers {
			if header.Value.Required && got.header.Get(name) == "" {
				a.t.Errorf("%s %s: no %s", req.Method, req.URL.Path, name)
			}
		}
	}
	var value any
	if err := json.Unmarshal([]byte(unpacked(a.t, got)), &value); err != nil {
		a.t.Errorf("%s %s: %v", req.Method, req.URL.Path, err)
	} else if err := schema.VisitJSON(value, openapi3.MultiErrors(), openapi3.VisitAsResponse()); err != nil {
		a.t.Errorf("%s %s: %d %s\n%v", req.Method, req.URL.Path, got.status, got.body, err)
	}
}

var pathParameter = regexp.MustCompile(`\\\{[a-z0-9]+\\\}`)

func (a *testAPI) operation(method, path string) *openapi3.Operation {
	for documented, item := range a.doc.Spec.Paths.Map() {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(documented), `\{path\}`, `.*`)
		pattern = pathParameter.ReplaceAllString(pattern, `[^/]+`)
		if regexp.MustCompile("^"+pattern+"$").MatchString(path) && item.GetOperation(method) != nil {
			return item.GetOperation(method)
		}
	}
	return nil
}

func (r answer) want(status int) answer {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	return r
}

func decodeAs[T any](r answer) T {
	r.t.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		r.t.Fatalf("%v: %s", err, r.body)
	}
	return v
}

// problem checks that the answer is a problem with a status and code, and returns it.
func (r answer) problem(status int, code models.Code) openapi.Problem {
	r.t.Helper()
	r.want(status)
	if ct := r.header.Get("Content-Type"); ct != "application/problem+json" {
		r.t.Fatalf("content type %q", ct)
	}
	p := decodeAs[openapi.Problem](r)
	if p.Code != code || p.Status != status || p.Title == "" || p.Detail == "" || p.RequestID != r.header.Get("X-Request-Id") {
		r.t.Fatalf("want %s: %+v", code, p)
	}
	return p
}

func (a *testAPI) newProject() openapi.Project {
	a.t.Helper()
	return decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"Fox","engine":"phaser"}`).want(201))
}
