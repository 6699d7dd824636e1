package conformance

import (
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/love"
	"github.com/spark-games/spark/tests/projects"
)

// Another author's project builds unchanged. Mistakes in files that the game does not load are only reported.
func TestLoveProject(t *testing.T) {
	t.Parallel()
	e, runner := love.Engine{}, newRunner(t)
	files, err := projects.Beacon()
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		res, err := enginetest.Build(t.Context(), e, runner, mode, files)
		if err != nil {
			t.Fatalf("%s: %v %+v", mode, err, res)
		}
		if err := e.Verify(engines.BuildRequest{Mode: mode}, res.Outputs); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		for _, d := range res.Diagnostics {
			if d.Severity != "warning" || d.File != "game/spec/timer_spec.lua" {
				t.Errorf("%s: %+v", mode, d)
			}
		}
		if len(res.Diagnostics) != 2 { // goto, and its label
			t.Errorf("%s: %+v", mode, res.Diagnostics)
		}
	}
}
