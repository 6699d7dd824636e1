//go:build linux

package attacks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// TestHostileAgents runs images whose process 1 is not the real agent: the host trusts nothing that it sends, and removes it.
func TestHostileAgents(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]models.Code{
		"truncated": models.CodeSandboxFailed, "oversized": models.CodeSandboxFailed, "stale": models.CodeSandboxFailed,
		"duplicate": models.CodeSandboxFailed, "skipping": models.CodeSandboxFailed, "unknown": models.CodeSandboxFailed,
		"garbage": models.CodeSandboxFailed, "climbing": models.CodeSandboxFailed, "liar": models.CodeSandboxFailed,
		"colliding": models.CodeInvalidOutput, "quitter": models.CodeSandboxFailed, "hog": models.CodeOutOfMemory,
		"bomb": models.CodeOutputTooLarge, "terabyte": models.CodeOutputTooLarge,
		"flood": models.CodeSandboxFailed, "overgenerous": models.CodeSandboxFailed, "stingy": models.CodeTimeout, "stderr": models.CodeTimeout, "silent": models.CodeTimeout,
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			job := engines.RunRequest{
				Account: "attacker", JobID: mode, Engine: engine{"hostile", b.images.hostile},
				Plan:  engines.Plan{Bundle: &engines.Bundle{Entry: "mode"}, Limits: engines.Limits{Time: 2 * time.Second}},
				Files: []models.File{{Path: "mode", Data: []byte(mode)}},
			}
			if want != models.CodeTimeout { // it does not end by timeout
				job.Plan.Limits.Time = time.Minute
			}
			if mode == "stingy" {
				job.Files = append(job.Files, models.File{Path: "more.bin", Data: make([]byte, 3<<20)})
			}
			o := do(t.Context(), b, job)
			if o.code != want {
				t.Errorf("error %v, want %s", o.err, want)
			}
			if o.res == nil || o.res.Outputs != nil || len(o.log()) > 20<<10 {
				t.Errorf("result %+v", o.res)
			}
			if strings.Contains(models.AsError(o.err).Message, "passwd") {
				t.Errorf("the message shows what only logs may: %v", o.err)
			}
			b.stillWorks()
		})
	}
}
