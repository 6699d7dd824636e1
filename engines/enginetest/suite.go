// Package enginetest is the conformance suite that every engine's adapter passes, with the runner that will build its
// games.
package enginetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Run runs the suite. The subtests are parallel.
func Run(t *testing.T, e engines.Engine, runner engines.Runner) {
	s := suite{e: e, runner: runner}
	t.Run("Info", s.info)
	t.Run("Starter", s.starters)
	t.Run("CompileError", s.compileError)
	t.Run("Escape", s.escape)
	t.Run("BadProject", s.badProject)
	t.Run("Cancel", s.cancel)
	t.Run("Timeout", s.timeout)
	t.Run("OutputLimit", s.outputLimit)
	t.Run("Parallel", s.parallel)
	t.Run("VerifyRefuses", s.verifyRefuses)
}

type suite struct {
	e      engines.Engine
	runner engines.Runner
}

// Genres are all genres of the starters.
var Genres = []engines.Genre{engines.GenrePlatformer, engines.GenreShooter, engines.GenreRunner, engines.GenrePuzzle}

// Design is a design of a genre, for tests.
func Design(g engines.Genre) engines.Design {
	return engines.Design{
		Title: "Fox & Stars", Prompt: "a neon game about a fox", Genre: g, Theme: "neon", Hero: "fox", Collect: "star",
		Enemy: "drone", Pace: 1, Seed: 7,
		Palette: engines.Palette{Sky: "#101030", SkyLow: "#302060", Ground: "#203040", Hero: "#ff9040", Collect: "#ffe060",
			Enemy: "#ff3060", Accent: "#40e0d0", Text: "#ffffff"},
	}
}

// Starter writes the starter of a genre or fails the test.
func Starter(tb testing.TB, e engines.Engine, g engines.Genre) []models.File {
	tb.Helper()
	files, err := e.Starter(Design(g))
	if err != nil {
		tb.Fatalf("starter: %v", err)
	}
	return files
}

// Build plans and runs one build. Its outputs are there as long as its result.
func Build(ctx context.Context, e engines.Engine, runner engines.Runner, mode engines.Mode, files []models.File,
	change ...func(*engines.Plan)) (*engines.Result, error) {
	plan, err := e.Plan(engines.BuildRequest{Title: "A game", Files: files, Mode: mode})
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	for _, c := range change {
		c(&plan)
	}
	sink := engines.NewSpool("")
	return runner.Run(ctx, engines.RunRequest{Account: "test", JobID: "test", Engine: e, Plan: plan, Files: files, Sink: sink})
}

// watched is a runner that checks the progress of its builds.
type watched struct {
	engines.Runner
	progress func(fraction float64, stage string)
}

func (w watched) Run(ctx context.Context, job engines.RunRequest) (*engines.Result, error) {
	job.Progress = w.progress
	return w.Runner.Run(ctx, job)
}

func (s suite) build(t *testing.T, mode engines.Mode, files []models.File) *engines.Result {
	t.Helper()
	reached := 0.0
	res, err := Build(t.Context(), s.e, watched{s.runner, func(fraction float64, stage string) {
		if fraction < reached || stage == "" {
			t.Errorf("progress goes from %v to %v (%q)", reached, fraction, stage)
		}
		reached = fraction
	}}, mode, files)
	if err != nil {
		t.Fatalf("%s build: %v%s", mode, err, explain(res))
	}
	if reached < 0.9 {
		t.Errorf("%s build: the progress ends at %v", mode, reached)
	}
	if err := s.e.Verify(engines.BuildRequest{Title: "A game", Files: files, Mode: mode}, res.Outputs); err != nil {
		t.Fatalf("%s build: %v", mode, err)
	}
	return res
}

func explain(res *engines.Result) string {
	if res == nil {
		return ""
	}
	return fmt.Sprintf("\ndiagnostics: %+v\nlog: %s", res.Diagnostics, res.LogTail)
}

func (s suite) info(t *testing.T) {
	t.Parallel()
	i := s.e.Info()
	if i.Name == "" || i.Title == "" || i.Version == "" || len(i.Outputs) == 0 || strings.ToLower(i.Name) != i.Name {
		t.Errorf("incomplete info: %+v", i)
	}
	tc := s.e.Toolchain()
	if bytes.Contains(tc.PackageLock, []byte(`"resolved"`)) {
		t.Error("the lock file names where packages were downloaded from")
	}
	if len(tc.PackageJSON) > 0 && !bytes.Contains(tc.PackageLock, []byte(i.Version)) {
		t.Errorf("the lock file does not pin version %s", i.Version)
	}
}

