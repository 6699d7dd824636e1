package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// client speaks plain HTTP to a server, with a key.
type client struct{ url, key string }

// web has a time limit for complete responses; event streams have a separate client.
var web = &http.Client{Timeout: time.Minute}

type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// try sends a request; body is text to send as it is, a value to encode as JSON, or nil.
func (c client) try(method, path string, body any, headers ...string) (*answer, error) {
	var reader io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case io.Reader:
		reader, kind = b, "application/json"
	case string:
		reader, kind = strings.NewReader(b), "application/json"
	case []byte:
		reader, kind = bytes.NewReader(b), "application/octet-stream"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		reader, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequest(method, c.url+path, reader)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := web.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return &answer{status: res.StatusCode, header: res.Header, body: raw}, err
}

// do is try that fails the test if there is no response.
func (c client) do(t testing.TB, method, path string, body any, headers ...string) *answer {
	t.Helper()
	a, err := c.try(method, path, body, headers...)
	require.NoError(t, err)
	a.t = t
	return a
}

func (c client) get(t testing.TB, path string) *answer {
	t.Helper()
	return c.do(t, http.MethodGet, path, nil)
}

// want fails the test unless the answer has the status.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, "%s", a.body)
	return a
}

// read decodes the answer.
func read[T any](a *answer) T {
	a.t.Helper()
	var v T
	require.NoError(a.t, json.Unmarshal(a.body, &v), "%s", a.body)
	return v
}

// problem is application/problem+json.
type problem struct {
	Type, Title, Detail, Code string
	Status                    int
	RequestID                 string `json:"request_id"`
	Errors                    []struct{ Pointer, Parameter, Detail, Code string }
}

// The parts of the API's objects that the tests read.
type (
	project struct {
		ID, Name, Engine string
		RevisionID       *string `json:"revision_id"`
	}
	revision struct{ ID, Digest, Title string }
	job      struct {
		ID, Kind, State, Priority, Stage string
		ProjectID                        *string `json:"project_id"`
		PipelineID                       *string `json:"pipeline_id"`
		Attempt                          int
		Progress                         float64
		Input, Output                    map[string]any
		Error                            *struct{ Code, Message string }
		TokensIn                         *int64     `json:"tokens_in"`
		TokensOut                        *int64     `json:"tokens_out"`
		CreatedAt                        time.Time  `json:"created_at"`
		StartedAt                        *time.Time `json:"started_at"`
		FinishedAt                       *time.Time `json:"finished_at"`
	}
	pipeline struct {
		ID   string
		Jobs []job
	}
	artifact struct {
		ID, Kind, Mode, Format, Digest string
		JobID                          string  `json:"job_id"`
		PlayURL                        *string `json:"play_url"`
		DownloadURL                    string  `json:"download_url"`
		Cached                         bool
		CachedFrom                     string `json:"cached_from"`
	}
	list[T any] struct {
		Data       []T
		HasMore    bool    `json:"has_more"`
		NextCursor *string `json:"next_cursor"`
	}
	step map[string]any
)

func (j job) terminal() bool {
	return j.State == "succeeded" || j.State == "failed" || j.State == "cancelled"
}

func (p pipeline) over() bool {
	for _, j := range p.Jobs {
		if !j.terminal() {
			return false
		}
	}
	return true
}

// newProject makes a project with an engine, "phaser", or one version of it, "phaser@3.90.0".
func (c client) newProject(t testing.TB, name, engine string) project {
	t.Helper()
	engine, version, pinned := strings.Cut(engine, "@")
	body := map[string]string{"name": name, "engine": engine}
	if pinned {
		body["engine_version"] = version
	}
	return read[project](c.do(t, "POST", "/v1/projects", body).want(201))
}

func (c client) submit(t testing.TB, projectID string, steps ...step) pipeline {
	t.Helper()
	return read[pipeline](c.do(t, "POST", "/v1/pipelines", map[string]any{"project_id": projectID, "steps": steps}).want(202))
}

func (c client) submitJob(t testing.TB, projectID, kind string, input map[string]any) job {
	t.Helper()
	body := map[string]any{"kind": kind, "input": input}
	if projectID != "" {
		body["project_id"] = projectID
	}
	return read[job](c.do(t, "POST", "/v1/jobs", body).want(202))
}

// fullPipeline is a generation, a release build and an export, as in the README.
func fullPipeline(prompt string) []step {
	return []step{
		{"kind": "generation", "input": step{"prompt": prompt, "seed": 7}},
		{"kind": "build", "input": step{"mode": "release"}},
		{"kind": "export"},
	}
}

// await waits for a pipeline's end, through outages of the server.
func (c client) await(t testing.TB, id string, within time.Duration) pipeline {
	t.Helper()
	var p pipeline
	waitFor(t, within, "pipeline "+id, func() (any, bool) {
		a, err := c.try("GET", "/v1/pipelines/"+id, nil)
		if err != nil || a.status != 200 || json.Unmarshal(a.body, &p) != nil {
			return err, false
		}
		return p, p.over()
	})
	return p
}

// awaitJob waits until a job meets a condition.
func (c client) awaitJob(t testing.TB, id string, within time.Duration, so func(job) bool) job {
	t.Helper()
	var j job
	waitFor(t, within, "job "+id, func() (any, bool) {
		next := job{}
		a, err := c.try("GET", "/v1/jobs/"+id, nil)
		if err != nil || a.status != 200 || json.Unmarshal(a.body, &next) != nil {
			return err, false
		}
		j = next
		return j, so(j)
	})
	return j
}

func (c client) end(t testing.TB, id string, within time.Duration) job {
	t.Helper()
	return c.awaitJob(t, id, within, job.terminal)
}

// waitFor polls until a condition holds; a failure shows the last value.
func waitFor(t testing.TB, within time.Duration, what string, look func() (seen any, so bool)) {
	t.Helper()
	for deadline := time.Now().Add(within); ; <-time.After(pollEvery) {
		seen, so := look()
		if so {
			return
		}
		if time.Now().After(deadline) {
			require.FailNow(t, "it did not come about", "%s within %s; last seen: %+v", what, within, seen)
		}
	}
}

// succeed fails the test unless every job of the pipeline has succeeded.
func (p pipeline) succeed(t testing.TB) pipeline {
	t.Helper()
	for _, j := range p.Jobs {
		require.Equal(t, "succeeded", j.State, "%s: %+v", j.Kind, j.Error)
	}
	return p
}
