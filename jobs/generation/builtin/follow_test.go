package builtin_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/babylon"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/godot"
	"github.com/spark-games/spark/engines/kaplay"
	"github.com/spark-games/spark/engines/love"
	"github.com/spark-games/spark/engines/phaser"
	"github.com/spark-games/spark/engines/pixi"
	"github.com/spark-games/spark/engines/playcanvas"
	"github.com/spark-games/spark/engines/three"
	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/jobs/generation/builtin"
	"github.com/spark-games/spark/models"
)

// every is all engines whose games can be edited.
var every = []engines.Engine{babylon.Engine{}, ebitengine.Engine{}, godot.Engine{}, kaplay.Engine{}, love.Engine{}, phaser.Engine{}, phaser.Phaser3,
	pixi.Engine{}, playcanvas.Engine{}, three.Engine{}}

// designs are the fields of a design that a test compares, as its file has them.
var numbers = map[string]string{"pace": "pace", "difficulty": "difficulty", "seed": "seed", "speed": "tuning.speed",
	"jump": "tuning.jump", "gravity": "tuning.gravity",
	"fireRate": "tuning.fireRate", "enemies": "tuning.enemies", "enemySpeed": "tuning.enemySpeed", "goalTimes": "tuning.goalTimes", "goal": "tuning.goal",
	"lives": "tuning.lives", "moves": "tuning.moves"}

var texts = map[string]string{"genre": "genre", "theme": "theme", "title": "title", "hero": "hero", "collect": "collect", "enemy": "enemy", "prompt": "prompt",
	"sky": "palette.sky", "skyLow": "palette.skyLow", "ground": "palette.ground", "hero's": "palette.hero", "enemy's": "palette.enemy",
	"collect's": "palette.collect", "accent": "palette.accent", "text": "palette.text"}

// values reads all of a project's design.
func values(t testing.TB, e engines.Engine, files []models.File) map[string]any {
	t.Helper()
	d, err := e.(engines.Designed).DesignFile(files)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]any{}
	for name, field := range numbers {
		if v, ok := d.Number(field); ok {
			m[name] = v
		}
	}
	for name, field := range texts {
		if v, ok := d.Text(field); ok {
			m[name] = v
		}
	}
	return m
}

// changes is what differs between two designs: the new values.
func changes(before, after map[string]any) map[string]any {
	m := map[string]any{}
	for k, v := range after {
		if before[k] != v {
			m[k] = v
		}
	}
	return m
}

func game(t testing.TB, e engines.Engine, g engines.Genre) []models.File {
	t.Helper()
	return starter(t, e, engines.Design{Genre: g, Theme: "forest", Title: "Frog Forest", Prompt: "a frog", Hero: "frog", Collect: "star", Enemy: "drone", Seed: 7})
}

type want map[string]any

