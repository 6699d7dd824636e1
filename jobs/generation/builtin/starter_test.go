package builtin_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/babylon"
	"github.com/spark-games/spark/engines/kaplay"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/pixi"
	"github.com/spark-games/spark/engines/playcanvas"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/jobs/generation/builtin"
	"github.com/spark-games/spark/models"
)

var adapters = []engines.Engine{babylon.Engine{}, kaplay.Engine{}, phaser.Engine{}, pixi.Engine{}, playcanvas.Engine{}, three.Engine{}}

func starter(t testing.TB, e engines.Engine, d engines.Design) []models.File {
	t.Helper()
	files, err := e.Starter(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := models.CheckFiles(files); err != nil {
		t.Fatal(err)
	}
	return files
}

func file(t testing.TB, files []models.File, path string) string {
	t.Helper()
	for _, f := range files {
		if f.Path == path {
			return string(f.Data)
		}
	}
	t.Fatalf("the project has no %s", path)
	return ""
}

func write(t testing.TB, dir string, files []models.File) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Every starter of every genre and theme compiles without an error or a warning, is planned as a web project, and the
// same design gives the same bytes.
func TestStartersBundle(t *testing.T) {
	t.Parallel()
	for _, e := range adapters {
		for i, theme := range engines.Themes() {
			for _, genre := range engines.Genres() {
				t.Run(e.Info().Name+"/"+string(genre)+"/"+theme.Name, func(t *testing.T) {
					t.Parallel()
					d := builtin.Read("a "+theme.Name+" "+string(genre)+" about "+strings.Repeat("x", i+3), int64(i))
					if d.Genre != genre || d.Theme != theme.Name {
						t.Fatalf("the design is a %s in %s", d.Genre, d.Theme)
					}
					files := starter(t, e, d)
					again := starter(t, e, d)
					if !slices.EqualFunc(files, again, func(a, b models.File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) }) {
						t.Error("the same design gave two projects")
					}
					if _, err := e.Plan(engines.BuildRequest{Files: files, Mode: engines.Preview}); err != nil {
						t.Errorf("the project cannot be planned: %v", err)
					}
					bundle(t, files)
				})
			}
		}
	}
}

// packages are the engines' own, with all that is below them.
func packages() []string {
	var list []string
	for _, e := range adapters {
		for _, m := range e.Toolchain().Modules {
			list = append(list, m.Specifier, m.Specifier+"/*")
		}
	}
	return list
}

func bundle(t *testing.T, files []models.File) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, files)
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(dir, "src", "main.js")}, AbsWorkingDir: dir, Bundle: true, Format: api.FormatESModule,
		External: packages(), Metafile: true, LogLevel: api.LogLevelSilent,
	})
	for _, m := range append(result.Errors, result.Warnings...) {
		t.Errorf("%+v: %s", m.Location, m.Text)
	}
	// Everything that is written is used.
	for _, f := range files {
		if strings.HasPrefix(f.Path, "src/") && !strings.Contains(result.Metafile, `"`+f.Path+`"`) {
			t.Errorf("%s is imported by nothing", f.Path)
		}
	}
	for _, f := range files {
		for _, forbidden := range []string{"localStorage", "sessionStorage", "eval(", "new Function", "innerHTML", "https://", "http://", "{{"} {
			// Storage may be denied: one file knows how to do without.
			if strings.Contains(string(f.Data), forbidden) && (forbidden != "localStorage" || f.Path != "src/memory.js") {
				t.Errorf("%s contains %q", f.Path, forbidden)
			}
		}
	}
}

func TestDifferentPromptsGiveDifferentGames(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, prompt := range []string{"a fox platformer", "a fox platformer!", "a forest fox platformer", "a platformer", "platformer with foxes"} {
		design := file(t, starter(t, phaser.Engine{}, builtin.Read(prompt, 1)), "src/design.js")
		design = regexp.MustCompile(`"prompt": .*`).ReplaceAllString(design, "")
		if other, dup := seen[design]; dup {
			t.Errorf("%q and %q gave the same design", prompt, other)
		}
		seen[design] = prompt
	}
}

func TestStarterRefusesAnUnknownGenre(t *testing.T) {
	t.Parallel()
	for _, e := range adapters {
		if _, err := e.Starter(engines.Design{Genre: "../../etc/passwd"}); models.CodeOf(err) != models.CodeInvalidRequest {
			t.Errorf("%s: the error is %v", e.Info().Name, err)
		}
		// Any other unexpected value falls back to what exists.
		starter(t, e, engines.Design{Genre: engines.GenrePuzzle, Theme: "../x", Hero: "../y", Palette: engines.Palette{Sky: "red;}"}})
	}
}

// Bots play the rules: every level can be won, and every game can be lost.
func TestEveryGameCanBeWonAndLost(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("Node.js is needed to play the starters: ", err)
	}
	script, err := filepath.Abs(filepath.Join("testdata", "play.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	seeds := "200"
	if testing.Short() {
		seeds = "20"
	}
	for _, genre := range engines.Genres() {
		t.Run(string(genre), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, starter(t, phaser.Engine{}, engines.Design{Genre: genre, Theme: "forest"}))
			write(t, dir, []models.File{{Path: "package.json", Data: []byte(`{"type":"module"}`)}})
			cmd := exec.CommandContext(t.Context(), node, script, dir, string(genre), "0", seeds)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("the bots failed: %v\n%s", err, stderr.String())
			}
			var report struct {
				Won, Lost                 int
				FailedToWin, FailedToLose []json.RawMessage
				Shortest, Median, Longest float64
				Tries, Searched           int
			}
			if err := json.Unmarshal(out, &report); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			t.Logf("%s", out)
			if len(report.FailedToWin) > 0 || len(report.FailedToLose) > 0 || report.Won == 0 {
				t.Errorf("not every level could be won and lost: %s", out)
			}
			if report.Shortest < 15 || report.Median > 180 {
				t.Errorf("a bot needs %v to %v seconds: too short or too long for a small game", report.Shortest, report.Median)
			}
		})
	}
}
