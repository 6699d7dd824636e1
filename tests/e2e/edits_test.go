package e2e

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// edits are follow-up prompts for each genre's game, and what the job's output must say about them.
var edits = map[string]struct {
	prompt     string
	understood []string
	ignored    []any
}{
	"platformer": {"jump a bit higher, twice as many enemies, call it Second Try, and add a minimap", []string{"title: Second Try", "jump height", "enemies"}, []any{"minimap"}},
	"shooter":    {"set it under the sea, fire faster and 6 lives", []string{"theme: ocean", "fire rate", "lives"}, nil},
	"runner":     {"a red sky, run slower, lighter gravity", []string{"colour: red sky", "speed", "gravity"}, nil},
	"puzzle":     {"make it easier and play as a dragon; 5 more moves", []string{"difficulty", "hero: dragon", "moves"}, nil},
}

// A game that a follow-up prompt has edited is the same game with the changes, and can be played. A run takes one random genre
// per engine; SPARK_TEST_GAMES=all takes all.
func TestEditedGames(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	seed := rand.Uint64()
	t.Logf("chance %d", seed)
	chance := rand.New(rand.NewPCG(seed, 1))
	for _, engine := range webEngines(t, d) {
		only := chance.IntN(len(scenarios))
		for i, w := range scenarios {
			if i != only && os.Getenv("SPARK_TEST_GAMES") != "all" {
				continue
			}
			t.Run(engine+" "+w.name, func(t *testing.T) {
				t.Parallel()
				project := d.newProject(t, w.name, engine)
				first := d.await(t, d.submit(t, project.ID, step{"kind": "generation", "input": step{"prompt": w.prompt, "seed": 7}}).ID, jobWithin).succeed(t)
				edit := edits[w.name]
				second := d.await(t, d.submit(t, project.ID, step{"kind": "generation", "input": step{"prompt": edit.prompt}},
					step{"kind": "build", "input": step{"mode": "preview"}}).ID, jobWithin).succeed(t)
				before, after := first.Jobs[0].Output, second.Jobs[0].Output
				require.Equal(t, w.name, after["genre"])
				require.Equal(t, before["files"], after["files"])
				understood, _ := after["understood"].([]any)
				require.Len(t, understood, len(edit.understood), "%v", understood)
				for i, want := range edit.understood {
					require.True(t, strings.HasPrefix(understood[i].(string), want), "%v", understood)
				}
				ignored, _ := after["ignored"].([]any)
				require.Equal(t, edit.ignored, ignored)
				p := newPage(t)
				p.open(d.url + second.Jobs[1].Output["play_url"].(string))
				p.play(w, func(p *page) { p.tap(enter) })
			})
		}
	}
}
