package conformance

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/godot"
	"github.com/spark-games/spark/models"
)

func project(pairs ...string) (files []models.File) {
	for i := 0; i < len(pairs); i += 2 {
		files = append(files, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return files
}

// The messages of a build name the project's files, and no path of the machine that built it.
func TestPlacesAreNotTold(t *testing.T) {
	t.Parallel()
	for name, runner := range map[string]engines.Runner{"in a container": newDockerRunner(t), "here": newRunner(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := project("main.go", "package main\n\nimport _ \"game/missing\"\nimport _ \"nosuch/pkg\"\nimport _ \"github.com/a/b\"\n\nfunc main() {}\n")
			res, err := enginetest.Build(t.Context(), ebitengine.Engine{}, runner, engines.Preview, list)
			if models.CodeOf(err) != models.CodeCompileFailed || len(res.Diagnostics) == 0 {
				t.Fatalf("%v %+v", err, res)
			}
			said := res.LogTail
			for _, d := range res.Diagnostics {
				said += d.File + " " + d.Text + "\n"
			}
			if !strings.Contains(said, "nosuch/pkg") {
				t.Errorf("the mistake is not reported:\n%s", said)
			}
			for _, place := range []string{"/toolchain", "/work", "/root", "/home", "/tmp", "/job-"} {
				if strings.Contains(said, place) {
					t.Errorf("%s is shown:\n%s", place, said)
				}
			}
		})
	}
}

const greedy = `extends Node
var all = []
func _ready():
	while true:
		var a = []
		a.resize(1 << 20)
		all.append(a)
`

// A build that runs out of memory says so, even with an engine that keeps running without it for as long as it can.
func TestMemoryIsTheLimit(t *testing.T) {
	t.Parallel()
	e := godot.Engine{}
	for name, runner := range map[string]engines.Runner{"in a container": newDockerRunner(t), "here": newRunner(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "here" {
				needPrograms(t, e)
			}
			list := project("project.godot", "config_version=4\n[application]\nconfig/name=\"bomb\"\nrun/main_scene=\"res://main.tscn\"\n",
				"main.tscn", "[gd_scene load_steps=2 format=2]\n[ext_resource path=\"res://main.gd\" type=\"Script\" id=1]\n"+
					"[node name=\"Main\" type=\"Node\"]\nscript = ExtResource( 1 )\n", "main.gd", greedy)
			res, err := enginetest.Build(t.Context(), e, runner, engines.Preview, list)
			if models.CodeOf(err) != models.CodeOutOfMemory {
				t.Errorf("%v %+v", err, res)
			}
		})
	}
}
