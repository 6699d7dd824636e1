package starter_test

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/models"
)

func open(t testing.TB, y starter.Syntax, text string) engines.DesignFile {
	t.Helper()
	d, err := starter.OpenDesign([]models.File{{Path: "design", Data: []byte(text)}}, y, nil, "design")
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return d
}

// What people write who have a design before them: other quotes, comments, types, values that are put together.
var written = map[string]struct {
	syntax starter.Syntax
	text   string
}{
	"JSON":       {starter.JavaScript, `export const design = {"genre": "runner", "title": "A \"fox\" \u003c \ud83e\udd8a", "pace": 1, "palette": {"sky": "#ffffff"}, "tuning": {"jump": 1.5, "lives": 0}};`},
	"JavaScript": {starter.JavaScript, "// design = { no }\nimport x from './x.js';\nconst base = { genre: 'puzzle' };\nexport const design = {\n  ...base, // all\n  genre: 'runner', /* {kind} */\n  title: 'A \"fox\" < \\u{1F98A}'.trim(),\n  [x]: 3,\n  title: `A \"fox\" < 🦊`,\n  pace: 1,\n  speed: 2 * 3,\n  f() { return { pace: 9 }; },\n  palette: { sky: '#ffffff', },\n  tuning: { jump: 1.5, lives: 0, gravity: -.5e1 },\n};\nexport default design;\n"},
	"TypeScript": {starter.JavaScript, "import type { Design } from './types';\nexport const design: Design = {\n  genre: \"runner\" as const, genre: \"runner\", title: \"A \\\"fox\\\" < 🦊\", pace: 1, palette: {sky: \"#ffffff\"}, tuning: {jump: 1.5, lives: 0},\n} as const;"},
	"Lua":        {starter.Lua, "--[[ return { } ]]\nlocal d = {}\nreturn {\n  genre = \"runner\", ['title'] = 'A \"fox\" < 🦊', -- {\n  pace = 1; palette = { sky = \"#ffffff\" },\n  tuning = { jump = 1.5, lives = 0 }, list = { 1, 2, { 3 } },\n}\n"},
	"Go":         {starter.Go, "package main\n\nimport \"x\"\n\n// var design = Design{\nvar design = Design{\n\tGenre: \"runner\",\n\tTitle: `A \"fox\" < 🦊`,\n\tPace: 1,\n\tPalette: Palette{Sky: \"#ffffff\"},\n\tTuning: Tuning{Jump: 1.5, Lives: 0},\n}\n"},
	"GDScript":   {starter.GDScript, "extends Reference\n\nconst GENRE = \"runner\" # {\nconst TITLE: String = \"A \\\"fox\\\" < 🦊\"\nconst PACE := 1\nconst MORE = 2 * 3\nconst PALETTE = {\n\tsky = \"#ffffff\",\n}\nconst TUNING = {\"jump\": 1.5, lives = 0}\n\nfunc x():\n\treturn {a = 1}\n"},
}

func TestOpenDesignReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for name, w := range written {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, w.syntax, w.text)
			for field, want := range map[string]string{"genre": "runner", "title": `A "fox" < 🦊`, "palette.sky": "#ffffff"} {
				if got, ok := d.Text(field); !ok || got != want {
					t.Errorf("%s: %q, %v", field, got, ok)
				}
			}
			for field, want := range map[string]float64{"pace": 1, "tuning.jump": 1.5, "tuning.lives": 0} {
				if got, ok := d.Number(field); !ok || got != want {
					t.Errorf("%s: %v, %v", field, got, ok)
				}
			}
			for _, field := range []string{"speed", "more", "list", "f", "nothing", "palette"} {
				if _, ok := d.Number(field); ok {
					t.Errorf("%s is no plain number", field)
				}
			}
			if string(d.Data()) != w.text {
				t.Errorf("reading has changed the file:\n%s", d.Data())
			}
		})
	}
}

