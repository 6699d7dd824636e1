package conformance

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
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

// TestGodotTellsItsProgress imports many pictures, which takes the engine longest.
func TestGodotTellsItsProgress(t *testing.T) {
	t.Parallel()
	e := godot.Engine{}
	needPrograms(t, e)
	files := enginetest.Starter(t, e, engines.GenrePuzzle)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		files = append(files, models.File{Path: fmt.Sprintf("pictures/%d.png", n), Data: picture.Bytes()})
	}
	plan, err := e.Plan(engines.BuildRequest{Title: "A game", Files: files, Mode: engines.Preview})
	if err != nil {
		t.Fatal(err)
	}
	first := 0.9 / float64(len(plan.Command.Steps)) // where the first command ends
	reached, within := 0.0, 0
	_, err = newRunner(t).Run(t.Context(), engines.RunRequest{Account: "test", JobID: "test", Engine: e, Plan: plan, Files: files,
		Sink: engines.NewSpool(""), Progress: func(fraction float64, stage string) {
			if fraction < reached {
				t.Errorf("progress goes back from %v to %v (%s)", reached, fraction, stage)
			}
			if reached = fraction; fraction > 0 && fraction < first && strings.HasSuffix(stage, ": (Re)Importing Assets") {
				within++
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	if within < 5 {
		t.Errorf("the import of 40 pictures told of its progress %d times", within)
	}
}
