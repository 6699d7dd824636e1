package e2e

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// Bad input is refused with a problem that has a code and a location, and changes nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	d := startDev(t, t.TempDir())
	mine := d.newProject(t, "Mine", "phaser").ID
	d.do(t, "PUT", "/v1/projects/"+mine+"/files/src/main.js", []byte("export {};\n")).want(200)
	stranger := d.stranger(t)
	theirs := stranger.newProject(t, "Theirs", "three").ID
	theirJob := stranger.submitJob(t, theirs, "build", nil).ID
	stranger.end(t, theirJob, jobWithin)

	// counts is the number of all resources of both accounts.
	counts := func() (all []int) {
		for _, c := range []client{d.client, stranger} {
			for _, path := range []string{"/v1/projects", "/v1/jobs", "/v1/artifacts", "/v1/projects/" + mine + "/revisions", "/v1/projects/" + theirs + "/revisions"} {
				if a := c.get(t, path+"?limit=100"); a.status == 200 {
					all = append(all, len(read[list[any]](a).Data))
				}
			}
		}
		return all
	}
	before := counts()
	jobFor := func(project, kind, input string) string {
		return fmt.Sprintf(`{"project_id":%q,"kind":%q,"input":%s}`, project, kind, input)
	}
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		code, at                 string // at is the pointer, or "?" and the parameter
	}{
		{"unknown engine", "POST", "/v1/projects", `{"name":"x","engine":"quake"}`, 400, "unknown_engine", "/engine"},
		{"project without a name", "POST", "/v1/projects", `{"engine":"phaser"}`, 400, "invalid_request", "/name"},
		{"unknown kind", "POST", "/v1/jobs", jobFor(mine, "dance", `{}`), 400, "unknown_kind", "/kind"},
		{"malformed JSON", "POST", "/v1/jobs", `{"project_id":`, 400, "invalid_request", ""},
		{"malformed JSON of a project", "POST", "/v1/projects", `{"name":"x",}`, 400, "invalid_request", ""},
		{"malformed JSON of a pipeline", "POST", "/v1/pipelines", `[`, 400, "invalid_request", ""},
		{"not an object", "POST", "/v1/jobs", `"generation"`, 400, "invalid_request", ""},
		{"unknown field", "POST", "/v1/jobs", `{"kind":"analytics","when":"now"}`, 400, "invalid_request", "/when"},
		{"no prompt", "POST", "/v1/jobs", jobFor(mine, "generation", `{}`), 400, "invalid_request", "/input/prompt"},
		{"prompt of another type", "POST", "/v1/jobs", jobFor(mine, "generation", `{"prompt":7}`), 400, "invalid_request", "/input/prompt"},
		{"prompt of 33 KiB", "POST", "/v1/jobs", jobFor(mine, "generation", `{"prompt":"`+strings.Repeat("x", 33<<10)+`"}`), 400, "invalid_request", "/input/prompt"},
		{"NUL in a prompt", "POST", "/v1/jobs", jobFor(mine, "generation", `{"prompt":"a\u0000b"}`), 400, "invalid_request", "/input/prompt"},
		{"unknown mode", "POST", "/v1/jobs", jobFor(mine, "build", `{"mode":"debug"}`), 400, "invalid_request", "/input/mode"},
		{"unknown format", "POST", "/v1/jobs", jobFor(mine, "export", `{"format":"exe"}`), 400, "invalid_request", "/input/format"},
		{"no project", "POST", "/v1/jobs", `{"kind":"build"}`, 400, "invalid_request", "/project_id"},
		{"someone else's project", "POST", "/v1/jobs", jobFor(theirs, "build", `{}`), 404, "not_found", "/project_id"},
		{"pipeline for someone else's project", "POST", "/v1/pipelines", `{"project_id":"` + theirs + `","steps":[{"kind":"build"}]}`, 404, "not_found", "/project_id"},
		{"someone else's job", "GET", "/v1/jobs/" + theirJob, "", 404, "not_found", ""},
		{"cancel someone else's job", "POST", "/v1/jobs/" + theirJob + "/cancel", "", 404, "not_found", ""},
		{"retry someone else's job", "POST", "/v1/jobs/" + theirJob + "/retry", "", 404, "not_found", ""},
		{"someone else's file", "PUT", "/v1/projects/" + theirs + "/files/a.js", "x", 404, "not_found", ""},
		{"cycle", "POST", "/v1/pipelines", `{"project_id":"` + mine + `","steps":[{"name":"a","kind":"build","after":["b"]},{"name":"b","kind":"build","after":["a"]}]}`, 400, "pipeline_cycle", "/steps/1/after"},
		{"step that waits for itself", "POST", "/v1/pipelines", `{"project_id":"` + mine + `","steps":[{"name":"a","kind":"build","after":["a"]}]}`, 400, "pipeline_cycle", "/steps/0/after"},
		{"unknown step", "POST", "/v1/pipelines", `{"project_id":"` + mine + `","steps":[{"kind":"build","after":["nobody"]}]}`, 400, "invalid_request", "/steps/0/after/0"},
		{"bad second step", "POST", "/v1/pipelines", `{"project_id":"` + mine + `","steps":[{"kind":"build"},{"kind":"export","input":{"format":"exe"}}]}`, 400, "invalid_request", "/steps/1/input/format"},
		{"no steps", "POST", "/v1/pipelines", `{"project_id":"` + mine + `","steps":[]}`, 400, "invalid_request", "/steps"},
		{"path that leaves", "PUT", "/v1/projects/" + mine + "/files/..%2F..%2Fetc%2Fpasswd", "x", 400, "invalid_path", "?path"},
		{"path that leaves in a set", "PUT", "/v1/projects/" + mine + "/files", `{"files":[{"path":"a.js","text":""},{"path":"../b.js","text":""}]}`, 400, "invalid_path", "/files/1/path"},
		{"absolute path in a set", "PUT", "/v1/projects/" + mine + "/files", `{"files":[{"path":"/etc/passwd","text":""}]}`, 400, "invalid_path", "/files/0/path"},
		{"NUL in a path", "PUT", "/v1/projects/" + mine + "/files/a%00.js", "x", 400, "invalid_path", "?path"},
		{"NUL in a path of a set", "PUT", "/v1/projects/" + mine + "/files", `{"files":[{"path":"a\u0000.js","text":""}]}`, 400, "invalid_path", "/files/0/path"},
		{"bad state", "GET", "/v1/jobs?state=lost", "", 400, "invalid_request", "?state"},
		{"bad kind", "GET", "/v1/jobs?kind=dance", "", 400, "unknown_kind", "?kind"},
		{"bad limit", "GET", "/v1/jobs?limit=1000", "", 400, "invalid_request", "?limit"},
		{"bad cursor", "GET", "/v1/jobs?cursor=zzz", "", 400, "invalid_request", "?cursor"},
		{"unknown job", "GET", "/v1/jobs/" + models.NewID(), "", 404, "not_found", ""},
		{"job of long ago", "GET", "/v1/jobs/00000000-0000-7000-8000-000000000001", "", 404, "pruned", ""},
		{"unknown address", "GET", "/v1/games", "", 404, "not_found", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var body any
			if tt.method != "GET" {
				body = tt.body
			}
			a := d.do(t, tt.method, tt.path, body).want(tt.status)
			p := isProblem(t, a)
			require.Equal(t, tt.code, p.Code)
			var places []string
			for _, e := range p.Errors {
				place := e.Pointer
				if e.Parameter != "" {
					place = "?" + e.Parameter
				}
				places = append(places, place)
			}
			if tt.at == "" {
				require.Empty(t, places)
			} else {
				require.Equal(t, []string{tt.at}, places)
			}
		})
	}
	for _, key := range []string{"", "spark_nonsense", d.key[:len(d.key)-1] + "!"} {
		require.Equal(t, "unauthorized", isProblem(t, client{d.url, key}.get(t, "/v1/projects").want(401)).Code)
	}
	require.Equal(t, before, counts())
}

