package api

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

type emptyGatherer struct{}

func (emptyGatherer) Gather() ([]*dto.MetricFamily, error) { return nil, nil }

var _ prometheus.Gatherer = emptyGatherer{}

// Every mistake is answered with a status, a code and a location, and changes nothing.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	project := a.newProject().ID
	foreign := decodeAs[openapi.Project](a.do("POST", "/v1/projects", `{"name":"x","engine":"phaser"}`, "Authorization: Bearer "+a.stranger).want(201)).ID
	job := a.submit(models.KindBuild).ID
	written := func(project string, headers ...string) string {
		a.do("PUT", "/v1/projects/"+project+"/files/a.txt", "x", append(headers, "Content-Type: text/plain")...).want(200)
		return *decodeAs[openapi.Project](a.do("GET", "/v1/projects/"+project, "", headers...).want(200)).RevisionID
	}
	other := written(a.newProject().ID)
	strangers := written(foreign, "Authorization: Bearer "+a.stranger)
	artifact := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"}).ID // of another project
	input := func(kind, input string) string {
		return `{"kind":"` + kind + `","project_id":"` + project + `","input":{` + input + `}}`
	}
	prompt := strings.Repeat("x", 40<<10)
	stored := a.stored()
	for _, tt := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code                     models.Code
		at                       string // pointer, or ?parameter
	}{
		{"no JSON", "POST", "/v1/jobs", `{"kind":`, nil, 400, "invalid_request", ""},
		{"empty", "POST", "/v1/jobs", ` `, nil, 400, "invalid_request", ""},
		{"trailing garbage", "POST", "/v1/jobs", `{"kind":"build"} x`, nil, 400, "invalid_request", ""},
		{"two values", "POST", "/v1/jobs", `{"kind":"build"}{}`, nil, 400, "invalid_request", ""},
		{"array", "POST", "/v1/jobs", `[]`, nil, 400, "invalid_request", ""},
		{"not UTF-8", "POST", "/v1/projects", "{\"name\":\"\xff\",\"engine\":\"phaser\"}", nil, 400, "invalid_request", ""},
		{"unknown field", "POST", "/v1/jobs", `{"kind":"build","project_id":"x","colour":1}`, nil, 400, "invalid_request", "/colour"},
		{"unknown field of a step", "POST", "/v1/pipelines", `{"project_id":"x","steps":[{"kind":"build","a/b":1}]}`, nil, 400, "invalid_request", "/steps/0/a~1b"},
		{"wrong type", "POST", "/v1/jobs", `{"kind":"build","project_id":7}`, nil, 400, "invalid_request", "/project_id"},
		{"missing field", "POST", "/v1/projects", `{"engine":"phaser"}`, nil, 400, "invalid_request", "/name"},
		{"blank name", "POST", "/v1/projects", `{"name":"  ","engine":"phaser"}`, nil, 400, "invalid_request", "/name"},
		{"NUL in name", "POST", "/v1/projects", `{"name":"a\u0000b","engine":"phaser"}`, nil, 400, "invalid_request", "/name"},
		{"long name", "POST", "/v1/projects", `{"name":"` + strings.Repeat("n", 121) + `","engine":"phaser"}`, nil, 400, "invalid_request", "/name"},
		{"unknown engine", "POST", "/v1/projects", `{"name":"x","engine":"doom"}`, nil, 400, "unknown_engine", "/engine"},
		{"version of another engine", "POST", "/v1/projects", `{"name":"x","engine":"three","engine_version":"4.2.1"}`, nil, 400, "unknown_version", "/engine_version"},
		{"long version", "POST", "/v1/projects", `{"name":"x","engine":"phaser","engine_version":"` + strings.Repeat("1", 65) + `"}`, nil, 400, "invalid_request", "/engine_version"},
		{"version is a number", "POST", "/v1/projects", `{"name":"x","engine":"phaser","engine_version":4}`, nil, 400, "invalid_request", "/engine_version"},
		{"unknown kind", "POST", "/v1/jobs", `{"kind":"dance"}`, nil, 400, "unknown_kind", "/kind"},
		{"unknown priority", "POST", "/v1/jobs", `{"kind":"build","project_id":"x","priority":"now"}`, nil, 400, "invalid_request", "/priority"},
		{"no project", "POST", "/v1/jobs", `{"kind":"build"}`, nil, 400, "invalid_request", "/project_id"},
		{"bad project", "POST", "/v1/jobs", `{"kind":"build","project_id":"7"}`, nil, 404, "not_found", "/project_id"},
		{"someone else's project", "POST", "/v1/jobs", `{"kind":"build","project_id":"` + foreign + `"}`, nil, 404, "not_found", "/project_id"},
		{"no prompt", "POST", "/v1/jobs", `{"kind":"generation","project_id":"` + project + `","input":{}}`, nil, 400, "invalid_request", "/input/prompt"},
		{"input is a list", "POST", "/v1/jobs", `{"kind":"generation","project_id":"` + project + `","input":[]}`, nil, 400, "invalid_request", "/input"},
		{"unknown input", "POST", "/v1/jobs", `{"kind":"export","project_id":"` + project + `","input":{"format":"exe"}}`, nil, 400, "invalid_request", "/input/format"},
		{"misspelt input", "POST", "/v1/jobs", `{"kind":"build","project_id":"` + project + `","input":{"mod":"release"}}`, nil, 400, "invalid_request", "/input/mod"},
		{"long prompt", "POST", "/v1/jobs", `{"kind":"generation","project_id":"` + project + `","input":{"prompt":"` + prompt + `"}}`, nil, 400, "invalid_request", "/input/prompt"},
		{"too much input", "POST", "/v1/jobs", `{"kind":"generation","project_id":"` + project + `","input":{"prompt":"` + prompt + prompt + `"}}`, nil, 413, "payload_too_large", "/input"},
		{"unknown provider", "POST", "/v1/jobs", `{"kind":"generation","project_id":"` + project + `","input":{"prompt":"x","provider":"oracle"}}`, nil, 400, "invalid_request", "/input/provider"},
		{"unknown revision", "POST", "/v1/jobs", input("build", `"revision_id":"`+models.NewID()+`"`), nil, 404, "not_found", "/input/revision_id"},
		{"another project's revision", "POST", "/v1/jobs", input("build", `"revision_id":"`+other+`"`), nil, 404, "not_found", "/input/revision_id"},
		{"someone else's revision", "POST", "/v1/jobs", input("build", `"revision_id":"`+strangers+`"`), nil, 404, "not_found", "/input/revision_id"},
		{"another project's artifact", "POST", "/v1/jobs", input("export", `"artifact_id":"`+artifact+`"`), nil, 404, "not_found", "/input/artifact_id"},
		{"unknown artifact of a step", "POST", "/v1/pipelines", `{"project_id":"` + project + `","steps":[{"kind":"export","input":{"artifact_id":"` + models.NewID() + `"}}]}`, nil, 404, "not_found", "/steps/0/input/artifact_id"},
		{"wrong content type", "POST", "/v1/jobs", `{}`, []string{"Content-Type: text/plain"}, 415, "unsupported_media_type", ""},
		{"no content type", "POST", "/v1/jobs", `{}`, []string{"Content-Type: "}, 415, "unsupported_media_type", ""},
		{"other charset", "POST", "/v1/jobs", `{}`, []string{"Content-Type: application/json; charset=utf-16"}, 415, "unsupported_media_type", ""},
		{"compressed", "POST", "/v1/jobs", `{}`, []string{"Content-Encoding: gzip"}, 415, "unsupported_media_type", ""},
		{"body over the limit", "POST", "/v1/jobs", `{"kind":"` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "payload_too_large", ""},
		{"empty pipeline", "POST", "/v1/pipelines", `{"project_id":"` + project + `","steps":[]}`, nil, 400, "invalid_request", "/steps"},
		{"kind of a step", "POST", "/v1/pipelines", `{"project_id":"` + project + `","steps":[{"kind":"build"},{"kind":"dance"}]}`, nil, 400, "unknown_kind", "/steps/1/kind"},
		{"input of a step", "POST", "/v1/pipelines", `{"project_id":"` + project + `","steps":[{"kind":"build"},{"kind":"build","input":{"mode":"fast"}}]}`, nil, 400, "invalid_request", "/steps/1/input/mode"},
		{"unknown step", "POST", "/v1/pipelines", `{"project_id":"` + project + `","steps":[{"kind":"build","after":["x"]}]}`, nil, 400, "invalid_request", "/steps/0/after/0"},
		{"cycle", "POST", "/v1/pipelines", `{"project_id":"` + project + `","steps":[{"kind":"build","name":"a","after":["b"]},{"kind":"build","name":"b","after":["a"]}]}`, nil, 400, "pipeline_cycle", "/steps/1/after"},
		{"someone else's pipeline", "POST", "/v1/pipelines", `{"project_id":"` + foreign + `","steps":[{"kind":"build"}]}`, nil, 404, "not_found", "/project_id"},
		{"limit 0", "GET", "/v1/jobs?limit=0", "", nil, 400, "invalid_request", "?limit"},
		{"limit 101", "GET", "/v1/jobs?limit=101", "", nil, 400, "invalid_request", "?limit"},
		{"limit x", "GET", "/v1/jobs?limit=x", "", nil, 400, "invalid_request", "?limit"},
		{"limit of many digits", "GET", "/v1/jobs?limit=99999999999999999999", "", nil, 400, "invalid_request", "?limit"},
		{"cursor", "GET", "/v1/projects?cursor=abc", "", nil, 400, "invalid_request", "?cursor"},
		{"cursor that is an id", "GET", "/v1/projects?cursor=" + project, "", nil, 400, "invalid_request", "?cursor"},
		{"long cursor", "GET", "/v1/projects?cursor=" + strings.Repeat("a", 1001), "", nil, 400, "invalid_request", "?cursor"},
		{"long search", "GET", "/v1/projects?search=" + strings.Repeat("%C3%B6", 121), "", nil, 400, "invalid_request", "?search"},
		{"long preference", "GET", "/v1/jobs/" + job, "", []string{"Prefer: " + strings.Repeat("a", 201)}, 400, "invalid_request", "?Prefer"},
		{"state", "GET", "/v1/jobs?state=lost", "", nil, 400, "invalid_request", "?state"},
		{"kind", "GET", "/v1/jobs?kind=dance", "", nil, 400, "unknown_kind", "?kind"},
		{"project of a filter", "GET", "/v1/jobs?project_id=7", "", nil, 400, "invalid_request", "?project_id"},
		{"kind of artifact", "GET", "/v1/artifacts?kind=generation", "", nil, 400, "invalid_request", "?kind"},
		{"period", "GET", "/v1/usage?period=year", "", nil, 400, "invalid_request", "?period"},
		{"time", "GET", "/v1/usage?from=yesterday", "", nil, 400, "invalid_request", "?from"},
		{"times the wrong way round", "GET", "/v1/usage?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "", nil, 400, "invalid_request", "?from"},
		{"much too long", "GET", "/v1/usage?from=1970-01-01T00:00:00Z", "", nil, 400, "invalid_request", "?from"},
		{"bad job id", "GET", "/v1/jobs/7", "", nil, 404, "not_found", ""},
		{"upper case id", "GET", "/v1/jobs/" + strings.ToUpper(job), "", nil, 404, "not_found", ""},
		{"unknown job", "GET", "/v1/jobs/" + models.NewID(), "", nil, 404, "not_found", ""},
		{"someone else's job", "GET", "/v1/jobs/" + job, "", []string{"Authorization: Bearer " + a.stranger}, 404, "not_found", ""},
		{"events of someone else's job", "GET", "/v1/jobs/" + job + "/events", "", []string{"Authorization: Bearer " + a.stranger}, 404, "not_found", ""},
		{"cancel someone else's job", "POST", "/v1/jobs/" + job + "/cancel", "", []string{"Authorization: Bearer " + a.stranger}, 404, "not_found", ""},
		{"retry of a queued job", "POST", "/v1/jobs/" + job + "/retry", "", nil, 409, "conflict", ""},
		{"path leaves", "PUT", "/v1/projects/" + project + "/files/a/../../b.js", "x", nil, 400, "invalid_path", "?path"},
		{"path leaves, encoded", "PUT", "/v1/projects/" + project + "/files/..%2f..%2fetc", "x", nil, 400, "invalid_path", "?path"},
		{"NUL in path", "PUT", "/v1/projects/" + project + "/files/a%00b", "x", nil, 400, "invalid_path", "?path"},
		{"no path", "PUT", "/v1/projects/" + project + "/files/", "x", nil, 400, "invalid_path", "?path"},
		{"file of someone else's project", "PUT", "/v1/projects/" + foreign + "/files/a.js", "x", nil, 404, "not_found", ""},
		{"path in a set", "PUT", "/v1/projects/" + project + "/files", `{"files":[{"path":"ok","text":""},{"path":"../x","text":""}]}`, nil, 400, "invalid_path", "/files/1/path"},
		{"no content in a set", "PUT", "/v1/projects/" + project + "/files", `{"files":[{"path":"x"}]}`, nil, 400, "invalid_request", "/files/0"},
		{"base64 in a set", "PUT", "/v1/projects/" + project + "/files", `{"files":[{"path":"x","base64":"%"}]}`, nil, 400, "invalid_request", "/files/0/base64"},
		{"paths collide", "PUT", "/v1/projects/" + project + "/files", `{"files":[{"path":"x","text":""},{"path":"X","text":""}]}`, nil, 400, "invalid_files", "/files"},
		{"unknown path", "GET", "/v2/jobs", "", nil, 404, "not_found", ""},
		{"trailing slash", "GET", "/v1/jobs/", "", nil, 404, "not_found", ""},
		{"wrong method", "DELETE", "/v1/jobs", "", nil, 405, "method_not_allowed", ""},
		{"unknown parameter", "GET", "/v1/jobs?created_after=2026-01-01T00:00:00Z", "", nil, 400, "invalid_request", "?created_after"},
		{"empty end user", "GET", "/v1/jobs?end_user=", "", nil, 400, "invalid_request", "?end_user"},
		{"NUL in a query", "GET", "/v1/projects?search=%00", "", nil, 400, "invalid_request", "?search"},
		{"no UTF-8 in a query", "GET", "/v1/jobs?end_user=%ff", "", nil, 400, "invalid_request", "?end_user"},
		{"long search", "GET", "/v1/projects?search=" + strings.Repeat("x", 121), "", nil, 400, "invalid_request", "?search"},
		{"NUL in a plan", "GET", "/v1/admin/plans/%00", "", []string{"Authorization: Bearer " + a.admin}, 404, "not_found", ""},
		{"NUL in a plan of an account", "POST", "/v1/admin/accounts", `{"name":"x","plan":"\u0000"}`, []string{"Authorization: Bearer " + a.admin}, 400, "invalid_request", "/plan"},
		{"no key", "GET", "/v1/jobs", "", []string{"Authorization: "}, 401, "unauthorized", ""},
		{"mistyped key", "GET", "/v1/jobs", "", []string{"Authorization: Bearer " + a.key[:len(a.key)-1]}, 401, "unauthorized", ""},
		{"no key, bad body", "POST", "/v1/jobs", "{", []string{"Authorization: "}, 401, "unauthorized", ""},
		{"no key, bad parameter", "GET", "/v1/jobs?limit=x", "", []string{"Authorization: "}, 401, "unauthorized", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := *a
			b.t = t
			before := stored()
			p := b.do(tt.method, tt.path, tt.body, tt.headers...).problem(tt.status, tt.code)
			var places []string
			if p.Errors != nil {
				for _, e := range *p.Errors {
					place := e.Pointer
					if e.Parameter != "" {
						place = "?" + e.Parameter
					}
					places = append(places, place)
				}
			}
			if got := strings.Join(places, " "); got != tt.at {
				t.Errorf("points at %q, want %q: %+v", got, tt.at, p)
			}
			if after := stored(); after != before {
				t.Errorf("something was stored: %s, after %s", after, before)
			}
		})
	}
	before := stored()
	if written(project); stored() == before {
		t.Error("what is stored goes unnoticed")
	}
}

