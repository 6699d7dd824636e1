package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/internal/api/apiclient"
)

func TestMakeFolder(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	out := filepath.Join(t.TempDir(), "new", "game") + "/"
	r := run(within(t), t, Deps{}, s.env(), "make", "a neon", "fox", "--engine", "three", "--out", out, "--seed", "7")
	if r.code != 0 {
		t.Fatalf("%+v", r)
	}
	for path, want := range map[string]string{"index.html": "<!doctype html>", "assets/fox.png": "PNG"} {
		if got, err := os.ReadFile(filepath.Join(out, path)); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", path, got, err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Clean(out)), ".spark-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	lines := strings.Split(strings.TrimRight(r.out, "\n"), "\n")
	want := []string{"  0% submitting", "  0% generation: waiting", "  0% generation: started", " 16% generation: stage 2", " 25% generation: stage 3", " 33% generation: done",
		" 33% build: waiting", " 33% build: started", " 50% build: stage 2", " 58% build: stage 3", " 66% build: done",
		" 66% export: waiting", " 66% export: started", " 83% export: stage 2", " 91% export: stage 3", "100% export: done", "100% writing: " + out}
	if !slices.Equal(lines[:len(lines)-2], want) {
		t.Errorf("progress:\n%s", strings.Join(lines, "\n"))
	}
	if last := lines[len(lines)-2:]; !strings.HasPrefix(last[0], "The game is in "+out) || last[1] != "Play it at "+s.URL+"/play/a-build-1/" {
		t.Errorf("%q", last)
	}
	if got := s.saw("POST /v1/projects"); len(got) != 1 || got[0] != `POST /v1/projects {"engine":"three","name":"a neon fox"}` {
		t.Error(got)
	}
	if got := s.saw("POST /v1/pipelines"); len(got) != 1 || !strings.Contains(got[0], `{"input":{"prompt":"a neon fox","seed":7},"kind":"generation"},{"input":{"mode":"release"},"kind":"build"},{"input":{"format":"zip"},"kind":"export"}`) {
		t.Error(got)
	}
}

func TestMakeSaysWhatWasCached(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	out := filepath.Join(t.TempDir(), "game.zip")
	r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out, "--no-cache")
	if r.code != 0 || strings.Contains(r.out, "an earlier one") {
		t.Errorf("%+v", r)
	}
	if got := s.saw("POST /v1/pipelines"); len(got) != 1 || !strings.Contains(got[0], `{"input":{"mode":"release","no_cache":true},"kind":"build"}`) {
		t.Error(got)
	}
	s.cached = true
	if r = run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out); r.code != 0 || !strings.Contains(r.out, "the build is an earlier one of the same files") {
		t.Errorf("%+v", r)
	}
	if r = run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out, "--json"); !strings.Contains(r.out, `"cached": true`) {
		t.Errorf("%+v", r)
	}
}

func TestMakeFile(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]string{"game.zip": `{"format":"zip"}`, "game.HTML": `{"format":"html"}`} {
		s := newFakeServer(t)
		out := filepath.Join(t.TempDir(), name)
		r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out, "--json")
		var m made
		if err := json.Unmarshal([]byte(r.out), &m); err != nil || r.code != 0 || m.Out != out || m.ArtifactID != "a-export-1" || m.ProjectID != "p1" {
			t.Fatalf("%v %+v", err, r)
		}
		if got, err := os.ReadFile(out); err != nil || string(got) != string(s.zip) {
			t.Errorf("%v", err)
		}
		if got := s.saw("POST /v1/pipelines"); !strings.Contains(got[0], format) {
			t.Error(got)
		}
	}
}

// A connection that breaks, even inside an event, costs nothing: the stream goes on after the last whole event.
func TestMakeOverBadConnection(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.dropAfter = 2
	a, err := dial(s.URL, fakeKey)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	p, err := a.submitMake(within(t), "p1", makeOptions{prompt: "x"}, "zip")
	if err != nil {
		t.Fatal(err)
	}
	id := p.Jobs[0].ID
	s.jobs[id].State = "running" // as long as the stream has not ended
	f := newFollower(a)
	var seen []int64
	job, err := f.follow(within(t), id, func(ev apiclient.JobEvent) {
		seen = append(seen, ev.Seq)
		if ev.Type.Terminal() {
			s.mu.Lock()
			s.jobs[id].State = "succeeded"
			s.mu.Unlock()
		}
	})
	if err != nil || job.State != "succeeded" || !slices.Equal(seen, []int64{1, 2, 3, 4, 5}) {
		t.Errorf("%v %v %v", err, job.State, seen)
	}
	if want := []string{id + "@", id + "@2", id + "@4"}; !slices.Equal(s.resumed, want) {
		t.Errorf("resumed at %v, want %v", s.resumed, want)
	}
}

