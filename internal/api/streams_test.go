package api

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	jobsapi "github.com/spark-games/spark/internal/api/jobs"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/models"
)

// sequence gives all committed events their positions, as a scheduler does, with its hint.
func (a *testAPI) sequence() {
	a.t.Helper()
	streams, _, more, err := a.store.Stream.Sequence(a.t.Context(), 1000)
	require.NoError(a.t, err)
	require.False(a.t, more)
	for _, id := range streams {
		a.hub.Changed(id)
	}
}

// events reads n events of a stream: "seq type" of each, and the id of the last.
func events(t *testing.T, line func() (string, bool), n int) (got []string, last string) {
	t.Helper()
	for len(got) < n {
		last = strings.TrimPrefix(waitFor(t, line, "id: "), "id: ")
		text, _ := line()
		if text == "" {
			continue // only an id
		}
		kind := strings.TrimPrefix(text, "event: ")
		var e openapi.StreamEvent
		require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(waitFor(t, line, "data: "), "data: ")), &e))
		require.Equal(t, kind, string(e.Type))
		require.Equal(t, last, strconv.FormatInt(e.Position, 10))
		got = append(got, fmt.Sprint(e.Seq, " ", e.Type))
	}
	return got, last
}

func TestStreamOfAnAccount(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	before := a.submit(models.KindBuild)
	a.sequence()
	head, line := a.stream(t.Context(), "/v1/events")
	require.Equal(t, 200, head.status)
	require.Equal(t, "text/event-stream", head.header.Get("Content-Type"))
	first := waitFor(t, line, "id: ") // the position from which it goes on, should the connection break now
	w := a.claim(before)
	second := a.submit(models.KindBuild)
	a.sequence()
	got, at := events(t, line, 2)
	require.Equal(t, []string{"2 started", "1 queued"}, got)
	w.succeed()
	a.sequence()
	got, _ = events(t, line, 1)
	require.Equal(t, []string{"3 succeeded"}, got)

	for _, tt := range []struct {
		path, header string
		want         []string
	}{
		{"/v1/events", at, []string{"3 succeeded"}},
		{"/v1/events", strings.TrimPrefix(first, "id: "), []string{"2 started", "1 queued", "3 succeeded"}},
		{"/v1/events?last_event_id=" + at, "", []string{"3 succeeded"}},
		{"/v1/events?last_event_id=0", at, []string{"3 succeeded"}}, // the header takes precedence
		{"/v1/events?last_event_id=0", "", []string{"1 queued", "2 started", "1 queued", "3 succeeded"}},
		{"/v1/events?last_event_id=" + at, "not one of this stream", []string{"3 succeeded"}},
		{"/v1/projects/" + before.ProjectID + "/events?last_event_id=0", "", []string{"1 queued", "2 started", "3 succeeded"}},
		{"/v1/projects/" + second.ProjectID + "/events", "0", []string{"1 queued"}},
	} {
		header := "Accept: text/event-stream"
		if tt.header != "" {
			header = "Last-Event-ID: " + tt.header
		}
		_, line := a.stream(t.Context(), tt.path, header)
		got, _ := events(t, line, len(tt.want))
		require.Equal(t, tt.want, got, "%+v", tt)
	}
	a.do("HEAD", "/v1/events", "").want(200)
}

func TestStreamsThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	j := a.submit(models.KindBuild)
	a.sequence()
	project := "/v1/projects/" + j.ProjectID + "/events"
	a.do("GET", project, "", "Authorization: Bearer "+a.stranger).want(404)
	a.do("GET", "/v1/projects/"+models.NewID()+"/events", "").want(404)
	a.do("GET", "/v1/events?last_event_id=x", "").want(400)
	a.do("GET", "/v1/events?last_event_id=-1", "").want(400)
	a.do("GET", project+"?last_event_id=99999999999999999999", "").want(400)
	gone := a.do("GET", "/v1/events?last_event_id=1000", "").want(410)
	require.Contains(t, string(gone.body), `"cursor_expired"`)
	a.do("GET", "/v1/events", "", "Last-Event-ID: 1000").want(410)

	// A stranger sees nothing of it.
	account := a.newAccount()
	_, line := a.stream(t.Context(), "/v1/events?last_event_id=0", "X-API-Key: "+a.newKey(account, models.RoleUser))
	waitFor(t, line, "id: 0")
	theirs := a.submitFor(account, models.KindBuild)
	a.sequence()
	require.Contains(t, waitFor(t, line, "data: "), theirs.ID)
}

// A stream in which nothing happens goes on in its position, which so does not expire; and it finds events of which no hint came.
func TestStreamHeartbeat(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t, func(o *Options) { o.Heartbeat = 10 * time.Millisecond })
	quiet := a.submit(models.KindBuild)
	a.sequence()
	_, line := a.stream(t.Context(), "/v1/projects/"+quiet.ProjectID+"/events")
	waitFor(t, line, "id: 1")
	a.submit(models.KindBuild) // of another project
	_, _, _, err := a.store.Stream.Sequence(t.Context(), 1000)
	require.NoError(t, err)
	waitFor(t, line, "id: 2")
	a.claim(quiet)
	_, _, _, err = a.store.Stream.Sequence(t.Context(), 1000)
	require.NoError(t, err)
	got, last := events(t, line, 1)
	require.Equal(t, []string{"2 started"}, got)
	require.Equal(t, "3", last)
}

// namedWatcher tells what is watched.
type namedWatcher struct {
	jobsapi.Watcher
	watched chan string
}

func (w namedWatcher) Watch(id string) (<-chan struct{}, func()) {
	w.watched <- id
	return w.Watcher.Watch(id)
}

// What happens elsewhere in the account wakes the streams of its projects and pipelines not: an account may have thousands of them open.
func TestStreamsWakeForTheirOwnEvents(t *testing.T) {
	t.Parallel()
	watched := make(chan string, 10)
	a := newTestAPI(t, func(o *Options) { o.Watcher = namedWatcher{o.Watcher, watched} })
	j := a.submit(models.KindBuild)
	p := decodeAs[openapi.Pipeline](a.do("POST", "/v1/pipelines", `{"project_id":"`+j.ProjectID+`","steps":[{"kind":"build"}]}`).want(202))
	a.sequence()
	for path, want := range map[string]string{"/v1/events": a.account, "/v1/projects/" + j.ProjectID + "/events": j.ProjectID,
		"/v1/pipelines/" + p.ID + "/events": p.ID, "/v1/jobs/" + j.ID + "/events": j.ID} {
		_, line := a.stream(t.Context(), path)
		waitFor(t, line, "retry: ")
		require.Equal(t, want, <-watched, path)
	}
}
