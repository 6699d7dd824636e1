package conformance

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/enginetest"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/models"
)

// The environment that a runner predicts for a plan is the one that the result reports: the build cache is looked up with the
// first and filled with the second.
func TestEnvironmentIsForetold(t *testing.T) {
	t.Parallel()
	type runner interface {
		engines.Runner
		Environment(ctx context.Context, job engines.RunRequest) (engines.Environment, error)
	}
	e := phaser.Engine{}
	seen := make(map[string]bool)
	for kind, r := range map[engines.EnvironmentKind]runner{engines.InProcess: newRunner(t), engines.InDocker: newDockerRunner(t)} {
		for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
			files, err := e.Starter(enginetest.Design(engines.GenrePlatformer))
			if err != nil {
				t.Fatal(err)
			}
			plan, err := e.Plan(engines.BuildRequest{Title: "Game", Files: files, Mode: mode})
			if err != nil {
				t.Fatal(err)
			}
			job := engines.RunRequest{Account: models.NewID(), JobID: models.NewID(), Engine: e, Plan: plan, Files: files, Sink: enginetest.Sink(t)}
			before, err := r.Environment(t.Context(), job)
			if err != nil {
				t.Fatal(err)
			}
			res, err := r.Run(t.Context(), job)
			if err != nil {
				t.Fatal(err)
			}
			after, err := r.Environment(t.Context(), job)
			if err != nil || !reflect.DeepEqual(before, res.Environment) || !reflect.DeepEqual(before, after) {
				t.Errorf("%s %s: %v\nbefore %+v\nresult %+v\nafter %+v", kind, mode, err, short(before), short(res.Environment), short(after))
			}
			if before.Kind != kind || before.Digest == "" || strings.HasPrefix(before.Digest, "sha256:") != (kind == engines.InDocker) ||
				(len(before.Agent) == 64) != (kind == engines.InProcess) || before.Limits.Time == 0 || before.Limits.MemoryBytes == 0 {
				t.Errorf("%s %s: %+v", kind, mode, short(before))
			}
			if (len(before.Modules) > 0) != (mode == engines.Preview) {
				t.Errorf("%s %s: %d modules", kind, mode, len(before.Modules))
			}
			seen[before.Digest] = true
		}
	}
	if len(seen) != 2 {
		t.Errorf("an image and a toolchain have %d digests", len(seen))
	}
}

// short is an environment without the modules' content.
func short(e engines.Environment) engines.Environment {
	e.Modules = nil
	return e
}
