//go:build linux

package attacks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/models"
)

// TestHostileJobs runs each attack in its own sandbox. Whatever the attack does, the job reports the right outcome, no
// protection fails, and the next job is built.
func TestHostileJobs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps []string
		want  models.Code // "" for success
		limit time.Duration
		log   string // must be in the log's tail
	}{
		"nothing hostile":       {steps: []string{"honest"}},
		"fork bomb":             {steps: []string{"fork-bomb", "honest"}, log: "held started"},
		"fork bomb that stays":  {steps: []string{"fork-bomb wait"}, limit: 3 * time.Second, want: models.CodeTimeout, log: "held started"},
		"memory bomb":           {steps: []string{"say it began", "memory-bomb"}, want: models.CodeOutOfMemory, log: "it began"},
		"full work folder":      {steps: []string{"fill-bytes ."}, want: models.CodeCompileFailed, log: "held . took"},
		"full tmp folder":       {steps: []string{"fill-bytes /tmp"}, want: models.CodeCompileFailed, log: "held /tmp took"},
		"no inodes in work":     {steps: []string{"fill-inodes ."}, want: models.CodeCompileFailed, log: "held . took"},
		"no inodes in tmp":      {steps: []string{"fill-inodes /tmp"}, want: models.CodeCompileFailed, log: "held /tmp took"},
		"endless output":        {steps: []string{"endless-output"}, limit: 2 * time.Second, want: models.CodeTimeout, log: "all work"},
		"line of a gigabyte":    {steps: []string{"long-line"}},
		"terminal tricks":       {steps: []string{"control-output"}, log: "red"},
		"forged frames":         {steps: []string{"forge"}, log: "held wrote a frame"},
		"tracing":               {steps: []string{"trace"}, log: "held traces process 1"},
		"signals to process 1":  {steps: []string{"signals"}, log: "held signal 64 to process 1"},
		"escape":                {steps: []string{"escape"}, log: "held became root"},
		"network":               {steps: []string{"network"}, log: "held reached tcp 169.254.169.254:80"},
		"daemon":                {steps: []string{"daemon"}},
		"ignored signals":       {steps: []string{"say it began", "stubborn"}, limit: time.Second, want: models.CodeTimeout, log: "it began"},
		"symlink":               {steps: []string{"artifact symlink"}, want: models.CodeInvalidOutput},
		"symlink to a folder":   {steps: []string{"artifact symlink-dir"}, want: models.CodeInvalidOutput},
		"fifo":                  {steps: []string{"artifact fifo"}, want: models.CodeInvalidOutput},
		"socket":                {steps: []string{"artifact socket"}, want: models.CodeInvalidOutput},
		"sparse terabyte":       {steps: []string{"artifact sparse"}, want: models.CodeOutputTooLarge},
		"growing file":          {steps: []string{"artifact growing"}},
		"too many files":        {steps: []string{"artifact many"}, want: models.CodeOutputTooLarge},
		"too big":               {steps: []string{"say it began", "artifact big"}, want: models.CodeOutputTooLarge, log: "it began"},
		"too deep":              {steps: []string{"artifact deep"}, want: models.CodeInvalidOutput},
		"backslash":             {steps: []string{"artifact names a%5Cb"}, want: models.CodeInvalidOutput},
		"line break":            {steps: []string{"artifact names a%0Ab"}, want: models.CodeInvalidOutput},
		"case collision":        {steps: []string{"artifact names A.js a.js"}, want: models.CodeInvalidOutput},
		"folded collision":      {steps: []string{"artifact names stra%C3%9Fe.js STRASSE.js"}, want: models.CodeInvalidOutput},
		"Turkish collision":     {steps: []string{"artifact names in.js %C4%B1n.js"}, want: models.CodeInvalidOutput},
		"fullwidth collision":   {steps: []string{"artifact names a.js %EF%BD%81.js"}, want: models.CodeInvalidOutput},
		"dot at the end":        {steps: []string{"artifact names a.js a.js."}, want: models.CodeInvalidOutput},
		"space at the end":      {steps: []string{"artifact names a.js%20"}, want: models.CodeInvalidOutput},
		"device":                {steps: []string{"artifact names con.js"}, want: models.CodeInvalidOutput},
		"unicode collision":     {steps: []string{"artifact names %C3%A9.js e%CC%81.js"}, want: models.CodeInvalidOutput},
		"not a name in Unicode": {steps: []string{"artifact names %FF%FE"}, want: models.CodeInvalidOutput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newBench(t)
			job := r.attack(c.steps...)
			job.Plan.Limits.Time = c.limit
			o := do(t.Context(), r, job)
			for o.code == models.CodeTimeout && o.code == c.want && !strings.Contains(o.log(), c.log) && job.Plan.Limits.Time < time.Minute {
				job.Plan.Limits.Time *= 2 // the machine is so busy that the time ran out before the attack began
				o = do(t.Context(), r, job)
			}
			if o.code != c.want {
				t.Errorf("error %v, want %q\n%s", o.err, c.want, o.log())
			}
			if strings.Contains(o.log(), "BROKE") {
				t.Errorf("a protection failed:\n%s", o.log())
			}
			if !strings.Contains(o.log(), c.log) {
				t.Errorf("%q is not in the log:\n%s", c.log, o.log())
			}
			if len(o.log()) > 20<<10 {
				t.Errorf("a log of %d bytes", len(o.log()))
			}
			if strings.ContainsAny(o.log(), "\x00\x1b\x07\r\u202e") {
				t.Errorf("the log has control characters: %q", o.log())
			}
			if c.want == "" {
				if _, ok := o.res.Outputs.Manifest().Find("index.html"); !ok {
					t.Errorf("outputs %+v", o.res.Outputs.Manifest())
				}
			}
			r.stillWorks()
		})
	}
}
