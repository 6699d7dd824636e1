package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/tests/attacks/reads"
)

// Whatever a project writes, esbuild shows nothing of a file that is not the project's, not even whether there is one.
func TestReadsOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := tools(t)
	for name, project := range reads.Projects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outside := filepath.Join(t.TempDir(), "outside.js")
			for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
				missing := everything(build(t, mode, dir, project(outside)))
				if err := os.WriteFile(outside, reads.Bait(secret), 0o644); err != nil {
					t.Fatal(err)
				}
				present := everything(build(t, mode, dir, project(outside)))
				if err := os.Remove(outside); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(present, secret) {
					t.Errorf("%s: shows the file:\n%s", mode, present)
				}
				if present != missing {
					t.Errorf("%s: a file that is there:\n%s\nis not like one that is not:\n%s", mode, present, missing)
				}
			}
		})
	}
}

// everything is all that a user learns from a build.
func everything(res *Result) string {
	var b strings.Builder
	for _, d := range res.Diagnostics {
		fmt.Fprintf(&b, "%+v\n", d)
	}
	for _, f := range res.Outputs {
		fmt.Fprintf(&b, "%s\n%s\n", f.Path, f.Data)
	}
	return b.String()
}
