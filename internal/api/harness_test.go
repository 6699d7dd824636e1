package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
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
	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/jobs"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// testAPI is the API over the fake store, behind a real HTTP server.
type testAPI struct {
	t        *testing.T
	store    *fakeStore
	url      string
	client   *http.Client
	account  string
	key      string // of the account
	admin    string // an admin's
	stranger string // of someone else
	nobody   string // of the account, and may do nothing
	logs     *observer.ObservedLogs
	doc      *openapi.Document
}

var testPepper = []byte("pepper")

func newTestAPI(t *testing.T, change ...func(*Options)) *testAPI {
	t.Helper()
	store := newFakeStore()
	core, logs := observer.New(zap.DebugLevel)
	doc, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	a := &testAPI{t: t, store: store, account: models.NewID(), logs: logs, doc: doc}
	a.key = a.newKey(a.account, models.RoleUser)
	a.admin = a.newKey(a.account, models.RoleAdmin)
	a.nobody = a.newKey(a.account, "")
	a.stranger = a.newKey(models.NewID(), models.RoleUser)
	echo := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, name+" "+r.URL.Path) })
	}
	statuses := func(context.Context) []models.EngineStatus {
		return []models.EngineStatus{
			{Name: "phaser", Title: "Phaser", Version: "4.2.1", Outputs: []string{"web"}, Default: true, Available: true, Image: "sha256:1", Boxes: models.BoxCounts{Warm: 2, Waiting: 1}},
			{Name: "phaser", Title: "Phaser", Version: "3.90.0", Outputs: []string{"web"}, Reason: "its image is not there"},
			{Name: "three", Version: "1", Default: true, Reason: "not here"},
		}
	}
	o := Options{
		Projects: &projects.Service{Store: store, Blobs: store, Engines: statuses}, Jobs: store, Artifacts: store, Games: store, Provenance: store, Usages: store, Blobs: store, Watcher: store, Modules: store,
		Submitter: &jobs.Service{Ready: func() error { return nil }, Intake: store, Providers: func(name string) bool { return name == "builtin" },
			Changed: func([]string, []models.Queue) {}, CancelRunning: func(context.Context, string) {}},
		Keys:    auth.NewAuthenticator(store, testPepper),
		Engines: statuses,
		Isolation: func(context.Context) models.BuildIsolation {
			return models.BuildIsolation{Least: "confined", Notices: 1}
		},
		Workers:   func(context.Context) ([]models.WorkerReport, error) { return store.workers, store.err },
		Checks:    func() []platform.Check { return []platform.Check{{Name: "database", Up: true, At: time.Now()}} },
		Metrics:   prometheus.NewRegistry(),
		Observer:  telemetry.NewAPI(prometheus.NewRegistry()),
		Log:       zap.New(core),
		Console:   noJobs{},
		Queues:    echo("full"),
		Heartbeat: time.Hour,
	}
	for _, c := range change {
		c(&o)
	}
	srv := httptest.NewServer(New(o))
	a.url, a.client = srv.URL, srv.Client()
	a.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(srv.Close)
	return a
}

// noJobs is a platform without jobs, for the administrators' pages, which tests/e2e visits with some.
type noJobs struct{}

func (noJobs) ListJobs(context.Context, models.PlatformJobFilter, models.Page) ([]models.Job, error) {
	return nil, nil
}

func (noJobs) Job(context.Context, string) (*models.Job, error) {
	return nil, models.NewError(models.CodeNotFound, "no such job")
}

func (a *testAPI) newKey(account string, role models.Role) string {
	plain, prefix := auth.NewKey()
	hash := auth.Hash(testPepper, plain)
	a.store.keys[string(hash)] = &models.APIKey{ID: models.NewID(), AccountID: account, Role: role, Hash: hash, Prefix: prefix}
	return plain
}

// answer is a response that was read to its end.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// do sends a request and checks that the answer is one that the document describes. Headers are "Name: value".
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
	if strings.HasPrefix(path, "/v1/") && (method == "POST" || method == "PUT") {
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
	if !strings.HasSuffix(media, "json") || strings.Contains(req.URL.Path, "/files/") && media == "application/json" || req.URL.Path == "/openapi.json" {
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
		for name := range response.Value.Headers {
			if got.header.Get(name) == "" {
				a.t.Errorf("%s %s: no %s", req.Method, req.URL.Path, name)
			}
		}
	}
	var value any
	if err := json.Unmarshal(got.body, &value); err != nil {
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

func (a *testAPI) addJob(change func(*models.Job)) *models.Job {
	j := models.Job{ID: models.NewID(), AccountID: a.account, Kind: models.KindBuild, Priority: models.PriorityDefault,
		State: models.StateQueued, Input: models.JSON(`{}`), CreatedAt: time.Now()}
	if change != nil {
		change(&j)
	}
	a.store.mu.Lock()
	defer a.store.mu.Unlock()
	a.store.jobs = append(a.store.jobs, j)
	return &j
}

// addArtifact stores files as an artifact.
func (a *testAPI) addArtifact(kind models.ArtifactKind, mode, format string, files map[string]string) *models.Artifact {
	art := models.Artifact{ID: models.NewID(), AccountID: a.account, ProjectID: models.NewID(), RevisionID: models.NewID(),
		JobID: models.NewID(), Kind: kind, Engine: "phaser", Mode: mode, Format: format, Title: "Neon Fox!", CreatedAt: time.Now()}
	for path, text := range files {
		sum := a.store.keep([]byte(text))
		art.Manifest = append(art.Manifest, models.ManifestEntry{Path: path, SHA256: sum, Size: int64(len(text)), MediaType: models.MediaType(path)})
	}
	art.Manifest.Sort()
	art.Digest, art.Bytes = art.Manifest.Digest(), art.Manifest.Bytes()
	a.store.mu.Lock()
	defer a.store.mu.Unlock()
	a.store.artifacts = append(a.store.artifacts, art)
	return &art
}
