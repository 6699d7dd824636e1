package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/testenv"
)

func TestMain(m *testing.M) { testenv.RunWithoutLeaks(m) }

// fakeServer plays the part of a Spark server whose jobs go as its script says.
type fakeServer struct {
	*httptest.Server
	t *testing.T

	mu        sync.Mutex
	requests  []string // "POST /v1/projects {…}"
	resumed   []string // Last-Event-ID of each stream
	jobs      map[string]*apiclient.Job
	events    map[string][]apiclient.JobEvent
	cancelled []string

	dropAfter  int    // streams break off after this many events; 0 is never
	hang       bool   // builds never end
	hanging    func() // called when one is waited for
	submitting func() // called while a pipeline is submitted
	cached     bool
	reading    string // the generation's output
	failBuild  bool
	zip        []byte
	exported   []byte // that an export of the account answers
	cut        bool   // it breaks off
	upload     fakeUpload
}

const fakeKey = "spark_test"

func newFakeServer(t *testing.T) *fakeServer {
	s := &fakeServer{t: t, jobs: map[string]*apiclient.Job{}, events: map[string][]apiclient.JobEvent{},
		zip: makeZip(t, "index.html", "<!doctype html>", "assets/fox.png", "PNG")}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/engines", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.EngineList{Data: []apiclient.Engine{
			{Name: "phaser", Title: "Phaser", Version: "4.2.1", Default: true, Outputs: []string{"web"}, Available: true, Isolation: given("docker"), Image: given("sha256:0123456789abcdef"), Pool: apiclient.PoolCounts{Warm: 1, Waiting: 2}},
			{Name: "phaser", Title: "Phaser", Version: "3.90.0", Outputs: []string{"web"}, Available: true, Isolation: given("open"), Notice: "it has no image"},
			{Name: "three", Title: "Three.js", Version: "0.187.0", Default: true, Outputs: []string{"web"}, Available: true},
			{Name: "godot", Title: "Godot\x1b[2J", Version: "4", Reason: "no container", Outputs: []string{"linux", "pck"}}}})
	})
	mux.HandleFunc("GET /v1/pool", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, apiclient.PoolWorkerList{Data: []apiclient.PoolWorker{
			{Worker: "host/1/x", Sandbox: "docker", Isolation: "open", Max: 6, Reaped: 2, Engines: []apiclient.PoolEngine{{Engine: "phaser", Version: "4.2.1",
				Pool: apiclient.PoolCounts{Warm: 1, Running: 1}, WarmAcquires: 9, ColdAcquires: 3, AcquireP50Us: 42, AcquireP99Us: 1234567,
				Kills: map[string]int{"timeout": 1, "cancelled": 2}, Reason: "its sandboxes do not start"}},
				Sandboxes: []apiclient.PoolSandbox{{Container: given("spark-1"), Engine: "phaser", Version: given("4.2.1"), State: "running", Since: time.Now().Add(-time.Hour), JobID: given("j1\x1b[2J"), AccountID: given("a1")},
					{Container: given("spark-2"), Engine: "phaser", State: "warm"}}},
			{Worker: "host/2/y", Sandbox: "local", Isolation: "confined", Sandboxes: []apiclient.PoolSandbox{{Engine: "three", State: "running", Since: time.Now(), JobID: given("j2")}}}}})
	})
	s.scheduleRoutes(mux)
	s.webhookRoutes(mux)
	s.bulkRoutes(mux)
	s.exportRoutes(mux)
	s.templateRoutes(mux)
	s.assetRoutes(mux)
	s.administration(mux)
	mux.HandleFunc("POST /v1/projects", s.createProject)
	mux.HandleFunc("DELETE /v1/projects/p1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("POST /v1/projects/p1/restore", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"id":"p1","name":"Fo\u001bx","engine":"phaser"}`))
	})
	mux.HandleFunc("POST /v1/projects/p1/duplicate", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(map[string]string{"id": "p3", "name": string(body)})
	})
	mux.HandleFunc("POST /v1/projects/import", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		name := fmt.Sprintf("%s %s %s %s", r.Header.Get("Content-Type"), r.FormValue("name"), r.FormValue("engine"), body)
		answer(w, 201, apiclient.ImportedProject{Project: apiclient.Project{ID: "p2", Name: name}, LeftOut: []apiclient.LeftOut{{Path: "x/.git", Files: 3}}})
	})
	mux.HandleFunc("GET /v1/projects", func(w http.ResponseWriter, _ *http.Request) {
		next := "more"
		answer(w, 200, apiclient.ProjectList{Data: []apiclient.Project{{ID: "p1", Name: "Fox", Engine: "phaser", EngineVersion: given("3.90.0")}}, HasMore: true, NextCursor: &next})
	})
	mux.HandleFunc("GET /v1/projects/p1/revisions/r1/merge", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"base_id":null,"ours_id":"r2","theirs_id":"r1","files":[{"path":"a.js","status":"modified"}],"conflicts":[]}`))
	})
	mux.HandleFunc("POST /v1/projects/p1/revisions/r1/merge", func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), `"theirs"`) {
			_, _ = w.Write([]byte(`{"id":"r3"}`))
			return
		}
		w.WriteHeader(http.StatusConflict)
		_, _ = w.Write([]byte(`{"code":"merge_conflict","detail":"1 files differ","status":409,"conflicts":[{"path":"b.js","kind":"moved","side":"ours","to":"c.js"}]}`))
	})
	mux.HandleFunc("POST /v1/pipelines", func(w http.ResponseWriter, r *http.Request) {
		if s.submitting != nil {
			s.submitting()
		}
		s.submit(w, r)
	})
	mux.HandleFunc("GET /v1/jobs", func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, apiclient.JobList{Data: []apiclient.Job{{ID: "j1", Kind: models.KindBuild, State: models.State(r.FormValue("state")), Progress: 0.5}}})
	})
	mux.HandleFunc("GET /v1/jobs/{id}", func(w http.ResponseWriter, r *http.Request) { s.getJob(w, r.PathValue("id"), 200) })
	mux.HandleFunc("POST /v1/jobs/{id}/cancel", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.cancelled = append(s.cancelled, r.PathValue("id"))
		s.mu.Unlock()
		s.getJob(w, r.PathValue("id"), 202)
	})
	mux.HandleFunc("GET /v1/jobs/{id}/events", s.stream)
	mux.HandleFunc("GET /v1/artifacts", func(w http.ResponseWriter, r *http.Request) {
		a := apiclient.Artifact{ID: "a-" + r.FormValue("job_id"), Kind: models.ArtifactExport, Bytes: int64(len(s.zip))}
		if strings.HasPrefix(a.ID, "a-build") {
			play := "/play/" + a.ID + "/"
			a.PlayURL = &play
			a.Cached = s.cached
		}
		answer(w, 200, apiclient.ArtifactList{Data: []apiclient.Artifact{a}})
	})
	mux.HandleFunc("GET /v1/artifacts/{id}/download", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(s.zip) })
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(raw))
		s.mu.Lock()
		s.requests = append(s.requests, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+string(raw)))
		s.mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer "+fakeKey {
			problem(w, 401, models.CodeUnauthorized, "a valid API key is required", "")
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func problem(w http.ResponseWriter, status int, code models.Code, detail, pointer string) {
	p := apiclient.Problem{Status: status, Code: code, Detail: detail}
	if pointer != "" {
		p.Errors = &[]apiclient.ProblemField{{Pointer: pointer, Detail: detail, Code: code}}
	}
	answer(w, status, p)
}

func (s *fakeServer) createProject(w http.ResponseWriter, r *http.Request) {
	var p apiclient.NewProject
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil || p.Engine == "doom" || p.Engine == "phasr" {
		problem(w, 400, models.CodeUnknownEngine, "no such engine", "/engine")
		return
	}
	if p.EngineVersion != nil && *p.EngineVersion != "3.90.0" {
		problem(w, 400, models.CodeUnknownVersion, "no such version", "/engine_version")
		return
	}
	made := apiclient.Project{ID: "p1", Name: p.Name, Engine: p.Engine, EngineVersion: p.EngineVersion}
	if p.From != nil && p.From.Prompt != nil {
		made.Pipeline = &apiclient.Pipeline{ID: "pipe"}
	}
	answer(w, 201, made)
}

func (s *fakeServer) submit(w http.ResponseWriter, r *http.Request) {
	var p apiclient.NewPipeline
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		s.t.Error(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	made := apiclient.Pipeline{ID: "pipe", ProjectID: *p.ProjectID}
	if p.Template != "" {
		p.Steps = []apiclient.NewStep{{Kind: models.KindGeneration}, {Kind: models.KindBuild}, {Kind: models.KindExport}}
	}
	for _, step := range p.Steps {
		job := &apiclient.Job{ID: string(step.Kind) + "-1", Kind: step.Kind, State: models.StateSucceeded}
		events := []models.EventType{models.EventQueued, models.EventStarted, models.EventProgress, models.EventProgress, models.EventSucceeded}
		if step.Kind == models.KindBuild && s.failBuild {
			job.State, events[4] = models.StateFailed, models.EventFailed
			job.Error = &apiclient.JobError{Code: models.CodeCompileFailed, Message: "1 error"}
			job.Output = json.RawMessage(`{"diagnostics":[{"severity":"error","file":"src/main.js","line":3,"column":7,"text":"oops\u001b[0m"}]}`)
		}
		if step.Kind == models.KindGeneration && s.reading != "" {
			job.Output = json.RawMessage(s.reading)
		}
		if step.Kind == models.KindBuild && s.hang {
			job.State, events = models.StateRunning, events[:3]
		}
		s.jobs[job.ID] = job
		for i, t := range events {
			ev := apiclient.JobEvent{JobID: job.ID, Seq: int64(i + 1), Type: t}
			if t == models.EventProgress {
				ev.Data = json.RawMessage(fmt.Sprintf(`{"progress":%g,"stage":"stage %d"}`, float64(i)/4, i))
			}
			s.events[job.ID] = append(s.events[job.ID], ev)
		}
		made.Jobs = append(made.Jobs, *job)
	}
	answer(w, 202, made)
}

func (s *fakeServer) getJob(w http.ResponseWriter, id string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if job, ok := s.jobs[id]; ok {
		answer(w, status, job)
		return
	}
	problem(w, 404, models.CodeNotFound, "no such job", "")
}

func (s *fakeServer) stream(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.resumed = append(s.resumed, r.PathValue("id")+"@"+r.Header.Get("Last-Event-ID"))
	events, known := s.events[r.PathValue("id")]
	hang, drop := s.hang, s.dropAfter
	s.mu.Unlock()
	if !known {
		problem(w, 404, models.CodeNotFound, "no such job", "")
		return
	}
	after, _ := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	if last := events[len(events)-1]; last.Type.Terminal() && after >= last.Seq {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, "retry: 1\n\n")
	sent := 0
	for _, ev := range events {
		if ev.Seq <= after {
			continue
		}
		raw, _ := json.Marshal(ev)
		fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", ev.Seq, ev.Type, raw)
		if sent++; drop > 0 && sent == drop {
			fmt.Fprintf(w, "id: %d\nevent: prog", ev.Seq+1) // in the middle of an event
			return
		}
	}
	w.(http.Flusher).Flush()
	if hang && !events[len(events)-1].Type.Terminal() {
		s.hanging()
		<-r.Context().Done()
	}
}

func (s *fakeServer) saw(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r string) bool { return !strings.HasPrefix(r, prefix) })
}

func makeZip(t *testing.T, namesAndTexts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for i := 0; i < len(namesAndTexts); i += 2 {
		w, err := z.Create(namesAndTexts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, namesAndTexts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// result is how a command ended.
type result struct {
	code     int
	out, err string
}

// run executes a command line with an environment.
func run(ctx context.Context, t *testing.T, d Deps, env map[string]string, args ...string) result {
	t.Helper()
	d.Getenv = func(name string) string { return env[name] }
	if env["SPARK_DATA_DIR"] == "" {
		d.Getenv = func(name string) string {
			if name == "SPARK_DATA_DIR" {
				return t.TempDir()
			}
			return env[name]
		}
	}
	d.Version, d.AnswerWithin = "1.2.3", testWithin
	root := New(d)
	var out, errOut bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errOut)
	err := execute(ctx, root, args)
	if err != nil {
		errOut.WriteString(describe(err))
	}
	return result{ExitCode(err), out.String(), errOut.String()}
}

func (s *fakeServer) env() map[string]string {
	return map[string]string{"SPARK_SERVER": s.URL, "SPARK_KEY": fakeKey}
}

// testWithin only ends tests that hang: machines may be slow.
const testWithin = 5 * time.Minute

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), testWithin)
	t.Cleanup(cancel)
	return ctx
}