func (s suite) starters(t *testing.T) {
	for _, g := range Genres {
		t.Run(string(g), func(t *testing.T) {
			t.Parallel()
			files := Starter(t, s.e, g)
			if err := models.CheckFiles(files); err != nil {
				t.Fatal(err)
			}
			if !same(files, Starter(t, s.e, g)) {
				t.Error("the same design gave other files")
			}
			pre := s.build(t, engines.Preview, files)
			for _, b := range pre.SharedModules {
				if len(b.Data) == 0 || int64(len(b.Data)) != b.Entry.Size || len(b.Entry.SHA256) != 64 {
					t.Errorf("bad shared module: %+v", b.Entry)
				}
				if page := find(Files(t, pre.Outputs), "index.html"); !bytes.Contains(page, []byte(b.URL())) {
					t.Errorf("the page does not load %s", b.URL())
				}
			}
			if !same(Files(t, pre.Outputs), Files(t, s.build(t, engines.Preview, files).Outputs)) {
				t.Error("a second preview has other bytes")
			}
			rel := s.build(t, engines.Release, files)
			if len(rel.SharedModules) > 0 {
				t.Error("a release needs shared modules")
			}
			if !same(Files(t, rel.Outputs), Files(t, s.build(t, engines.Release, files).Outputs)) {
				t.Error("a second release has other bytes")
			}
			for _, d := range append(pre.Diagnostics, rel.Diagnostics...) {
				t.Errorf("the starter is not clean: %+v", d)
			}
		})
	}
}

// source is a starter with the file that starts the game changed by edit.
func (s suite) source(t *testing.T, edit func(d dialect, code string) string) (files []models.File, name string) {
	t.Helper()
	files = Starter(t, s.e, engines.GenrePlatformer)
	for i, f := range files {
		for _, d := range dialects {
			if f.Path == d.entry {
				files[i].Data = []byte(edit(d, string(f.Data)))
				return files, f.Path
			}
		}
	}
	t.Fatal("the suite does not know how to change a project of this engine")
	return nil, ""
}

func (s suite) compileError(t *testing.T) {
	t.Parallel()
	line := 0
	files, name := s.source(t, func(d dialect, code string) string {
		code, line = d.mistake(code)
		return code
	})
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res, err := Build(t.Context(), s.e, s.runner, mode, files)
		if models.CodeOf(err) != models.CodeCompileFailed || res == nil {
			t.Fatalf("%s: error %v", mode, err)
		}
		if res.Outputs != nil || len(res.Diagnostics) == 0 {
			t.Fatalf("%s: outputs %v, %d diagnostics", mode, res.Outputs, len(res.Diagnostics))
		}
		d := res.Diagnostics[0]
		if d.File != name || d.Line != line || d.Text == "" || !strings.Contains(d.LineText, "broken") ||
			d.Column != 0 && d.Column != 1+strings.LastIndex(d.LineText, "=") {
			t.Errorf("%s: diagnostic %+v", mode, d)
		}
		if !strings.Contains(res.LogTail, name) {
			t.Errorf("%s: the log does not name the file: %q", mode, res.LogTail)
		}
	}
}

func (s suite) escape(t *testing.T) {
	for _, target := range []string{"/etc/passwd", "../../../../../../../../etc/passwd", "file:///etc/passwd", "/proc/self/environ"} {
		s.source(t, func(d dialect, _ string) string {
			for n, how := range d.escapes {
				t.Run(fmt.Sprintf("%s %d", target, n), func(t *testing.T) {
					t.Parallel()
					files, _ := s.source(t, func(_ dialect, code string) string { return how(code, target) })
					res, err := Build(t.Context(), s.e, s.runner, engines.Preview, files)
					if models.CodeOf(err) != models.CodeCompileFailed || res.Outputs != nil || len(res.Diagnostics) == 0 {
						t.Errorf("not refused: %v%s", err, explain(res))
					}
				})
			}
			return ""
		})
	}
}

func (s suite) badProject(t *testing.T) {
	t.Parallel()
	for name, files := range map[string][]models.File{
		"nothing":       nil,
		"no code":       {{Path: "README.md", Data: []byte("hello")}},
		"hostile path":  {{Path: "../main.js", Data: []byte("1")}},
		"NUL in a path": {{Path: "a\x00.js", Data: []byte("1")}},
		"twice":         {{Path: "main.js", Data: []byte("1")}, {Path: "Main.js", Data: []byte("1")}},
	} {
		_, err := s.e.Plan(engines.BuildRequest{Files: files, Mode: engines.Release})
		if _, ok := errors.AsType[*models.Error](err); !ok {
			t.Errorf("%s: planned anyway (%v)", name, err)
		}
	}
	if _, err := s.e.Plan(engines.BuildRequest{Files: Starter(t, s.e, engines.GenrePuzzle), Mode: "debug"}); err == nil {
		t.Error("planned an unknown mode")
	}
}