// Follow-ups, by what of a game they change. A value of nil is any change. Engines take turns.
var followUps = []struct {
	genre   engines.Genre
	prompt  string
	want    want
	ignored []string
}{
	{engines.GenrePlatformer, "make the jump higher", want{"jump": 1.3}, nil},
	{engines.GenrePlatformer, "Jump a bit higher and 5 lives", want{"jump": 1.15, "lives": 5.0}, nil},
	{engines.GenrePlatformer, "jump higher, run faster, fewer enemies, more lives", want{"jump": 1.3, "speed": 1.3, "enemies": 0.769, "lives": 4.0}, nil},
	{engines.GenrePlatformer, "double jump height", want{"jump": 2.0}, nil},
	{engines.GenrePlatformer, "jump 1.5x", want{"jump": 1.5}, nil},
	{engines.GenrePlatformer, "jump 100 times as high", want{"jump": 2.5}, nil},
	{engines.GenrePlatformer, "increase the jump height by 20%", want{"jump": 1.2}, nil},
	{engines.GenrePlatformer, "the jump is not high enough", want{"jump": 1.3}, nil},
	{engines.GenrePlatformer, "the frog jumps too high", want{"jump": 0.9}, nil},
	{engines.GenrePlatformer, "make the jump and the speed higher", want{"jump": 1.3, "speed": 1.3}, nil},
	{engines.GenrePlatformer, "floatier jumps", want{"gravity": 0.769}, nil},
	{engines.GenrePlatformer, "lower gravity", want{"gravity": 0.769}, nil},
	{engines.GenrePlatformer, "much more gravity", want{"gravity": 1.3}, nil},
	{engines.GenrePlatformer, "gravity 0.6", want{"gravity": 0.6}, nil},
	{engines.GenrePlatformer, "twice as many enemies", want{"enemies": 2.0}, nil},
	{engines.GenrePlatformer, "half as many drones", want{"enemies": 0.5}, nil},
	{engines.GenrePlatformer, "50% more enemies", want{"enemies": 1.5}, nil},
	{engines.GenrePlatformer, "no enemies", want{"enemies": 0.0}, nil},
	{engines.GenrePlatformer, "is it possible to have fewer drones?", want{"enemies": 0.769}, []string{"possible"}},
	{engines.GenrePlatformer, "10 enemies", want{}, []string{`10 enemies (it is set as a multiple of the usual: say "twice", "half" or "a bit more")`}},
	{engines.GenrePlatformer, "the drones are too fast, slow them down", want{"enemySpeed": 0.769}, nil},
	{engines.GenrePlatformer, "more enemies that move slower", want{"enemies": 1.3, "enemySpeed": 0.769}, nil},
	{engines.GenrePlatformer, "make it faster", want{"pace": 1.3}, nil},
	{engines.GenrePlatformer, "slow down the game a bit", want{"pace": 0.87}, nil},
	{engines.GenrePlatformer, "30% slower", want{"pace": 0.7}, nil},
	{engines.GenrePlatformer, "not so fast", want{"pace": 0.769}, nil},
	{engines.GenrePlatformer, "harder please", want{"difficulty": 1.3}, nil},
	{engines.GenrePlatformer, "less difficult", want{"difficulty": 0.769}, nil},
	{engines.GenrePlatformer, "the game is too easy", want{"difficulty": 1.3}, nil},
	{engines.GenrePlatformer, "make the frog run faster", want{"speed": 1.3}, nil},
	{engines.GenrePlatformer, "the hero is too slow", want{"speed": 1.3}, nil},
	{engines.GenrePlatformer, "keep the speed, but more lives", want{"lives": 4.0}, nil},
	{engines.GenrePlatformer, "set lives to 9", want{"lives": 9.0}, nil},
	{engines.GenrePlatformer, "3 more lives", want{"lives": 6.0}, nil},
	{engines.GenrePlatformer, "one extra life", want{"lives": 4.0}, nil},
	{engines.GenrePlatformer, "reduce lives to 1", want{"lives": 1.0}, nil},
	{engines.GenrePlatformer, "give the player seven hearts", want{"lives": 7.0}, nil},
	{engines.GenrePlatformer, "no lives", want{}, []string{"no lives (there must be some)"}},
	{engines.GenrePlatformer, "fewer stars", want{"goalTimes": 0.769}, nil},
	{engines.GenrePlatformer, "collect only 20 stars", want{"goal": 20.0}, nil},
	{engines.GenrePlatformer, "call it Moon Frog and make it easier", want{"title": "Moon Frog", "difficulty": 0.769}, nil},
	{engines.GenrePlatformer, "title: Frog Quest", want{"title": "Frog Quest"}, nil},
	{engines.GenrePlatformer, `rename the game to "Faster, Frog!"`, want{"title": "Faster, Frog!"}, nil},
	{engines.GenrePlatformer, "the title should be Space Shooter and more lives", want{"title": "Space Shooter", "lives": 4.0}, nil},
	{engines.GenrePlatformer, "make the sky purple", want{"sky": "#8e44d6", "skyLow": nil}, nil},
	{engines.GenrePlatformer, "red hero, blue ground", want{"hero's": "#e8333f", "ground": "#3a7bff"}, nil},
	{engines.GenrePlatformer, "stars should be golden", want{"collect's": "#ffc928"}, nil},
	{engines.GenrePlatformer, "white text", want{"text": "#f6f7fb"}, nil},
	{engines.GenrePlatformer, "darker", want{"sky": nil, "skyLow": nil}, nil},
	{engines.GenrePlatformer, "make everything pink", want{"accent": "#ff6fae", "sky": nil, "skyLow": nil, "ground": nil}, nil},
	{engines.GenrePlatformer, "make the trees blue", want{}, []string{"make the trees blue"}},
	{engines.GenrePlatformer, "play as a dragon", want{"hero": "dragon"}, nil},
	{engines.GenrePlatformer, "turn the frog into a cat", want{"hero": "cat"}, nil},
	{engines.GenrePlatformer, "replace the drones with bats", want{"enemy": "bat"}, nil},
	{engines.GenrePlatformer, "collect gems instead of stars", want{"collect": "gem"}, nil},
	{engines.GenrePlatformer, "new level layout", want{"seed": nil}, nil},
	{engines.GenrePlatformer, "add multiplayer", want{}, []string{"multiplayer"}},
	{engines.GenrePlatformer, "turn it into a shooter", want{}, []string{"turn it into a shooter (a platformer stays one; from_scratch makes another game)"}},
	{engines.GenrePlatformer, "make the music louder and jump higher", want{"jump": 1.3}, []string{"make the music louder"}},
	{engines.GenrePlatformer, "make the ghost faster", want{}, []string{"make the ghost faster"}},
	{engines.GenrePlatformer, "", want{}, nil},
	{engines.GenrePlatformer, "- higher jump\n- more lives\n- wall jumps", want{"jump": 1.3, "lives": 4.0}, []string{"wall jumps"}},
	{engines.GenreShooter, "make the jump higher", want{}, []string{"make the jump higher (a shooter has no such setting)"}},
	{engines.GenreShooter, "fire faster", want{"fireRate": 1.3}, nil},
	{engines.GenreShooter, "shoot twice as fast", want{"fireRate": 2.0}, nil},
	{engines.GenreShooter, "slower enemies", want{"enemySpeed": 0.769}, nil},
	{engines.GenreShooter, "no enemies", want{"enemies": 0.5}, nil},
	{engines.GenreShooter, "3 lives", want{"lives": 3.0}, nil},
	{engines.GenreShooter, "10 lives", want{"lives": 9.0}, nil},
	{engines.GenreShooter, "collect 100 stars", want{"goal": 100.0}, nil},
	{engines.GenreShooter, "more lasers, easier", want{"fireRate": 1.3, "difficulty": 0.769}, nil},
	{engines.GenrePuzzle, "5 more moves", want{"moves": 27.0}, nil},
	{engines.GenrePuzzle, "30 moves", want{"moves": 30.0}, nil},
	{engines.GenrePuzzle, "lower the goal", want{"goalTimes": 0.769}, nil},
	{engines.GenrePuzzle, "goal of 20", want{"goal": 20.0}, nil},
	{engines.GenrePuzzle, "make it relaxing", want{"pace": 0.769}, nil},
	{engines.GenrePuzzle, "more lives", want{}, []string{"more lives (a puzzle has no such setting)"}},
	{engines.GenrePuzzle, "bigger board", want{}, []string{"bigger board"}},
	{engines.GenreRunner, "run faster", want{"speed": 1.3}, nil},
	{engines.GenreRunner, "gravity twice as strong", want{"gravity": 1.4}, nil},
	{engines.GenreRunner, "the frog should jump a lot higher", want{"jump": 1.6}, nil},
	{engines.GenreRunner, "collect 50 stars", want{"goal": 50.0}, nil},
	{engines.GenreRunner, "start with 4 hearts", want{"lives": 4.0}, nil},
	{engines.GenreRunner, "4 lanes", want{}, []string{"4 lanes"}},
}

