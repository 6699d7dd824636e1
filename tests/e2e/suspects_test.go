package e2e

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/internal/ai/aitest"
	"github.com/spark-games/spark/models"
)

// deadly is a model server that kills the process that asks it about a killer. A request about an innocent game waits for the
// first kill or, with hold, until it is released.
type deadly struct {
	url string

	mu       sync.Mutex
	programs map[string]*program
	asked    map[string]int // by word
	innocent chan struct{}  // closed when its first request has come
	hold     chan struct{}  // nil: only the first request of the innocent hangs
	askedFor chan string    // the word of each request that hangs
	died     chan string    // names of programs
}

func newDeadly(t *testing.T) *deadly {
	t.Helper()
	model := aitest.New(t)
	model.Always(aitest.Game("A Game", models.File{Path: "index.html", Data: []byte(`<!doctype html><script type="module" src="src/main.js"></script>`)},
		models.File{Path: "src/main.js", Data: []byte("import Phaser from 'phaser';\nnew Phaser.Game({});\n")}))
	target, err := url.Parse(model.URL)
	require.NoError(t, err)
	d := &deadly{programs: make(map[string]*program), asked: make(map[string]int), innocent: make(chan struct{}),
		askedFor: make(chan string, 100), died: make(chan string, 100)}
	mux := http.NewServeMux()
	answer := httputil.NewSingleHostReverseProxy(target)
	mux.HandleFunc("POST /{program}/v1/chat/completions", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !d.judge(r, string(body)) {
			<-r.Context().Done()
			return
		}
		r.URL.Path = "/v1/chat/completions"
		answer.ServeHTTP(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	d.url = server.URL
	return d
}

// judge reports whether a request gets its answer; otherwise it gets none.
func (d *deadly) judge(r *http.Request, body string) bool {
	name := r.PathValue("program")
	switch {
	case strings.Contains(body, "killer"):
		if d.count("killer") == 1 {
			<-d.innocent // they run together
		}
		d.living(name).kill()
		d.died <- name
		return false
	case strings.Contains(body, "innocent"):
		n := d.count("innocent")
		if n == 1 {
			close(d.innocent)
		}
		if d.hold == nil {
			return n > 1
		}
		d.askedFor <- "innocent"
		select {
		case <-d.hold:
			return true
		case <-r.Context().Done():
			return false
		}
	}
	return true
}

// living is the program of that name, which the test may be about to register.
func (d *deadly) living(name string) *program {
	for {
		d.mu.Lock()
		p := d.programs[name]
		d.mu.Unlock()
		if p != nil && !p.ended() {
			return p
		}
		<-time.After(pollEvery)
	}
}

func (d *deadly) count(word string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[word]++
	return d.asked[word]
}

// env makes the server the provider of a program, by a name.
func (d *deadly) env(name string) []string {
	return []string{"SPARK_PROVIDER=openai", "SPARK_OPENAI_BASE_URL=" + d.url + "/" + name + "/v1", "SPARK_OPENAI_MODEL=" + aitest.Model,
		"SPARK_OPENAI_API_KEY=" + aitest.Key}
}

func (d *deadly) add(name string, p *program) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.programs[name] = p
}

// prompt asks for a generation.
func (c client) prompt(t *testing.T, projectID, prompt string) job {
	t.Helper()
	return c.submitJob(t, projectID, "generation", map[string]any{"prompt": prompt})
}

// A job that kills its workers fails, after two among others and three that ran nothing else. The job that ran beside it at first
// succeeds, and others are served meanwhile.
func TestKillerIsFoundAndTheInnocentAreSpared(t *testing.T) {
	t.Parallel()
	d := newDeadly(t)
	c := startCluster(t, clusterOptions{env: d.env("first")})
	d.add("first", c.worker)
	innocent := c.prompt(t, c.newProject(t, "Innocent", "phaser").ID, "an innocent platformer")
	killer := c.prompt(t, c.newProject(t, "Killer", "phaser").ID, "a killer of workers")
	others := c.newProject(t, "Others", "phaser").ID

	require.Equal(t, "first", <-d.died)
	replace := func(name string) { d.add(name, c.startWorker(d.env(name)...)) }
	replace("second")
	require.Equal(t, "second", <-d.died)
	replace("steady")
	replace("third")
	began := time.Now()
	kills, served := 2, 0
	for {
		select {
		case name := <-d.died:
			kills++
			replace(name + "'s successor")
		default:
		}
		if read[job](c.get(t, "/v1/jobs/"+killer.ID).want(200)).terminal() {
			break
		}
		require.Less(t, time.Since(began), jobWithin, "the killer is found")
		other := c.end(t, c.prompt(t, others, "a calm puzzle").ID, time.Minute)
		require.Equal(t, "succeeded", other.State, "%+v", other.Error)
		require.Equal(t, 1, other.Attempt, "it ran in no worker that died")
		served++
	}
	t.Logf("found %s after the first kill; %d others were served meanwhile", time.Since(began).Round(time.Millisecond), served)
	found := c.end(t, killer.ID, jobWithin)
	require.Equal(t, "poisonous", found.Error.Code)
	require.Equal(t, 5, kills, "two among other jobs, three alone")
	spared := c.end(t, innocent.ID, jobWithin)
	require.Equal(t, "succeeded", spared.State, "%+v", spared.Error)
	require.Greater(t, spared.Attempt, 1)
	require.Positive(t, served)
}

// The same in one process, with everything in its folder.
func TestKillerOfAWholePlatformIsFound(t *testing.T) {
	t.Parallel()
	d := newDeadly(t)
	dir := filepath.Join(t.TempDir(), "data")
	platform := startDev(t, dir, d.env("platform")...)
	d.add("platform", platform.program)
	innocent := platform.prompt(t, platform.newProject(t, "Innocent", "phaser").ID, "an innocent platformer")
	killer := platform.prompt(t, platform.newProject(t, "Killer", "phaser").ID, "a killer of platforms")
	for range 5 {
		<-d.died
		platform = startDev(t, dir, d.env("platform")...)
		d.add("platform", platform.program)
	}
	found := platform.end(t, killer.ID, jobWithin)
	require.Equal(t, "poisonous", found.Error.Code)
	spared := platform.end(t, innocent.ID, jobWithin)
	require.Equal(t, "succeeded", spared.State, "%+v", spared.Error)
	other := platform.end(t, platform.prompt(t, platform.newProject(t, "Other", "phaser").ID, "a calm puzzle").ID, jobWithin)
	require.Equal(t, "succeeded", other.State, "%+v", other.Error)
}

// drainLine is the line in a worker's log that says that it is draining.
var drainLine = regexp.MustCompile(`"(draining)"`)

// Killing workers three times, one deployment after another, fails no job that runs meanwhile. Nor does killing any number of
// workers that were asked to stop first.
func TestDeploysFailNoLongJob(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		deploys  int
		terminal bool // SIGTERM, and SIGKILL while it drains
	}{"killed": {3, false}, "told to stop and killed": {5, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeadly(t)
			d.hold = make(chan struct{})
			c := startCluster(t, clusterOptions{env: append(d.env("any"), "SPARK_SHUTDOWN_TIMEOUT=5m")})
			long := c.prompt(t, c.newProject(t, "Long", "phaser").ID, "an innocent platformer")
			for range tt.deploys {
				<-d.askedFor
				if tt.terminal {
					require.NoError(t, c.worker.Signal(syscall.SIGTERM))
					_, err := c.worker.find(c.worker.stderr, drainLine, startWithin)
					require.NoError(t, err)
				}
				c.worker.kill()
				c.worker = c.startWorker()
			}
			<-d.askedFor
			close(d.hold)
			done := c.end(t, long.ID, jobWithin)
			require.Equal(t, "succeeded", done.State, "%+v", done.Error)
			require.Equal(t, tt.deploys+1, done.Attempt)
		})
	}
}
