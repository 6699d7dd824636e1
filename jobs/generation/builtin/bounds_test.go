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

// report is the output of the bots of testdata/play.mjs.
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

// Within the bounds of each setting every game can be won: each setting is tested at both of its ends, and so are the
// combinations that determine the length of a leap.
func TestBoundsLeaveGamesThatCanBeWon(t *testing.T) {
	t.Parallel()
	seeds := "6"
	if testing.Short() {
		seeds = "2"
	}
	try := func(name string, d engines.Design) {
		t.Run(string(d.Genre)+"/"+name, func(t *testing.T) {
			t.Parallel()
			if r := play(t, d, "0", seeds); len(r.FailedToWin) > 0 || r.Won == 0 {
				t.Errorf("%+v: %d won, could not win %s", d.Tuning, r.Won, r.FailedToWin)
			}
		})
	}
	for _, genre := range engines.Genres() {
		for _, s := range genre.Tunables() {
			for _, v := range []float64{s.Min, s.Max} {
				d := engines.Design{Genre: genre, Theme: "forest"}
				d.Tuning.Set(s.Name, max(v, 0.001)) // 0 says nothing
				try(s.Name+"/"+map[bool]string{true: "least", false: "most"}[v == s.Min], d)
			}
		}
	}
	for _, genre := range []engines.Genre{engines.GenrePlatformer, engines.GenreRunner} {
		speed, _ := genre.Tunable("speed")
		jump, _ := genre.Tunable("jump")
		gravity, _ := genre.Tunable("gravity")
		try("short leaps", engines.Design{Genre: genre, Theme: "forest", Tuning: engines.Tuning{Speed: speed.Min, Jump: jump.Min, Gravity: gravity.Max}})
		try("long leaps", engines.Design{Genre: genre, Theme: "forest", Tuning: engines.Tuning{Speed: speed.Max, Jump: jump.Max, Gravity: gravity.Min}})
	}
}