func TestFollowUps(t *testing.T) {
	t.Parallel()
	for i, test := range followUps {
		e := every[i%len(every)]
		t.Run(string(test.genre)+"/"+test.prompt, func(t *testing.T) {
			t.Parallel()
			files := game(t, e, test.genre)
			out, r, err := builtin.Edit(e, files, test.prompt)
			if err != nil {
				t.Fatal(err)
			}
			got := changes(values(t, e, files), values(t, e, out))
			for k, v := range test.want {
				if g, ok := got[k]; !ok || v != nil && v != g {
					t.Errorf("%s is %v, want %v", k, g, v)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("changed %v, want %v", got, test.want)
			}
			if !slices.Equal(r.Ignored, test.ignored) {
				t.Errorf("ignored %q, want %q", r.Ignored, test.ignored)
			}
			if (len(r.Understood) > 0) != (len(test.want) > 0) {
				t.Errorf("understood %q", r.Understood)
			}
		})
	}
}

// A theme brings its colours and drawings, and keeps the colours that characters were given.
func TestFollowUpChangesTheme(t *testing.T) {
	t.Parallel()
	for _, e := range every {
		files := game(t, e, engines.GenreRunner)
		files, _, err := builtin.Edit(e, files, "a red frog")
		if err != nil {
			t.Fatal(err)
		}
		out, r, err := builtin.Edit(e, files, "set it in space")
		if err != nil {
			t.Fatal(err)
		}
		before, after := values(t, e, files), values(t, e, out)
		got := changes(before, after)
		if got["theme"] != "space" || got["sky"] == nil || after["hero's"] != before["hero's"] || got["title"] != nil || got["seed"] != nil {
			t.Errorf("%s: changed %v, understood %q", e.Info().Name, got, r.Understood)
		}
		fresh := starter(t, e, engines.Design{Genre: engines.GenreRunner, Theme: "space", Hero: "frog", Collect: "star", Enemy: "drone"})
		for _, f := range out {
			if strings.Contains(f.Path, "theme.") || strings.HasPrefix(f.Path, "look.") {
				if file(t, fresh, f.Path) != string(f.Data) {
					t.Errorf("%s: %s is not that of space", e.Info().Name, f.Path)
				}
			}
		}
	}
}

// What people have changed stays: other files, other values, and pictures, whose words then stay too.
func TestFollowUpLeavesOwnChanges(t *testing.T) {
	t.Parallel()
	for _, e := range every {
		files := game(t, e, engines.GenrePlatformer)
		own := []byte("// mine\n")
		for i := range files {
			if strings.Contains(files[i].Path, "theme.") || strings.HasPrefix(files[i].Path, "look.") || strings.Contains(files[i].Path, "rules.") {
				files[i].Data = append(bytes.Clone(files[i].Data), own...)
			}
		}
		files = append(files, models.File{Path: "notes.txt", Data: own})
		out, r, err := builtin.Edit(e, files, "set it in the snow, jump higher and call it Ice")
		if err != nil {
			t.Fatal(err)
		}
		got := changes(values(t, e, files), values(t, e, out))
		if !maps.Equal(got, map[string]any{"jump": 1.3, "title": "Ice"}) {
			t.Errorf("%s: changed %v", e.Info().Name, got)
		}
		if len(r.Ignored) != 1 || !strings.HasPrefix(r.Ignored[0], "theme: snow (") || !strings.HasSuffix(r.Ignored[0], " has been changed by hand)") {
			t.Errorf("%s: ignored %q", e.Info().Name, r.Ignored)
		}
		for i, f := range files {
			if bytes.HasSuffix(f.Data, own) && !bytes.Equal(out[i].Data, f.Data) {
				t.Errorf("%s: %s has been changed", e.Info().Name, f.Path)
			}
		}
	}
}

func TestEditRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, files := range map[string][]models.File{
		"an imported project": {{Path: "src/main.js", Data: []byte("start()")}},
		"garbage":             {{Path: "src/design.js", Data: []byte("export const design = {{{{\x00")}},
		"an unknown genre":    {{Path: "src/design.js", Data: []byte("export const design = {genre: 'opera'};")}},
	} {
		resp, err := builtin.Provider{}.Generate(t.Context(), generation.Request{Prompt: "jump higher", Engine: phaser.Engine{}, Files: files}, nil)
		if models.CodeOf(err) != models.CodeNotEditable || resp != nil || generation.Transient(err) ||
			!strings.Contains(models.AsError(err).Message, "from_scratch makes another game") {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}

// Nothing changes but what was asked for; changed values are within bounds; edits of edits compose; and the engine can plan an
// edited project.
func TestFollowUpsChangeOnlyWhatIsAsked(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	wishes := map[string][]string{
		"jump": {"higher jumps", "a lower jump", "jump twice as high"}, "speed": {"make the frog faster", "run slower"},
		"lives":   {"more lives", "2 lives", "100 hearts", "remove 3 lives"},
		"enemies": {"more drones", "no enemies", "five times as many enemies"}, "difficulty": {"harder", "much easier"}, "pace": {"slow the game down", "quicker"},
		"title": {"call it Zed"}, "sky": {"a red sky", "make the sky green"},
	}
	allowed := map[string][]string{"sky": {"sky", "skyLow"}}
	for range 40 {
		e := every[rnd.IntN(len(every))]
		genre := engines.Genres()[rnd.IntN(4)]
		files := game(t, e, genre)
		said := []string{}
		for range 6 {
			var asked, prompt []string
			for _, k := range slices.Sorted(maps.Keys(wishes)) {
				if rnd.IntN(4) == 0 {
					asked, prompt = append(asked, k), append(prompt, wishes[k][rnd.IntN(len(wishes[k]))])
				}
			}
			text := strings.Join(prompt, []string{", ", " and ", ". "}[rnd.IntN(3)])
			said = append(said, text)
			out, _, err := builtin.Edit(e, files, text)
			if err != nil {
				t.Fatal(err)
			}
			after := values(t, e, out)
			for k := range changes(values(t, e, files), after) {
				ok := slices.Contains(asked, k)
				for _, a := range asked {
					ok = ok || slices.Contains(allowed[a], k)
				}
				if !ok {
					t.Errorf("%s %s: %q has changed %s", e.Info().Name, genre, text, k)
				}
			}
			for _, s := range genre.Tunables() {
				if v, ok := after[s.Name].(float64); !ok || v != s.Clamp(v) {
					t.Errorf("%s %s: after %q %s is %v", e.Info().Name, genre, said, s.Name, after[s.Name])
				}
			}
			files = out
		}
		if err := models.CheckFiles(files); err != nil {
			t.Error(err)
		}
		if _, err := e.Plan(engines.BuildRequest{Files: files, Mode: engines.Release}); err != nil {
			t.Errorf("%s: after %q: %v", e.Info().Name, said, err)
		}
	}
}

func TestEditsCompose(t *testing.T) {
	t.Parallel()
	for _, e := range every {
		files := game(t, e, engines.GenrePlatformer)
		for _, prompt := range []string{"jump a bit higher", "jump a bit higher", "2 more lives", "more lives", "call it A", "call it B"} {
			out, _, err := builtin.Edit(e, files, prompt)
			if err != nil {
				t.Fatal(err)
			}
			files = out
		}
		got := values(t, e, files)
		if fmt.Sprintf("%v %v %v", got["jump"], got["lives"], got["title"]) != "1.322 7 B" {
			t.Errorf("%s: %v %v %v", e.Info().Name, got["jump"], got["lives"], got["title"])
		}
	}
}

// If a value was set beyond the bounds by hand, asking for more does not reduce it; and from none, asking for more gives some.
func TestFollowUpStartsFromOwnValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, prompt, want string }{
		{`"jump": 9`, "jump higher", `"jump": 9`}, {`"jump": 9`, "jump lower", `"jump": 2.5`}, {`"enemies": 0`, "more enemies", `"enemies": 1`},
		{`"jump": 1 + 1`, "jump higher", `"jump": 1 + 1`},
	} {
		files := game(t, phaser.Engine{}, engines.GenrePlatformer)
		name, _, _ := strings.Cut(c.text, ": ")
		for i := range files {
			if files[i].Path == "src/design.js" {
				files[i].Data = bytes.Replace(files[i].Data, []byte(name+": 1,"), []byte(c.text+","), 1)
			}
		}
		out, r, err := builtin.Edit(phaser.Engine{}, files, c.prompt)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(file(t, out, "src/design.js"), c.want+",") {
			t.Errorf("%s, %s: %q %q", c.text, c.prompt, r.Understood, r.Ignored)
		}
	}
}