func TestDesignFileChangesNothingElse(t *testing.T) {
	t.Parallel()
	const title = "It's \"O'Hara\" \\ </script> {{x}} 🦊 \u2028"
	for name, w := range written {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t, w.syntax, w.text)
			if !d.SetText("title", title) || !d.SetNumber("tuning.jump", 2) || !d.SetNumber("pace", 0.8) || d.SetText("speed", "x") || d.SetNumber("none", 1) ||
				d.SetNumber("title", 1) || d.SetText("pace", "x") {
				t.Fatal("what may be changed is another")
			}
			again := open(t, w.syntax, string(d.Data()))
			if got, _ := again.Text("title"); got != title {
				t.Errorf("the title is %q", got)
			}
			if got, _ := again.Number("tuning.jump"); got != 2 {
				t.Errorf("the jump is %v", got)
			}
			if !again.SetNumber("tuning.jump", 1.5) || !again.SetNumber("pace", 1) {
				t.Fatal("it cannot be changed back")
			}
			a, b := strings.Split(string(again.Data()), "\n"), strings.Split(w.text, "\n")
			if len(a) != len(b) {
				t.Fatalf("it has other lines:\n%s", again.Data())
			}
			for i := range a {
				if a[i] != b[i] && !strings.Contains(strings.ToLower(b[i]), "title") && (w.syntax != starter.GDScript || !strings.Contains(b[i], "PACE")) {
					t.Errorf("%q became %q", b[i], a[i])
				}
			}
		})
	}
}

func TestOpenDesignSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                        "it holds no design",
		"\x00\xff\x7fELF":                         "it holds no design",
		"export const design = {genre: 'runner":   "line 1: something is not closed",
		"export const design = {\n\ngenre: 'a'":   "line 3: something is not closed",
		"/* export const design = {genre: 'a'}":   "something is not closed",
		"export const design = make();":           "it holds no design",
		"export const design = {title: 'x'}":      "it holds no design",
		"design = {" + strings.Repeat("{", 60000): "something is not closed",
		strings.Repeat(" ", 70000):                "larger than 64 KiB",
		"design = {genre: 'a', " + strings.Repeat("x", 3) + tooMany() + "}": "too many values",
	} {
		_, err := starter.OpenDesign([]models.File{{Path: "d", Data: []byte(text)}}, starter.JavaScript, nil, "d")
		if models.CodeOf(err) != models.CodeNotEditable || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "d cannot be read") {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
	if _, err := starter.OpenDesign(nil, starter.Lua, nil, "design.lua"); models.CodeOf(err) != models.CodeNotEditable || !strings.Contains(err.Error(), "no design.lua") {
		t.Error(err)
	}
}

func tooMany() string {
	var b strings.Builder
	for i := range 600 {
		b.WriteString(": 1, k" + strings.Repeat("a", i%50) + string(rune('a'+i/50)))
	}
	return b.String() + ": 1"
}

// Whatever a file holds, reading it ends, and what can be set is read back as it was set.
func FuzzOpenDesign(f *testing.F) {
	for _, w := range written {
		f.Add(w.text, int(w.syntax), "Fox", 1.5)
	}
	f.Add("export const design = {genre: `${x}`, a: [{}, (], \"\\u12\": '\\", 0, "\u2028\x00", -1e300)
	f.Fuzz(func(t *testing.T, text string, syntax int, title string, number float64) {
		y := starter.Syntax(uint(syntax) % 4)
		d, err := starter.OpenDesign([]models.File{{Path: "d", Data: []byte(text)}}, y, nil, "d")
		if err != nil {
			if models.CodeOf(err) != models.CodeNotEditable {
				t.Fatal(err)
			}
			return
		}
		if string(d.Data()) != text {
			t.Fatal("reading has changed it")
		}
		title = engines.CleanText(title, 60)
		if d.SetText("title", title) {
			if got, ok := open(t, y, string(d.Data())).Text("title"); !ok || got != title {
				t.Errorf("%q was set, %q was read", title, got)
			}
		}
		if number == number && number < 1e9 && number > -1e9 && d.SetNumber("pace", number) {
			if got, ok := open(t, y, string(d.Data())).Number("pace"); !ok || got != number {
				t.Errorf("%v was set, %v was read", number, got)
			}
		}
	})
}
