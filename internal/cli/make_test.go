package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	apiclient "github.com/spark-games/spark/client"
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

// What was understood of the prompt is shown, and what was not.
func TestMakeTellsWhatWasUnderstood(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.reading = `{"bytes":1,"summary":"A game.","genre":"platformer","understood":["a fox","stars"],"ignored":["multiplayer\u001b[2J"]}`
	out := filepath.Join(t.TempDir(), "game.zip")
	r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out)
	if r.code != 0 || !strings.Contains(r.out, "Understood as a platformer: a fox, stars.\nNot understood: multiplayer.\n") {
		t.Errorf("%+v", r)
	}
	r = run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out, "--json")
	var m made
	if err := json.Unmarshal([]byte(r.out), &m); err != nil || m.Genre != "platformer" || m.Summary != "A game." || len(m.Understood) != 2 || len(m.Ignored) != 1 ||
		m.Bytes != int64(len(s.zip)) {
		t.Errorf("%v %+v", err, m)
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

// A broken connection, even within an event, loses nothing: the stream continues after the last complete event.
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
	var seen []int64
	job, err := a.follow(within(t), id, func(ev apiclient.JobEvent) {
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
	if want := []string{id + "@", id + "@2", id + "@4", id + "@5"}; !slices.Equal(s.resumed, want) {
		t.Errorf("resumed at %v, want %v", s.resumed, want)
	}
}

func TestMakeFails(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	s.failBuild = true
	r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", filepath.Join(t.TempDir(), "x"))
	if r.code != ExitFailed || !strings.Contains(r.err, "the build failed: 1 error [compile_failed]\n  src/main.js:3:7: error: oops") || strings.Contains(r.err, "\x1b") {
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

// What is submitted while somebody interrupts is cancelled: its answer is waited for.
func TestMakeInterruptedWhileItSubmits(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	ctx, interrupt := context.WithCancel(within(t))
	s.submitting = interrupt
	r := run(ctx, t, Deps{}, s.env(), "make", "fox", "--out", filepath.Join(t.TempDir(), "x"))
	if r.code != ExitInterrupted || r.err != "interrupted" {
		t.Errorf("%+v", r)
	}
	if want := []string{"generation-1", "build-1", "export-1"}; !slices.Equal(s.cancelled, want) {
		t.Errorf("cancelled %v, want %v", s.cancelled, want)
	}
}

func TestMakeEmbedded(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	stopped := 0
	d := Deps{Embedded: func(_ context.Context, o EmbeddedOptions) (string, string, func(context.Context) error, error) {
		if o.DataDir != "here" || !o.Quiet {
			t.Errorf("%+v", o)
		}
		o.Installing("phaser", 34e6)
		return s.URL, fakeKey, func(ctx context.Context) error { stopped++; return ctx.Err() }, nil
	}}
	out := filepath.Join(t.TempDir(), "game")
	r := run(within(t), t, d, nil, "make", "fox", "--out", out, "--data-dir", "here")
	if r.code != 0 || stopped != 1 || strings.Contains(r.out, "/play/") || !strings.Contains(r.out, "http.server -d "+out) || !strings.Contains(r.out, "0% installing the packages of phaser: 30 MB\n") {
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

// A folder's game takes the place of the one before, file by file, and of nothing else.
func TestMakeFolderAgain(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	out := filepath.Join(t.TempDir(), "game")
	again := func(args ...string) result {
		return run(within(t), t, Deps{}, s.env(), append([]string{"make", "fox", "--out", out}, args...)...)
	}
	s.zip = makeZip(t, "index.html", "first", "assets/main-1.js", "1", "assets/sub/old.png", "x")
	if r := again(); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	if err := os.WriteFile(filepath.Join(out, "notes.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.zip = makeZip(t, "index.html", "second", "assets/main-2.js", "2")
	if r := again(); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	want := []string{ownFile, "assets/main-2.js", "index.html", "notes.txt"}
	if got := filesIn(t, out); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	s.zip = makeZip(t, "index.html", "third", "notes.txt", "theirs")
	if r := again(); r.code != ExitFailed || !strings.Contains(r.err, "notes.txt is in the folder and not spark's; --force") {
		t.Errorf("%+v", r)
	}
	if got, err := os.ReadFile(filepath.Join(out, "notes.txt")); err != nil || string(got) != "mine" {
		t.Errorf("%q %v", got, err)
	}
	if r := again("--force"); r.code != 0 {
		t.Errorf("%+v", r)
	}
	if got, want := filesIn(t, out), []string{ownFile, "index.html", "notes.txt"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A stranger's folder is refused before anything is made.
func TestMakeRefusesStrangersFolder(t *testing.T) {
	t.Parallel()
	s := newFakeServer(t)
	for name, content := range map[string]string{"index.html": "a stranger's", ownFile: "no JSON", ".git": "x"} {
		out := t.TempDir()
		if err := os.WriteFile(filepath.Join(out, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out)
		if r.code != ExitUsage || !strings.Contains(r.err, "--force") || len(s.saw("POST")) > 0 {
			t.Errorf("%s: %+v", name, r)
		}
		if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(got) != content || len(filesIn(t, out)) != 1 {
			t.Errorf("%q %v", got, err)
		}
		if r := run(within(t), t, Deps{}, s.env(), "make", "fox", "--out", out, "--force"); r.code != 0 {
			t.Errorf("%s by force: %+v", name, r)
		}
		s.mu.Lock()
		s.requests = nil
		s.mu.Unlock()
	}
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestTargets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, full := filepath.Join(dir, "file"), filepath.Join(dir, "full")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Mkdir(full, 0o700), os.WriteFile(filepath.Join(full, "x"), nil, 0o600),
		os.Mkdir(filepath.Join(dir, "c.zip"), 0o700), os.Mkdir(filepath.Join(dir, "v1.2"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ out, says, format string }{
		{"", "is empty", ""}, {file, "is a file", ""}, {file + "/x", "cannot be written", ""}, {full, "--force", ""}, {dir + "/c.zip", "is a folder", ""},
		{dir + "/x.exe", `".exe"`, ""}, {dir + "/game.tar.gz", `".gz"`, ""}, {dir + "/game.v2", dir + "/game.v2/", ""},
		{dir + "/a.zip", "", "zip"}, {dir + "/A.ZIP", "", "zip"}, {dir + "/a.htm", "", "html"}, {dir + "/b", "", "folder"}, {dir + "/x.exe/", "", "folder"},
		{dir + "/v1.2", "", "folder"}, {dir + "/.hidden", "", "folder"}, {dir + "/a.zip/", "", "folder"},
	} {
		got, err := newTarget(tt.out, false)
		if tt.says != "" {
			if err == nil || !strings.Contains(err.Error(), tt.says) || ExitCode(err) != ExitUsage {
				t.Errorf("%q: %v", tt.out, err)
			}
			continue
		}
		if err != nil || got.unpack != (tt.format == "folder") || !got.unpack && got.format != tt.format {
			t.Errorf("%q: %+v %v", tt.out, got, err)
		}
	}
	if _, err := newTarget(full, true); err != nil {
		t.Error(err)
	}
}
