package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// place is a server that answers requests one after another, and keeps them.
type place struct {
	*httptest.Server
	mu      sync.Mutex
	answers []http.HandlerFunc
	heard   []*http.Request
	bodies  []string
}

func newPlace(t *testing.T, answers ...http.HandlerFunc) (*place, *Client) {
	t.Helper()
	p := &place{answers: answers}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.heard, p.bodies = append(p.heard, r), append(p.bodies, string(body))
		n := len(p.heard)
		p.mu.Unlock()
		if n > len(p.answers) {
			t.Errorf("request %d: %s %s", n, r.Method, r.URL)
			return
		}
		p.answers[n-1](w, r)
	}))
	t.Cleanup(p.Close)
	c, err := New(p.URL+"/", WithKey("k"), WithRetry(Retry{Tries: 3, FirstPause: time.Millisecond, LongestPause: 5 * time.Second, StreamPatience: time.Second}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return p, c
}

// requests are those that came so far, and texts their bodies.
func (p *place) requests() []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard)
}

func (p *place) texts() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.bodies)
}

func refuse(status int, code string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"status":%d,"code":%q,"detail":"no\u001b[2J","request_id":"r","errors":[{"pointer":"/name","detail":"is wrong","code":%q}]}`, status, code, code)
	}
}

func broken(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func good(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"x"}`) }

func cutOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"id":`)
}

func TestPostsAreRepeatedWithOneKey(t *testing.T) {
	t.Parallel()
	p, c := newPlace(t, broken, cutOff, good)
	made, err := c.CreateProject(t.Context(), nil, NewProject{Name: "a/b", Engine: "phaser"})
	if err != nil || made.ID != "x" {
		t.Fatal(made, err)
	}
	keys := map[string]bool{}
	for i, r := range p.requests() {
		keys[r.Header.Get("Idempotency-Key")] = true
		if p.texts()[i] != p.texts()[0] || r.Header.Get("Authorization") != "Bearer k" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v %s", r.Header, p.texts()[i])
		}
	}
	if len(p.requests()) != 3 || len(keys) != 1 || keys[""] {
		t.Errorf("%d requests with the keys %v", len(p.requests()), keys)
	}
}

// What may have had its effect is repeated only if a second one is none.
func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	text := func() io.Reader { return strings.NewReader("text") }
	stream := func() io.Reader { return io.MultiReader(text()) } // which cannot begin anew
	for _, tt := range []struct {
		name   string
		first  http.HandlerFunc
		do     func(context.Context, *Client) error
		repeat bool
	}{
		{"read", broken, func(ctx context.Context, c *Client) error { _, err := c.GetAccount(ctx, nil); return err }, true},
		{"refused", refuse(404, "not_found"), func(ctx context.Context, c *Client) error { _, err := c.GetAccount(ctx, nil); return err }, false},
		{"down", refuse(503, "unavailable"), func(ctx context.Context, c *Client) error { _, err := c.GetAccount(ctx, nil); return err }, true},
		{"in flight", refuse(409, "idempotency_in_flight"), func(ctx context.Context, c *Client) error { _, err := c.CancelJob(ctx, "j", nil); return err }, true},
		{"conflict", refuse(409, "conflict"), func(ctx context.Context, c *Client) error { _, err := c.CancelJob(ctx, "j", nil); return err }, false},
		{"write", broken, func(ctx context.Context, c *Client) error {
			_, err := c.WriteFile(ctx, "p", "a", nil, text())
			return err
		}, true},
		{"write of a stream", broken, func(ctx context.Context, c *Client) error {
			_, err := c.WriteFile(ctx, "p", "a", nil, stream())
			return err
		}, false},
		{"conditional write", broken, func(ctx context.Context, c *Client) error {
			_, err := c.WriteFile(ctx, "p", "a", &WriteFileParams{IfMatch: new("x")}, text())
			return err
		}, false},
		{"conditional write, refused for now", refuse(429, "too_many_requests"), func(ctx context.Context, c *Client) error {
			_, err := c.WriteFile(ctx, "p", "a", &WriteFileParams{IfMatch: new("x")}, text())
			return err
		}, true},
		{"patch", broken, func(ctx context.Context, c *Client) error {
			_, err := c.PatchFile(ctx, "p", "a", nil, MergePatch, text())
			return err
		}, false},
		{"patch, refused for now", refuse(429, "too_many_requests"), func(ctx context.Context, c *Client) error {
			_, err := c.PatchFile(ctx, "p", "a", nil, MergePatch, text())
			return err
		}, true},
		{"deletion", broken, func(ctx context.Context, c *Client) error { return c.DeleteProject(ctx, "p") }, false},
		{"change", broken, func(ctx context.Context, c *Client) error {
			_, err := c.ChangeProject(ctx, "p", ProjectChange{})
			return err
		}, false},
		{"too long a pause", refuse(503, "unavailable", "Retry-After: 60"), func(ctx context.Context, c *Client) error { _, err := c.GetAccount(ctx, nil); return err }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := newPlace(t, tt.first, good)
			err := tt.do(t.Context(), c)
			if want := map[bool]int{true: 2, false: 1}[tt.repeat]; len(p.requests()) != want || (err == nil) != tt.repeat {
				t.Errorf("%d requests, %v", len(p.requests()), err)
			}
			if len(p.texts()) == 2 && p.texts()[0] != p.texts()[1] {
				t.Errorf("bodies %q", p.texts())
			}
		})
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	_, c := newPlace(t, refuse(429, "backlog_full", "Retry-After: 1"), good)
	begin := time.Now()
	if _, err := c.GetAccount(t.Context(), nil); err != nil || time.Since(begin) < time.Second {
		t.Error(err, time.Since(begin))
	}
	_, c = newPlace(t, refuse(429, "backlog_full", "Retry-After: 4"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.GetAccount(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	_, c := newPlace(t, refuse(400, "invalid_request"))
	_, err := c.GetAccount(t.Context(), nil)
	refused, ok := errors.AsType[*Error](err)
	if !ok || refused.Status != 400 || refused.Code != "invalid_request" || refused.RequestID != "r" || (*refused.Errors)[0].Pointer != "/name" ||
		err.Error() != "no[2J; /name: is wrong [invalid_request]" {
		t.Errorf("%q %+v", err, refused)
	}
	_, c = newPlace(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "i")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html>")
	})
	_, err = c.GetAccount(t.Context(), nil)
	if refused, ok := errors.AsType[*Error](err); !ok || refused.Status != 404 || refused.Code != CodeUnexpected || refused.RequestID != "i" {
		t.Errorf("%+v", err)
	}
	c, err = New("http://127.0.0.1:1", WithRetry(Retry{Tries: 1}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.GetAccount(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Error(err)
	}
	for _, bad := range []string{"", "127.0.0.1:8080", "ftp://x", "http://"} {
		if _, err := New(bad); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	p, c := newPlace(t, good, good)
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	if _, err := c.ListJobs(t.Context(), &ListJobsParams{Limit: new(2), CreatedFrom: &at, State: new(JobState("queued")), Cursor: nil}); err != nil {
		t.Fatal(err)
	}
	file, err := c.ReadFile(t.Context(), "a/b?c", "x y/ö?.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Body.Close(); err != nil {
		t.Error(err)
	}
	if got, want := p.requests()[0].URL.String(), "/v1/jobs?created_from=2026-01-02T03%3A04%3A05.000006Z&limit=2&state=queued"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := p.requests()[1].URL.EscapedPath(), "/v1/projects/a%2Fb%3Fc/files/x%20y/%C3%B6%3F.txt"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestListsGoOnOverTheirPages(t *testing.T) {
	t.Parallel()
	page := func(next string, names ...string) http.HandlerFunc {
		list := ProjectList{HasMore: next != ""}
		for _, n := range names {
			list.Data = append(list.Data, Project{Name: n})
		}
		if next != "" {
			list.NextCursor = &next
		}
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(list) }
	}
	p, c := newPlace(t, page("2", "a", "b"), page("3"), page("", "c"))
	params := &ListProjectsParams{Limit: new(2)}
	var names []string
	for project, err := range c.ListProjectsAll(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, project.Name)
	}
	if !slices.Equal(names, []string{"a", "b", "c"}) || params.Cursor != nil || p.requests()[2].URL.RawQuery != "cursor=3&limit=2" {
		t.Error(names, params, p.requests()[2].URL)
	}
	_, c = newPlace(t, page("2", "a", "b"), refuse(400, "invalid_request"))
	var errs, seen int
	for _, err := range c.ListProjectsAll(t.Context(), nil) {
		if seen++; err != nil {
			errs++
		}
	}
	if errs != 1 || seen != 3 {
		t.Error(errs, seen)
	}
	_, c = newPlace(t, page("2", "a", "b"))
	for _, err := range c.ListProjectsAll(t.Context(), nil) {
		if err != nil {
			t.Error(err)
		}
		break // asks for no more
	}
}

// events answers with a stream of events, and breaks off in the middle of one.
func events(end string, ids ...int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, id := range ids {
			fmt.Fprintf(w, "id: %d\nevent: progress\ndata: {\"seq\":%d}\n\n", id, id)
		}
		_, _ = io.WriteString(w, end)
		w.(http.Flusher).Flush()
		if strings.HasPrefix(end, "id") {
			panic(http.ErrAbortHandler)
		}
	}
}

func over(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func TestStreamsAreResumed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		answers []http.HandlerFunc
		resumed []string // Last-Event-ID of each connection
	}{
		{"broken within an event", []http.HandlerFunc{events("id: 3\nevent: prog", 1, 2), events("", 3), over}, []string{"", "2", "3"}},
		{"cannot be reached", []http.HandlerFunc{broken, events("", 1, 2), broken, refuse(503, "unavailable"), events("", 3), over}, []string{"", "", "2", "2", "2", "3"}},
		{"a position without an event", []http.HandlerFunc{events("id: 9\n\n", 1, 2), events("", 3), over}, []string{"", "9", "3"}},
		{"an end", []http.HandlerFunc{events("event: end\ndata: {}\n\n", 1, 2, 3)}, []string{""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, c := newPlace(t, tt.answers...)
			var seen []int64
			for event, err := range c.FollowPipeline(t.Context(), "p", 0) {
				if err != nil {
					t.Fatal(err)
				}
				seen = append(seen, event.Seq)
			}
			var resumed []string
			for _, r := range p.requests() {
				resumed = append(resumed, r.Header.Get("Last-Event-ID"))
			}
			if !slices.Equal(seen, []int64{1, 2, 3}) || !slices.Equal(resumed, tt.resumed) {
				t.Errorf("%v, resumed at %q", seen, resumed)
			}
		})
	}
}

func TestStreamsEnd(t *testing.T) {
	t.Parallel()
	_, c := newPlace(t, events("", 1), refuse(410, "cursor_expired"))
	var err error
	for _, err = range c.FollowEvents(t.Context(), 0) {
	}
	if refused, ok := errors.AsType[*Error](err); !ok || refused.Code != "cursor_expired" {
		t.Error(err)
	}
	hang := func(w http.ResponseWriter, r *http.Request) {
		events("", 1)(w, r)
		<-r.Context().Done()
	}
	_, c = newPlace(t, hang)
	for _, err = range c.FollowJob(t.Context(), "j", 0) {
		if err != nil {
			t.Error(err)
		}
		break // closes the connection, else the server could not be closed
	}
	_, c = newPlace(t, hang)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, err = range c.FollowEvents(ctx, Now) {
		cancel()
	}
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// One that says nothing any more is given up, and resumed.
	p, c := newPlace(t, hang, over)
	c.silence = 20 * time.Millisecond
	for _, err = range c.FollowJob(t.Context(), "j", 0) {
		if err != nil {
			t.Error(err)
		}
	}
	if len(p.requests()) != 2 || p.requests()[1].Header.Get("Last-Event-ID") != "1" {
		t.Errorf("%d connections", len(p.requests()))
	}
}
