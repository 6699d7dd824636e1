package love

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/image/font/gofont/gobold"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/models"
)

// starterFS holds the starter's sources.
//
//go:embed starter
var starterFS embed.FS

// starterFiles assembles a project for a design. It takes only what the design needs, so that the project stays small
// enough to read. The same design gives the same files, sorted by path.
//
// A design may be untrusted: unknown words fall back to a picture that exists, invalid colours to the
// theme's, and every text is quoted for the file it is written to.
func starterFiles(d engines.Design) ([]models.File, error) {
	d = d.Normalize()
	if !d.Genre.Valid() {
		return nil, models.FieldError("/genre", "the genre is not one of platformer, shooter, runner and puzzle")
	}
	a := starter.NewAssembly(starterFS, "starter")
	genre := string(d.Genre)
	a.Add("design.lua", designSource(d))
	for _, name := range a.Names("src") {
		if name != "spring.lua" || d.Genre != engines.GenrePuzzle { // where nothing bounces
			a.Copy("src/"+name, name)
		}
	}
	a.Copy("rules/"+genre+".lua", "rules.lua")
	a.Copy("views/"+genre+".lua", "view.lua")
	a.Copy("themes/"+d.Theme+".lua", "look.lua")
	if d.Genre == engines.GenrePlatformer {
		a.Copy("rules/level.lua", "level.lua")
	}
	if d.Genre == engines.GenrePuzzle {
		a.Copy("rules/board.lua", "board.lua")
	}
	a.Add("conf.lua", strings.Replace(a.Read("conf.lua"), `"{{title}}"`, quote(d.Title), 1))
	a.Add("font.ttf", string(gobold.TTF))
	a.Copy("font.txt", "font.txt")
	for role, figure := range starter.Figures(d) {
		a.Copy("figures/"+figure+".lua", "figures/"+role+".lua")
	}
	a.Add("README.md", projectReadme(a, d))
	return a.Files()
}

// quote writes a text as Lua. Designs have no control characters.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// designSource writes the design as Lua. Every text is a quoted literal.
func designSource(d engines.Design) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "-- What this game is: its words, colours, pace and level. Change anything here and play again.\n"+
		"-- pace is the speed of time (1 is normal), difficulty decides on hearts, foes and moves (1 is normal),\n"+
		"-- seed lays out the level. genre and theme only tell what rules.lua and look.lua are.\n"+
		"-- tuning sets the rules, in multiples of what is usual; a goal, lives or moves of 0 are left to the difficulty.\n\nreturn {\n"+
		"  title = %s,\n  prompt = %s,\n  genre = %s,\n  theme = %s,\n  hero = %s,\n  collect = %s,\n  enemy = %s,\n"+
		"  pace = %s,\n  difficulty = %s,\n  seed = %d,\n  palette = {\n",
		quote(d.Title), quote(d.Prompt), quote(string(d.Genre)), quote(d.Theme), quote(d.Hero), quote(d.Collect), quote(d.Enemy),
		number(d.Pace), number(d.Difficulty), d.Seed)
	p := d.Palette
	for _, c := range []struct{ name, value string }{{"sky", p.Sky}, {"skyLow", p.SkyLow}, {"ground", p.Ground}, {"hero", p.Hero},
		{"collect", p.Collect}, {"enemy", p.Enemy}, {"accent", p.Accent}, {"text", p.Text}} {
		fmt.Fprintf(&b, "    %s = %s,\n", c.name, quote(c.value))
	}
	b.WriteString("  },\n  tuning = {\n")
	for _, t := range d.Genre.Tunables() {
		fmt.Fprintf(&b, "    %s = %s,\n", t.Name, number(d.Tuning.Get(t.Name)))
	}
	b.WriteString("  },\n}\n")
	return b.String()
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// projectReadme describes the project to whoever opens it.
func projectReadme(a *starter.Assembly, d engines.Design) string {
	controls := map[engines.Genre]string{
		engines.GenrePlatformer: "Arrows or A/D run, Space or ↑ jumps and jumps again in the air. On a touch screen use the buttons.",
		engines.GenreShooter:    "Arrows or W/A/S/D fly, hold Space to fire. With a finger or the mouse, drag anywhere.",
		engines.GenreRunner:     "Arrows or A/D change lanes, Space or ↑ jumps. On a touch screen swipe, or tap to jump.",
		engines.GenrePuzzle:     "Arrows choose, Space and then an arrow swaps. With a finger or the mouse, drag a piece to its neighbour.",
	}
	more := map[engines.Genre]string{
		engines.GenrePlatformer: "\n| how levels are laid out | `level.lua` |",
		engines.GenrePuzzle:     "\n| the board: what matches, which moves there are | `board.lua` |",
	}
	return strings.NewReplacer("{{title}}", engines.Markdown(d.Title), "{{genre}}", string(d.Genre), "{{version}}", Version,
		"{{goal}}", d.Genre.Goal(), "{{controls}}", controls[d.Genre], "{{more}}", more[d.Genre],
		"{{prompt}}", engines.Markdown(engines.CleanText(d.Prompt, 400)), "{{seed}}", strconv.FormatInt(d.Seed, 10)).Replace(a.Read("README.md"))
}