// FuzzEdit: for any prompt and design file, the result is a clear refusal or a project with the same files, and the genre stays.
func FuzzEdit(f *testing.F) {
	for i, test := range followUps {
		f.Add(test.prompt, i, []byte(nil))
	}
	for i, prompt := range hostile {
		f.Add(prompt, i, []byte(prompt))
	}
	f.Fuzz(func(t *testing.T, prompt string, which int, tail []byte) {
		e := every[uint(which)%uint(len(every))]
		genre := engines.Genres()[uint(which)%4]
		files := game(t, e, genre)
		for i := range files {
			if strings.Contains(files[i].Path, "design.") && len(tail) > 0 {
				at := min(len(files[i].Data), int(tail[0])*8)
				files[i].Data = slices.Concat(files[i].Data[:at], tail, files[i].Data[at:])
			}
		}
		out, r, err := builtin.Edit(e, files, prompt)
		if err != nil {
			if models.CodeOf(err) != models.CodeNotEditable {
				t.Fatal(err)
			}
			return
		}
		if len(out) != len(files) || !r.Design.Genre.Valid() || len(tail) == 0 && r.Design.Genre != genre {
			t.Errorf("%d files of %d, a %s of a %s", len(out), len(files), r.Design.Genre, genre)
		}
		if len(tail) == 0 {
			if err := models.CheckFiles(out); err != nil {
				t.Error(err)
			}
			values(t, e, out)
		}
	})
}

