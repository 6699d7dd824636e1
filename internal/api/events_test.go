package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	jobsapi "github.com/spark-games/spark/internal/api/jobs"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// streamHead is how a stream began.
type streamHead struct {
	status int
	header http.Header
}

// stream opens a job's events. lines returns the next line of the stream, or false at its end.
func (a *testAPI) stream(ctx context.Context, path string, headers ...string) (head streamHead, line func() (string, bool)) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("X-API-Key", a.key)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := a.client.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = res.Body.Close() }) // broken off or read to its end
	scan := bufio.NewScanner(res.Body)
	return streamHead{res.StatusCode, res.Header}, func() (string, bool) { ok := scan.Scan(); return scan.Text(), ok }
}

// untilEnd returns the ids and types of the events up to the stream's end.
func untilEnd(line func() (string, bool)) string {
	var got []string
	for {
		text, ok := line()
		if !ok {
			return strings.Join(got, " ")
		}
		if id, ok := strings.CutPrefix(text, "id: "); ok {
			got = append(got, id)
		}
		if event, ok := strings.CutPrefix(text, "event: "); ok && len(got) > 0 {
			got[len(got)-1] += ":" + event
		}
	}
}

func waitFor(t *testing.T, line func() (string, bool), prefix string) string {
	t.Helper()
	for {
		text, ok := line()
		if !ok {
			t.Fatalf("the stream ended before %q", prefix)
		}
		if strings.HasPrefix(text, prefix) {
			return text
		}
	}
}

func TestEventsReplayAndFollow(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	w := a.claim(a.submit(models.KindBuild))
	j := w.job.ID
	head, line := a.stream(t.Context(), "/v1/jobs/"+j+"/events")
	if head.status != http.StatusOK || head.header.Get("Content-Type") != "text/event-stream" || head.header.Get("X-Accel-Buffering") != "no" {
		t.Fatalf("%+v", head)
	}
	waitFor(t, line, "retry: ")
	waitFor(t, line, "id: 2")
	data := waitFor(t, line, "data: ")
	var e openapi.JobEvent
	if err := json.Unmarshal([]byte(strings.TrimPrefix(data, "data: ")), &e); err != nil || e.Seq != 2 || e.Type != "started" || e.JobID != j || string(e.Data) != `{"state":"running"}` {
		t.Fatalf("%v %s", err, data)
	}
	w.progress(0.5)
	waitFor(t, line, "id: 3")
	w.succeed()
	if got := untilEnd(line); got != "4:succeeded" {
		t.Fatal(got)
	}

	// Resumes from where the stream ended, by header (which takes precedence) and by query.
	for _, tt := range []struct {
		path, header, want string
	}{
		{"", "", "1:queued 2:started 3:progress 4:succeeded"},
		{"", "2", "3:progress 4:succeeded"},
		{"?last_event_id=3", "", "4:succeeded"},
		{"?last_event_id=1", "3", "4:succeeded"},
		{"?last_event_id=0", "", "1:queued 2:started 3:progress 4:succeeded"},
		{"", "x", "1:queued 2:started 3:progress 4:succeeded"}, // what is not an id of this stream is none
		{"", "-1", "1:queued 2:started 3:progress 4:succeeded"},
		{"", "5", "1:queued 2:started 3:progress 4:succeeded"},
		{"", "99999999999999999999", "1:queued 2:started 3:progress 4:succeeded"},
		{"?last_event_id=", "", "1:queued 2:started 3:progress 4:succeeded"},
		{"?last_event_id=x", "", "1:queued 2:started 3:progress 4:succeeded"},
		{"?last_event_id=3", "01890", "4:succeeded"},
	} {
		header := "Accept: text/event-stream"
		if tt.header != "" {
			header = "Last-Event-ID: " + tt.header
		}
		_, line := a.stream(t.Context(), "/v1/jobs/"+j+"/events"+tt.path, header)
		if got := untilEnd(line); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	// If no event can follow, an EventSource is told to stop.
	a.do("GET", "/v1/jobs/"+j+"/events", "", "Last-Event-ID: 4").want(204)
	a.do("HEAD", "/v1/jobs/"+j+"/events", "").want(200)
}

// A retried job has a terminal event in the middle of its history: the stream continues after it.
func TestEventsOfRetriedJob(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	j := a.submit(models.KindBuild)
	a.claim(j).fail()
	a.do("POST", "/v1/jobs/"+j.ID+"/retry", "").want(202)
	_, line := a.stream(t.Context(), "/v1/jobs/"+j.ID+"/events")
	waitFor(t, line, "id: 3") // failed
	waitFor(t, line, "id: 4") // queued
	a.claim(j).succeed()
	if got := untilEnd(line); got != "5:started 6:succeeded" {
		t.Error(got)
	}
}

func TestEventsOfManyBatches(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	w := a.claim(a.submit(models.KindBuild))
	for range 400 - 3 { // besides queued, started and succeeded
		w.progress(0.5)
	}
	w.succeed() // the second batch is exactly full
	_, line := a.stream(t.Context(), "/v1/jobs/"+w.job.ID+"/events")
	if got := strings.Fields(untilEnd(line)); len(got) != 400 || got[len(got)-1] != "400:succeeded" {
		t.Errorf("%d events, last %v", len(got), got[len(got)-1])
	}
}

// look looks at all that is watched, as an API process does now and then.
func (a *testAPI) look() {
	a.t.Helper()
	ids := a.hub.Turns(1000)
	marks, err := a.store.Stream.Marks(a.t.Context(), ids)
	require.NoError(a.t, err)
	a.hub.Found(ids, marks)
}

// A heartbeat keeps the stream alive; a look finds events of which no hint came.
func TestEventsWithoutHints(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Heartbeat = 10 * time.Millisecond })
	j := a.submit(models.KindBuild)
	_, line := a.stream(t.Context(), "/v1/jobs/"+j.ID+"/events")
	_, account := a.stream(t.Context(), "/v1/events?last_event_id=0")
	waitFor(t, line, ": still here")
	waitFor(t, account, ": still here")
	a.look()
	if _, _, err := a.store.Jobs.Cancel(t.Context(), a.account, j.ID, "x"); err != nil { // without a hint
		t.Fatal(err)
	}
	_, _, _, err := a.store.Stream.Sequence(t.Context(), 1000) // neither
	require.NoError(t, err)
	a.look()
	waitFor(t, line, "id: 2")
	untilEnd(line)
	waitFor(t, account, "event: cancelled")
}