func TestMakeFails(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.failBuild = true
	r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", filepath.Join(t.TempDir(), "x"))
	if r.code != ExitFailed || !strings.Contains(r.err, "the build failed: 1 error [compile_failed]\n  src/main.js:3:7: error: oops [0m") || strings.Contains(r.err, "\x1b") {
		t.Errorf("%d %q", r.code, r.err)
	}
}

func TestMakeInterrupted(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.hang = true
	ctx, interrupt := context.WithCancel(within(t))
	s.hanging = interrupt
	r := run(ctx, t, Deps{}, s.env(), "make", "fox", "--out", filepath.Join(t.TempDir(), "x"))
	if r.code != ExitInterrupted || r.err != "interrupted" {
		t.Errorf("%+v", r)
	}
	if want := []string{"build-1", "export-1"}; !slices.Equal(s.cancelled, want) {
		t.Errorf("cancelled %v, want %v", s.cancelled, want)
	}
}

func TestMakeEmbedded(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	stopped := 0
	d := Deps{Embedded: func(_ context.Context, o EmbeddedOptions) (string, string, func(context.Context) error, error) {
		if o != (EmbeddedOptions{DataDir: "here", Quiet: true}) {
			t.Errorf("%+v", o)
		}
		return s.URL, fakeKey, func(ctx context.Context) error { stopped++; return ctx.Err() }, nil
	}}
	out := filepath.Join(t.TempDir(), "game")
	r := run(within(t), t, d, nil, "make", "fox", "--out", out, "--data-dir", "here")
	if r.code != 0 || stopped != 1 || strings.Contains(r.out, "/play/") || !strings.Contains(r.out, "http.server -d "+out) {
		t.Errorf("%+v, stopped %d times", r, stopped)
	}
	d.Embedded = func(context.Context, EmbeddedOptions) (string, string, func(context.Context) error, error) {
		return "", "", nil, errors.New("no disk")
	}
	if r := run(within(t), t, d, nil, "make", "fox", "--out", out); r.code != ExitFailed || !strings.Contains(r.err, "no disk") {
		t.Errorf("%+v", r)
	}
}

// The server that runs on the local data folder is used when it is there and takes the folder's key.
func TestMakeLocal(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	dir := t.TempDir()
	env := map[string]string{"SPARK_DATA_DIR": dir, "SPARK_ADDR": strings.TrimPrefix(s.URL, "http://")}
	out := filepath.Join(t.TempDir(), "game.zip")
	if r := run(within(t), t, Deps{}, env, "make", "fox", "--out", out); r.code != ExitFailed || r.err != errNoEmbedded.Error() {
		t.Errorf("without a key file: %+v", r)
	}
	if err := os.WriteFile(filepath.Join(dir, "api-key"), []byte(fakeKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := run(within(t), t, Deps{}, env, "make", "fox", "--out", out); r.code != 0 {
		t.Errorf("%+v", r)
	}
	// The local key is not shown to other servers.
	other := newFakeServer(t)
	env["SPARK_SERVER"] = other.URL
	if r := run(within(t), t, Deps{}, env, "projects", "list"); r.code != ExitFailed || !strings.Contains(r.err, "API key") {
		t.Errorf("%+v", r)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for out, ok := range map[string]bool{"": false, file: false, dir: true, filepath.Join(file, "x"): false,
		filepath.Join(dir, "a.zip"): true, filepath.Join(dir, "b"): true} {
		if _, err := newTarget(out); (err == nil) != ok || err != nil && ExitCode(err) != ExitUsage {
			t.Errorf("%q: %v", out, err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "c.zip"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := newTarget(filepath.Join(dir, "c.zip")); err == nil {
		t.Error("a folder is no zip")
	}
}