func TestSeveralMistakesAtOnce(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	p := a.do("POST", "/v1/projects", `{"name":7,"engine":[],"x":1}`).problem(400, models.CodeInvalidRequest)
	if p.Errors == nil || len(*p.Errors) != 3 {
		t.Errorf("%+v", p.Errors)
	}
}

// endless is a body that counts how much of it was read.
type endless struct {
	left int64
	read atomic.Int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	e.read.Add(n)
	return int(n), nil
}

// A 100 MB prompt is refused without being read, whether its length is announced or not. (The test runs alone, because it
// measures the allocations of the process.)
func TestHugeBody(t *testing.T) {
	a := newTestAPI(t)
	const size = 100 << 20
	for _, announced := range []int64{size, -1} {
		body := &endless{left: size}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+"/v1/jobs",
			io.MultiReader(strings.NewReader(`{"kind":"generation","input":{"prompt":"`), body))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = announced
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+a.key)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		res, err := a.client.Do(req)
		runtime.ReadMemStats(&after)
		// The server closes the connection if the client keeps sending; if the client did not see the response because of that,
		// the small amount read shows the refusal.
		if err == nil {
			raw, _ := io.ReadAll(res.Body)
			if err := res.Body.Close(); err != nil {
				t.Error(err)
			}
			answer{t, res.StatusCode, res.Header, raw}.problem(413, models.CodePayloadTooLarge)
		} else if announced == size {
			t.Error(err)
		}
		if taken := body.read.Load(); taken > 24<<20 {
			t.Errorf("%d bytes were taken", taken)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 24<<20 {
			t.Errorf("%d bytes of memory for a refusal", grown)
		}
	}
}