// A field that is a call or another expression cannot be changed, and the result does not claim that it was.
func TestFollowUpTellsWhatIsNoPlainValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ field, prompt string }{
		{"palette.hero", "make the hero red"}, {"palette.enemy", "make the enemies purple"}, {"palette.ground", "make the ground green"},
		{"palette.sky", "make the sky orange"}, {"palette.skyLow", "make it darker"}, {"palette.accent", "make everything red"},
		{"hero", "make the hero a dragon"}, {"theme", "set it in the snow"},
	} {
		files := game(t, love.Engine{}, engines.GenrePlatformer)
		field := c.field[strings.LastIndex(c.field, ".")+1:]
		value := regexp.MustCompile(`(?m)^(.*\b` + field + ` = )"[^"]*"`)
		for i, f := range files {
			if f.Path != "design.lua" {
				continue
			}
			own := f.Data
			if strings.HasPrefix(c.field, "palette.") {
				at := bytes.Index(own, []byte("palette"))
				own = append(bytes.Clone(own[:at]), value.ReplaceAll(own[at:], []byte("${1}pick()"))...)
			} else {
				own = bytes.Replace(own, value.Find(own), value.ReplaceAll(value.Find(own), []byte("${1}pick()")), 1)
			}
			if bytes.Equal(own, f.Data) {
				t.Fatalf("%s is not in %s", c.field, f.Data)
			}
			files[i].Data = own
		}
		out, r, err := builtin.Edit(love.Engine{}, files, c.prompt)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Understood) > 0 || len(r.Ignored) != 1 || !strings.Contains(r.Ignored[0], "has no plain "+c.field) {
			t.Errorf("%s, %s: understood %q, ignored %q", c.field, c.prompt, r.Understood, r.Ignored)
		}
		if file(t, out, "design.lua") != file(t, files, "design.lua") {
			t.Errorf("%s: the file has been changed", c.field)
		}
	}
}
