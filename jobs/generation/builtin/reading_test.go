package builtin_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/jobs/generation/builtin"
)

func TestUnderstandTellsWhatItDidAndDidNot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		prompt              string
		understood, ignored []string
	}{
		{"a neon platformer about a fox who collects stars",
			[]string{"genre: platformer", "theme: neon", "hero: fox", "to gather: star"}, nil},
		{"Make a fast space shooter where a rocket fights aliens, with a multiplayer mode and a shop",
			[]string{"genre: shooter", "theme: space", "hero: rocket", "enemy: alien", "pace: fast"}, []string{"multiplayer mode", "shop"}},
		{`relaxing match-3 puzzle with red gems in a candy world called "Sugar Rush Hour", with online leaderboards`,
			[]string{"genre: puzzle", "theme: candy", "to gather: gem", "pace: calm", "colour: red gem", "title: Sugar Rush Hour"}, []string{"online leaderboards"}},
		{"an orange cat eating oranges, hard", []string{"hero: cat", "to gather: orange", "difficulty: hard", "colour: orange cat"}, nil},
		{"an RPG with turn-based combat", nil, []string{"rpg", "turn-based combat"}},
		{"game called Moon Cat, purple sky", []string{"theme: meadow", "hero: cat", "to gather: moon", "colour: purple sky", "title: Moon Cat"}, nil},
		{"please make me a game", nil, nil},
		{"日本語のゲーム", nil, []string{"日本語のゲーム"}},
	} {
		t.Run(test.prompt, func(t *testing.T) {
			t.Parallel()
			r := builtin.Understand(test.prompt, 7)
			if !slices.Equal(r.Understood, test.understood) || !slices.Equal(r.Ignored, test.ignored) {
				t.Errorf("understood %q, ignored %q; want %q and %q", r.Understood, r.Ignored, test.understood, test.ignored)
			}
		})
	}
}

func TestUnderstandIsBounded(t *testing.T) {
	t.Parallel()
	r := builtin.Understand(strings.Repeat("floopy, red sky. ", 5000), 1)
	if len(r.Ignored) > 24 || len(r.Understood) > 24 {
		t.Errorf("%d understood, %d ignored", len(r.Understood), len(r.Ignored))
	}
	for _, text := range builtin.Understand(strings.Repeat("floop ", 5000), 1).Ignored {
		if utf8.RuneCountInString(text) > 80 {
			t.Errorf("a text of %d runes", utf8.RuneCountInString(text))
		}
	}
}

func TestGenerateTellsWhatItUnderstood(t *testing.T) {
	t.Parallel()
	resp, err := builtin.Provider{}.Generate(t.Context(), generation.Request{
		Prompt: "an ocean platformer with an octopus who gathers pearls and a jetpack", Seed: 7, Engine: phaser.Engine{}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Genre != string(engines.GenrePlatformer) || !slices.Contains(resp.Understood, "hero: octopus") || !slices.Equal(resp.Ignored, []string{"jetpack"}) {
		t.Errorf("%q %q %q", resp.Genre, resp.Understood, resp.Ignored)
	}
	if !strings.HasPrefix(resp.Summary, "A platformer in the ocean theme: the hero is an octopus, with pearls to gather") {
		t.Error(resp.Summary)
	}
}

// A plural leads back to its noun, so that whatever the vocabularies have is found in a prompt.
func TestPluralsAreFound(t *testing.T) {
	t.Parallel()
	for noun := range engines.Enemies {
		if got := builtin.Read("a game against "+engines.Plural(noun), 1).Enemy; got != noun {
			t.Errorf("%s: the enemy is %q", engines.Plural(noun), got)
		}
	}
}