// countedWatcher counts those who watch.
type countedWatcher struct {
	jobsapi.Watcher
	watching *atomic.Int64
}

func (c countedWatcher) Watch(job string) (<-chan struct{}, func()) {
	changed, stop := c.Watcher.Watch(job)
	c.watching.Add(1)
	return changed, func() { stop(); c.watching.Add(-1) }
}

// When a client leaves or is disconnected, the resources of its stream are freed.
func TestEventsEndWithClientAndServer(t *testing.T) {
	t.Parallel()
	stopping, stop := context.WithCancel(t.Context())
	defer stop()
	var watching atomic.Int64
	a := newTestAPI(t, func(o *Options) { o.Stopping, o.Watcher = stopping, countedWatcher{o.Watcher, &watching} })
	j := a.submit(models.KindBuild).ID
	ctx, leave := context.WithCancel(t.Context())
	_, line := a.stream(ctx, "/v1/jobs/"+j+"/events")
	waitFor(t, line, "retry: ")
	_, other := a.stream(t.Context(), "/v1/jobs/"+j+"/events")
	waitFor(t, other, "retry: ")
	if n := watching.Load(); n != 2 {
		t.Errorf("%d watch", n)
	}
	leave()
	eventually(t, func() bool { return watching.Load() == 1 })
	stop()
	untilEnd(other)
	eventually(t, func() bool { return watching.Load() == 0 })
}

// eventually polls for what only the server can see.
func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(10 * time.Second)
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("did not happen")
		}
	}
}

// A client that does not read does not delay others.
func TestSlowClientHoldsUpNobody(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	w := a.claim(a.submit(models.KindBuild))
	events := "/v1/jobs/" + w.job.ID + "/events"
	_, slow := a.stream(t.Context(), events)
	waitFor(t, slow, "retry: ")
	line := strings.Repeat("x", 40<<10)
	for range 300 { // more than the connection's buffers take
		w.log(line)
	}
	w.succeed()
	_, next := a.stream(t.Context(), events+"?last_event_id=301")
	if got := untilEnd(next); got != "302:log 303:succeeded" {
		t.Error(got)
	}
}