// errStop is a cause of a cancel that must come back as it is.
var errStop = models.NewError(models.CodeWorkerLost, "stopped by the test")

func (s suite) cancel(t *testing.T) {
	t.Parallel()
	files := Starter(t, s.e, engines.GenrePlatformer)
	for name, c := range map[string]struct {
		cause error
		want  models.Code
		after time.Duration
	}{
		"plain":            {nil, models.CodeCancelled, 0},
		"with cause":       {errStop, models.CodeWorkerLost, 0},
		"while it is busy": {errStop, models.CodeWorkerLost, 3 * time.Millisecond},
	} {
		var res *engines.Result
		var err error
		for range 10 { // a build that was done before the cancel came has succeeded
			ctx, cancel := context.WithCancelCause(t.Context())
			if c.after == 0 {
				cancel(c.cause)
			} else {
				time.AfterFunc(c.after, func() { cancel(c.cause) })
			}
			if res, err = Build(ctx, s.e, s.runner, engines.Release, files); err != nil || c.after == 0 {
				break
			}
		}
		if models.CodeOf(err) != c.want || res != nil && res.Outputs != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func (s suite) timeout(t *testing.T) {
	t.Parallel()
	start := time.Now()
	var res *engines.Result
	var err error
	for range 10 { // a build that was done before anybody looked at the clock has succeeded
		if res, err = Build(t.Context(), s.e, s.runner, engines.Release, Starter(t, s.e, engines.GenrePlatformer),
			func(p *engines.Plan) { p.Limits.Time = time.Millisecond }); err != nil {
			break
		}
	}
	if models.CodeOf(err) != models.CodeTimeout || res != nil && res.Outputs != nil {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

func (s suite) outputLimit(t *testing.T) {
	t.Parallel()
	files := Starter(t, s.e, engines.GenrePlatformer)
	for name, change := range map[string]func(*engines.Plan){
		"bytes": func(p *engines.Plan) { p.Limits.OutputBytes = 100 },
		"files": func(p *engines.Plan) { p.Limits.OutputFiles = 1 },
	} {
		res, err := Build(t.Context(), s.e, s.runner, engines.Preview, files, change)
		if models.CodeOf(err) != models.CodeOutputTooLarge || res == nil || res.Outputs != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// parallel builds different games concurrently: none may get another's files.
func (s suite) parallel(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for n := range 4 {
		mark := fmt.Sprintf("mark-of-build-%d", n)
		files, _ := s.source(t, func(d dialect, code string) string { return d.say(code, mark) })
		wg.Go(func() {
			res, err := Build(t.Context(), s.e, s.runner, engines.Preview, files)
			if err != nil {
				t.Errorf("build %d: %v", n, err)
				return
			}
			var all []byte
			for _, f := range Files(t, res.Outputs) {
				all = append(all, f.Data...)
			}
			if !bytes.Contains(all, []byte(mark)) || bytes.Count(all, []byte("mark-of-build-")) != bytes.Count(all, []byte(mark)) {
				t.Errorf("build %d has another build's code", n)
			}
		})
	}
	wg.Wait()
}

// verifyRefuses breaks a good output in ways that no exit code reveals.
func (s suite) verifyRefuses(t *testing.T) {
	t.Parallel()
	files := Starter(t, s.e, engines.GenreRunner)
	req := engines.BuildRequest{Files: files, Mode: engines.Release}
	good := Files(t, s.build(t, engines.Release, files).Outputs)
	for name, broken := range map[string][]models.File{
		"nothing":      nil,
		"hostile name": append([]models.File{{Path: "../x", Data: []byte("x")}}, good...),
		"collision":    append([]models.File{{Path: strings.ToUpper(good[0].Path), Data: []byte("x")}}, good...),
	} {
		if err := s.e.Verify(req, engines.InMemory(broken)); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range good {
		missing := append(append([]models.File{}, good[:i]...), good[i+1:]...)
		if err := s.e.Verify(req, engines.InMemory(missing)); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("without %s: %v", good[i].Path, err)
		}
	}
}

func find(files []models.File, name string) []byte {
	for _, f := range files {
		if f.Path == name {
			return f.Data
		}
	}
	return nil
}

func same(a, b []models.File) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Path != b[i].Path || !bytes.Equal(a[i].Data, b[i].Data) {
			return false
		}
	}
	return true
}
