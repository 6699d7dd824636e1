package conformance

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/models"
)

//go:embed testdata/replay.go.txt
var replay []byte

// The Go rules behave like the JavaScript rules: games that bots won and lost with one end the same way with the other, step by
// step. So what is tested for the rules of the browser games, that each can be won and lost, holds for these too.
func TestEbitengineRules(t *testing.T) {
	t.Parallel()
	if runtime.GOARCH != "amd64" {
		t.Skip("on other machines Go fuses operations, which rounds differently from JavaScript")
	}
	for _, genre := range engines.Genres() {
		t.Run(string(genre), func(t *testing.T) {
			t.Parallel()
			design := engines.Design{Genre: genre, Theme: "forest"}
			program := t.TempDir()
			// The rules and what they depend on, without what draws.
			writeProject(t, program, ebitengine.Engine{}, design, func(path string) bool {
				return slices.Contains([]string{"design.go", "level.go", "random.go", "rules.go", "types.go", "words.go"}, path)
			})
			for name, data := range map[string][]byte{"main.go": replay, "go.mod": []byte("module game\n\ngo 1.22\n")} {
				if err := os.WriteFile(filepath.Join(program, name), data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			games, err := os.Open(recordGames(t, design, 12))
			if err != nil {
				t.Fatal(err)
			}
			defer games.Close()
			cmd := exec.CommandContext(t.Context(), "go", "run", ".")
			cmd.Dir, cmd.Stdin = program, games
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var played, failed int
			if _, err := fmt.Sscanf(string(out), "%d games, %d failed", &played, &failed); err != nil || played < 24 {
				t.Fatalf("a game won and a game lost for each of 12 seeds, got: %s", out)
			}
		})
	}
}

// recordGames lets bots win and lose a game of the JavaScript rules for each of some seeds. It returns the file of the
// recording.
func recordGames(t *testing.T, d engines.Design, seeds int) string {
	t.Helper()
	bots, err := filepath.Abs("../../jobs/generation/builtin/testdata/play.mjs")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeProject(t, dir, phaser.Engine{}, d, nil)
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type":"module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	record := filepath.Join(dir, "games.jsonl")
	cmd := exec.CommandContext(t.Context(), "node", bots, dir, string(d.Genre), "0", strconv.Itoa(seeds), record)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the bots failed: %v\n%s", err, out)
	}
	return record
}

// writeProject writes the named files of a starter, or all.
func writeProject(t *testing.T, dir string, e engines.Engine, d engines.Design, wanted func(path string) bool) {
	t.Helper()
	files, err := e.Starter(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range slices.DeleteFunc(files, func(f models.File) bool { return wanted != nil && !wanted(f.Path) }) {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
