//go:build linux

package attacks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/tests/attacks/reads"
)

const bait = "TOPSECRET"

// TestProjectsReadNothing builds each project that asks the bundler for a file, in both runners. The result shows nothing of the
// file; on this machine, where the file can be removed, not even whether it exists.
func TestProjectsReadNothing(t *testing.T) {
	t.Parallel()
	local, contained := newLocalBench(t), newBench(t)
	for name, project := range reads.Projects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "outside.js")
			for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
				told := func(r engines.Runner, file string) string {
					t.Helper()
					said, log, err := reads.Told(t.Context(), r, engine{"honest", contained.images.honest}, mode, project(file))
					if err != nil {
						t.Fatal(err)
					}
					if strings.Contains(said+log, bait) {
						t.Errorf("%s: shows the file:\n%s\n%s", mode, said, log)
					}
					return said
				}
				missing := told(local, file)
				if err := os.WriteFile(file, reads.Bait(bait), 0o644); err != nil {
					t.Fatal(err)
				}
				if present := told(local, file); present != missing {
					t.Errorf("%s: a file that is there:\n%s\nis not like one that is not:\n%s", mode, present, missing)
				}
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
				told(contained, baitInImage)
			}
		})
	}
}