// Errors of the stores are translated to what a caller may see.
func TestStoreErrors(t *testing.T) {
	t.Parallel()
	secret := errors.New(`dial tcp 10.0.0.7: password "hunter2"`)
	for _, tt := range []struct {
		name   string
		err    error
		status int
		code   models.Code
		level  string
	}{
		{"unknown", secret, 500, models.CodeInternal, "error"},
		{"unavailable", models.WrapError(models.CodeUnavailable, "the database is away", secret), 503, models.CodeUnavailable, "warn"},
		{"conflict", models.WrapError(models.CodeConflict, "no", secret), 409, models.CodeConflict, ""},
		{"a code that is not for HTTP", models.WrapError(models.CodePoisonous, "hunter2", secret), 500, models.CodeInternal, "error"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newTestAPI(t, func(o *Options) { o.Jobs = faultyJobs{o.Jobs, armed(tt.err)} })
			r := a.do("GET", "/v1/jobs", "", "X-Request-Id: mine-1")
			r.problem(tt.status, tt.code)
			if strings.Contains(string(r.body), "hunter2") || r.header.Get("X-Request-Id") != "mine-1" {
				t.Errorf("%s", r.body)
			}
			if (tt.status == 503) != (r.header.Get("Retry-After") != "") {
				t.Error("Retry-After goes with 503")
			}
			logged := ""
			for _, e := range a.logs.FilterFieldKey("error").All() {
				logged = e.Level.String()
				if e.ContextMap()["request_id"] != "mine-1" {
					t.Error("logged without the request's id")
				}
			}
			if logged != tt.level {
				t.Errorf("logged as %q, want %q", logged, tt.level)
			}
		})
	}
}
