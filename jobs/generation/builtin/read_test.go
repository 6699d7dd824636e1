package builtin_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/jobs/generation/builtin"
)

func TestReadFindsTheKeywords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		prompt string
		want   engines.Design // empty fields are not compared
	}{
		{"a neon platformer about a fox who collects stars",
			engines.Design{Genre: engines.GenrePlatformer, Theme: "neon", Hero: "fox", Collect: "star", Pace: 1}},
		{"Make a fast space shooter where a rocket fights aliens and collects crystals",
			engines.Design{Genre: engines.GenreShooter, Theme: "space", Hero: "rocket", Enemy: "alien", Collect: "crystal", Pace: 1.25}},
		{`relaxing match-3 puzzle with red gems in a candy kingdom called "Sugar Rush Hour"`,
			engines.Design{Genre: engines.GenrePuzzle, Theme: "candy", Collect: "gem", Pace: 0.8, Title: "Sugar Rush Hour",
				Palette: engines.Palette{Collect: "#e8333f"}}},
		{"endless runner about a penguin in the snow dodging wolves, purple sky",
			engines.Design{Genre: engines.GenreRunner, Theme: "snow", Hero: "penguin", Enemy: "wolf"}},
		{"a dinosaur running through a jungle away from meteors",
			engines.Design{Genre: engines.GenreRunner, Theme: "forest", Hero: "dinosaur", Enemy: "meteor"}},
		{"a llama who gathers golden widgets and avoids the evil tax collectors",
			engines.Design{Hero: "llama", Collect: "widget", Enemy: "collector", Palette: engines.Palette{Collect: "#ffc928"}}},
		{"an orange cat eating oranges, hard",
			engines.Design{Hero: "cat", Collect: "orange", Difficulty: 1.4, Palette: engines.Palette{Hero: "#ff8c2b"}}},
		{"game called Moon Cat about jumping", engines.Design{Genre: engines.GenrePlatformer, Hero: "cat", Title: "Moon Cat"}},
		{"a princess saving hearts from dragons", engines.Design{Hero: "princess", Collect: "heart", Enemy: "dragon"}},
		{"underwater shooter as a dolphin against crabs, #0f0 bullets",
			engines.Design{Genre: engines.GenreShooter, Theme: "ocean", Hero: "dolphin", Enemy: "crab", Palette: engines.Palette{Accent: "#00ff00"}}},
		{"#ff00aa puzzle for kids", engines.Design{Genre: engines.GenrePuzzle, Difficulty: 0.7, Palette: engines.Palette{Accent: "#ff00aa"}}},
		{"A PLATFORMER, VERY FAST, NOT HARD", engines.Design{Genre: engines.GenrePlatformer, Pace: 1.25}},
		{"red panda runner", engines.Design{Genre: engines.GenreRunner, Hero: "red panda"}},
	}
	for _, test := range tests {
		t.Run(test.prompt, func(t *testing.T) {
			t.Parallel()
			got := builtin.Read(test.prompt, 7)
			for _, c := range [][3]string{
				{"genre", string(got.Genre), string(test.want.Genre)}, {"theme", got.Theme, test.want.Theme},
				{"hero", got.Hero, test.want.Hero}, {"collect", got.Collect, test.want.Collect}, {"enemy", got.Enemy, test.want.Enemy},
				{"title", got.Title, test.want.Title}, {"hero's colour", got.Palette.Hero, test.want.Palette.Hero},
				{"collect's colour", got.Palette.Collect, test.want.Palette.Collect}, {"accent", got.Palette.Accent, test.want.Palette.Accent},
			} {
				if c[2] != "" && c[1] != c[2] {
					t.Errorf("%s is %q, want %q", c[0], c[1], c[2])
				}
			}
			for _, c := range []struct {
				what      string
				got, want float64
			}{{"pace", got.Pace, test.want.Pace}, {"difficulty", got.Difficulty, test.want.Difficulty}} {
				if c.want != 0 && math.Abs(c.got-c.want) > 1e-9 {
					t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
				}
			}
		})
	}
}

func TestReadChoosesByTheHashOfAPromptThatSaysNothing(t *testing.T) {
	t.Parallel()
	genres, themes := map[engines.Genre]bool{}, map[string]bool{}
	for _, r := range "abcdefghijklmnopqrstuvwxyzäöüßéèñ日本語中文한국어" {
		prompt := strings.Repeat(string(r), 5)
		d := builtin.Read(prompt, 1)
		if again := builtin.Read(prompt, 1); again != d {
			t.Fatalf("%q: the same prompt and seed gave two designs", prompt)
		}
		if other := builtin.Read(prompt, 2); other.Seed == d.Seed {
			t.Errorf("%q: another seed gave the same level", prompt)
		}
		genres[d.Genre], themes[d.Theme] = true, true
	}
	if len(genres) != 4 || len(themes) < 8 {
		t.Errorf("40 prompts gave %d genres and %d themes: not different enough", len(genres), len(themes))
	}
}

func TestReadBoundsALongPrompt(t *testing.T) {
	t.Parallel()
	d := builtin.Read(strings.Repeat("é", 200_000)+" platformer", 1)
	if len(d.Prompt) > 8<<10 || !utf8.ValidString(d.Prompt) {
		t.Errorf("the prompt in the design has %d bytes, valid UTF-8: %v", len(d.Prompt), utf8.ValidString(d.Prompt))
	}
	if title := builtin.Read(`"`+strings.Repeat("long ", 15)+`"`, 1).Title; utf8.RuneCountInString(title) > 60 {
		t.Errorf("the title has %d runes", utf8.RuneCountInString(title))
	}
}

func TestNamedColoursStayApart(t *testing.T) {
	t.Parallel()
	d := builtin.Read("a black cat in a black night under a black sky on black ground", 3)
	if d.Palette.Hero == d.Palette.SkyLow || d.Palette.Hero == d.Palette.Ground {
		t.Errorf("the hero cannot be seen: %+v", d.Palette)
	}
}