// isProblem checks that a response is a problem document that describes itself.
func isProblem(t *testing.T, a *answer) problem {
	t.Helper()
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
	p := read[problem](a)
	require.Equal(t, a.status, p.Status)
	require.NotEmpty(t, p.Title)
	require.NotEmpty(t, p.Detail)
	require.NotEmpty(t, p.Type)
	require.Equal(t, a.header.Get("X-Request-Id"), p.RequestID)
	return p
}

// A prompt of 100 MB is refused as soon as it is known to be too large, and uses no memory.
func TestHugePrompt(t *testing.T) {
	t.Parallel()
	// Without engines: preparing them takes memory too, when another package has just installed one.
	d := startDev(t, t.TempDir(), "SPARK_TOOLCHAIN_DIR="+t.TempDir())
	p := d.newProject(t, "Huge", "phaser")
	for _, chunked := range []bool{false, true} {
		t.Run(fmt.Sprintf("chunked %v", chunked), func(t *testing.T) {
			before := d.memory(t)
			head := `{"project_id":"` + p.ID + `","kind":"generation","input":{"prompt":"`
			const size = 100 << 20
			sent := &counting{Reader: io.MultiReader(strings.NewReader(head), io.LimitReader(endless{}, size), strings.NewReader(`"}}`))}
			req, err := http.NewRequest(http.MethodPost, d.url+"/v1/jobs", sent)
			require.NoError(t, err)
			if !chunked {
				req.ContentLength = int64(len(head)) + size + 3
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer "+d.key)
			req.Header.Set("Expect", "100-continue")
			res, err := (&http.Client{Transport: &http.Transport{ExpectContinueTimeout: web.Timeout, DisableKeepAlives: true}}).Do(req)
			require.NoError(t, err)
			defer res.Body.Close()
			raw, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			a := (&answer{t: t, status: res.StatusCode, header: res.Header, body: raw}).want(http.StatusRequestEntityTooLarge)
			require.Equal(t, "payload_too_large", isProblem(t, a).Code)
			require.Less(t, sent.n.Load(), int64(16<<20), "bytes that were taken")
			require.Less(t, d.memory(t)-before, 32e6, "bytes of memory that it cost")
			require.Empty(t, read[list[job]](d.get(t, "/v1/jobs").want(200)).Data)
		})
	}
}

var memoryLine = regexp.MustCompile(`(?m)^go_memstats_sys_bytes (\S+)$`)

// memory is how much memory the server has obtained from the system, in bytes.
func (d *dev) memory(t *testing.T) float64 {
	t.Helper()
	m := memoryLine.FindSubmatch(d.get(t, "/metrics").want(200).body)
	require.NotNil(t, m)
	n, err := strconv.ParseFloat(string(m[1]), 64)
	require.NoError(t, err)
	return n
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// counting counts what is read through it.
type counting struct {
	io.Reader
	n atomic.Int64 // the transport may still read when the answer is there
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
