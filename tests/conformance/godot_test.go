package conformance

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/godot"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/tests/projects"
)

func TestGodotProject(t *testing.T) {
	t.Parallel()
	e := godot.Engine{}
	runners := map[string]engines.Runner{"in a container": newDockerRunner(t), "here": newRunner(t)}
	change := func(files []models.File, path, from, to string) []models.File {
		files = slices.Clone(files)
		for i, f := range files {
			if f.Path == path {
				files[i].Data = bytes.Replace(f.Data, []byte(from), []byte(to), 1)
				return files
			}
		}
		t.Fatalf("no %s", path)
		return nil
	}
	whole, err := projects.Lantern()
	if err != nil {
		t.Fatal(err)
	}
	for name, runner := range runners {
		t.Run(name, func(t *testing.T) {
			if name == "here" {
				needPrograms(t, e)
			}
			res, err := enginetest.Build(t.Context(), e, runner, engines.Release, whole)
			if err != nil {
				t.Fatalf("%v %+v", err, res)
			}
			if err := e.Verify(engines.BuildRequest{Mode: engines.Release}, res.Outputs); err != nil {
				t.Error(err)
			}
			for _, d := range res.Diagnostics {
				t.Errorf("%+v", d)
			}
			if !strings.Contains(res.LogTail, "quay: 3 lanterns, 20 oil") {
				t.Errorf("the game was not started:\n%s", res.LogTail)
			}
			for _, f := range enginetest.Files(t, res.Outputs) {
				if f.Path == "game.pck" && bytes.Contains(f.Data, []byte("func unfinished")) {
					t.Error("the pack has what the project excludes")
				}
			}
		})
	}
	// The engine itself reports failure for none of these.
	for name, c := range map[string]struct {
		path, from, to string
		want           engines.Diagnostic
	}{
		"a mistake in a script": {"game/actors/keeper.gd", "SPEED = 90.0", "SPEED = = 90.0",
			engines.Diagnostic{Severity: "error", File: "game/actors/keeper.gd", Line: 5, LineText: "const SPEED = = 90.0"}},
		"a resource that is not there": {"game/actors/lantern.tscn", "assets/lantern.png", "assets/lamp.png",
			engines.Diagnostic{Severity: "error", File: "game/actors/lantern.tscn", Line: 4, Text: "it needs res://assets/lamp.png, which is not there"}},
		"a scene that is cut off": {"game/ui/meter.tscn", "shader = ExtResource( 2 )", "shader = ExtResource( 2",
			engines.Diagnostic{Severity: "error", File: "game/ui/meter.tscn"}},
		"a picture that is none": {"game/assets/stones.png", "\x89PNG", "GIF8",
			engines.Diagnostic{Severity: "error", File: "game/assets/stones.png", Text: "it cannot be imported"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := enginetest.Build(t.Context(), e, runners["in a container"], engines.Preview, change(whole, c.path, c.from, c.to))
			if models.CodeOf(err) != models.CodeCompileFailed || res.Outputs != nil {
				t.Fatalf("%v\n%+v\n%s", err, res.Diagnostics, res.LogTail)
			}
			if !slices.ContainsFunc(res.Diagnostics, func(d engines.Diagnostic) bool {
				return d.Severity == c.want.Severity && d.File == c.want.File && (c.want.Line == 0 || d.Line == c.want.Line) &&
					strings.Contains(d.Text, c.want.Text) && strings.Contains(d.LineText, c.want.LineText)
			}) {
				t.Errorf("%+v", res.Diagnostics)
			}
		})
	}
}
