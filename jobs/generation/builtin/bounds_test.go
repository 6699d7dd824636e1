package builtin_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/models"
)

// report is what the bots of testdata/play.mjs say.
type report struct {
	Won, Lost                 int
	FailedToWin, FailedToLose []json.RawMessage
	Shortest, Median, Longest float64
	Tries, Searched           int
}

// play lets the bots play a game of a design with some seeds.
func play(t *testing.T, d engines.Design, first, seeds string) report {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "play.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, starter(t, phaser.Engine{}, d))
	write(t, dir, []models.File{{Path: "package.json", Data: []byte(`{"type":"module"}`)}})
	out, err := exec.CommandContext(t.Context(), "node", script, dir, string(d.Genre), first, seeds).Output()
	if err != nil {
		t.Fatalf("the bots failed: %v", err)
	}
	var r report
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return r
}

// Within its bounds a setting of the rules leaves every game one that can be won: each is tried at both of its ends, and
// all together at those ends that make a game hard.
func TestBoundsLeaveGamesThatCanBeWon(t *testing.T) {
	t.Parallel()
	seeds := "6"
	if testing.Short() {
		seeds = "3"
	}
	for _, genre := range engines.Genres() {
		for _, s := range genre.Tunables() {
			for _, v := range []float64{s.Min, s.Max} {
				d := engines.Design{Genre: genre, Theme: "forest"}
				d.Tuning.Set(s.Name, max(v, 0.001)) // 0 says nothing
				t.Run(string(genre)+"/"+s.Name+"/"+map[bool]string{true: "least", false: "most"}[v == s.Min], func(t *testing.T) {
					t.Parallel()
					if r := play(t, d, "0", seeds); len(r.FailedToWin) > 0 || r.Won == 0 {
						t.Errorf("%v: %d won, could not win %s", v, r.Won, r.FailedToWin)
					}
				})
			}
		}
	}
}
