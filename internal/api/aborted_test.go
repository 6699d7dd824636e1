package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/platform/telemetry"
	"github.com/spark-games/spark/models"
)

// answers tells of every request, after its line in the log.
type answers struct {
	kernel.Observer
	done chan telemetry.Request
}

func (o answers) RequestStarted() func(telemetry.Request) {
	done := o.Observer.RequestStarted()
	return func(r telemetry.Request) { done(r); o.done <- r }
}

// brittle is content that cannot be read beyond its first half.
type brittle struct{ kernel.Blobs }

var errBroken = errors.New("a bad sector")

func (b brittle) Open(context.Context, string) (io.ReadSeekCloser, error) {
	return half{bytes.NewReader(make([]byte, 100))}, nil
}

type half struct{ *bytes.Reader }

func (h half) Read(p []byte) (int, error) {
	if h.Len() <= 50 {
		return 0, errBroken
	}
	return h.Reader.Read(p[:min(len(p), 50)])
}

func (h half) WriteTo(io.Writer) (int64, error) { panic("not to be used") }
func (half) Close() error                       { return nil }

// An answer that breaks off has a line in the access log, and is counted, whoever broke it off.
func TestAbortedAnswersAreLogged(t *testing.T) {
	t.Parallel()
	seen := answers{done: make(chan telemetry.Request, 1)}
	a := newTestAPI(t, func(o *Options) {
		seen.Observer = o.Observer
		o.Observer = seen
	})
	first := make([]byte, 1<<20) // more than is held back, even when it is packed
	_, _ = rand.Read(first)
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"a.bin": string(first), "b.txt": "lost"})
	last := func(want string) {
		t.Helper()
		r := <-seen.done
		lines := a.logs.FilterMessage("request").All()
		m := lines[len(lines)-1].ContextMap()
		if got := fmt.Sprint(r.Status, " ", r.Aborted, " ", m["status"], " ", m["aborted"]); got != want || m["bytes"] != r.Out || m["account"] != a.account {
			t.Errorf("%s, want %s: %v", got, want, m)
		}
	}
	get := func(path string) (int, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-API-Key", a.key)
		res, err := a.client.Do(req)
		if err != nil {
			return 0, err
		}
		defer res.Body.Close()
		n, err := io.Copy(io.Discard, res.Body)
		return int(n), err
	}
	download := "/v1/artifacts/" + art.ID + "/download"
	if _, err := get(download); err != nil {
		t.Fatal(err)
	}
	last("200 false 200 <nil>")

	// The platform: a file is gone by the time that it is its turn.
	lost, _ := art.Manifest.Find("b.txt")
	a.lose(lost.SHA256)
	if _, err := get(download); err == nil {
		t.Error("a broken zip looks whole")
	}
	last("200 true 200 true")

	// The client: it leaves in the middle.
	job := a.submit(models.KindBuild)
	ctx, leave := context.WithCancel(t.Context())
	_, line := a.stream(ctx, "/v1/jobs/"+job.ID+"/events")
	waitFor(t, line, "data:")
	leave()
	last("200 true 200 true")
}

// Content that cannot be read to its end is broken off as well, although the server's own code hides why.
func TestUnreadableContentIsAborted(t *testing.T) {
	t.Parallel()
	seen := answers{done: make(chan telemetry.Request, 1)}
	a := newTestAPI(t, func(o *Options) {
		seen.Observer, o.Blobs = o.Observer, brittle{o.Blobs}
		o.Observer = seen
	})
	art := a.addArtifact(models.ArtifactBuild, "release", "web", map[string]string{"index.html": "x"})
	for method, aborted := range map[string]bool{"GET": true, "HEAD": false} {
		req, err := http.NewRequestWithContext(t.Context(), method, a.url+"/play/"+art.ID+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Close = true // what ends on a connection that was used before is tried again by the client
		res, err := a.client.Do(req)
		if err == nil {
			_, err = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
		if (err != nil) != aborted {
			t.Errorf("%s: %v", method, err)
		}
		if r := <-seen.done; r.Aborted != aborted || r.Status != 200 {
			t.Errorf("%s: %+v", method, r)
		}
	}
}
