package inbound

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"
	"time"
)

// served2 is served by TLS and HTTP/2, with the server's own time limit that the program has.
func served2(t *testing.T, p Pace, handler func(w http.ResponseWriter, r *http.Request) error) (srv *httptest.Server, done chan error) {
	t.Helper()
	done = make(chan error, 1)
	srv = httptest.NewUnstartedServer(p.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("it came by %s", r.Proto)
		}
		done <- handler(w, r)
	})))
	srv.EnableHTTP2 = true
	srv.Config.WriteTimeout = p.Patience
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv, done
}

func TestStoppedBodyIsGivenUpOverHTTP2(t *testing.T) {
	t.Parallel()
	srv, done := served2(t, Pace{short, DefaultRate}, func(_ http.ResponseWriter, r *http.Request) error {
		_, err := io.ReadAll(r.Body)
		return err
	})
	body, stopped := io.Pipe()
	defer stopped.Close()
	go func() {
		if res, err := srv.Client().Post(srv.URL, "text/plain", body); err == nil {
			_ = res.Body.Close()
		}
	}()
	if _, err := io.WriteString(stopped, "x"); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("half a body was accepted as complete")
	}
}

// A body that is refused costs its stream, and not the connection that others share with it.
func TestRefusedBodyLeavesTheConnectionOverHTTP2(t *testing.T) {
	t.Parallel()
	srv, done := served2(t, Pace{time.Minute, DefaultRate}, func(w http.ResponseWriter, r *http.Request) error {
		if r.Method == http.MethodPost {
			w.Header().Set("Connection", "close")
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		return nil
	})
	var reused []bool
	trace := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = append(reused, i.Reused) }})
	ask := func(method string, body io.Reader, want int) {
		t.Helper()
		req, err := http.NewRequestWithContext(trace, method, srv.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if res.StatusCode != want || <-done != nil {
			t.Errorf("%s: %s", method, res.Status)
		}
	}
	body, never := io.Pipe()
	ask(http.MethodPost, body, http.StatusRequestEntityTooLarge)
	_ = never.Close()
	for range 10 { // what ends a connection gracefully is seen a moment later
		ask(http.MethodGet, http.NoBody, http.StatusOK)
	}
	for i, again := range reused[1:] {
		if !again {
			t.Errorf("request %d made a connection of its own", i+2)
		}
	}
}

func TestStoppedReaderIsGivenUpOverHTTP2(t *testing.T) {
	t.Parallel()
	srv, done := served2(t, Pace{short, 1 << 30}, func(w http.ResponseWriter, _ *http.Request) error {
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return err
			}
		}
	})
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := <-done; err == nil {
		t.Error("the answer was taken")
	}
}

// An answer that is late, and a stream that is silent, for longer than the patience: nobody is waiting for its reader.
func TestSilentStreamGoesOnOverHTTP2(t *testing.T) {
	t.Parallel()
	srv, done := served2(t, Pace{short, DefaultRate}, func(w http.ResponseWriter, r *http.Request) error {
		for _, line := range []string{"one\n", "two\n"} {
			select {
			case <-time.After(3 * short):
			case <-r.Context().Done():
				return r.Context().Err()
			}
			if _, err := io.WriteString(w, line); err != nil {
				return err
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				return err
			}
		}
		return nil
	})
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); string(got) != "one\ntwo\n" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
