package godot

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"
	"unicode"

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
	a.Add("design.gd", designSource(d))
	a.Add(settingsName, projectSettings(a, d))
	for _, name := range a.Names("src") {
		a.Copy("src/"+name, name)
	}
	a.Copy("rules/"+genre+".gd", "rules.gd")
	a.Copy("views/"+genre+".gd", "view.gd")
	a.Copy("themes/"+d.Theme+".gd", "look.gd")
	if d.Genre == engines.GenrePlatformer {
		a.Copy("rules/level.gd", "level.gd")
	}
	for role, figure := range starter.Figures(d) {
		a.Copy("figures/"+figure+".gd", "figure_"+role+".gd")
	}
	a.Add("font.ttf", string(gobold.TTF))
	a.Copy("font.txt", "font.txt")
	a.Add("README.md", projectReadme(a, d))
	return a.Files()
}

// quote writes a text as GDScript and the engine's settings have it. Designs have no control characters.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// projectSettings is the project's project.godot.
func projectSettings(a *starter.Assembly, d engines.Design) string {
	channel := func(at int) string {
		v, _ := strconv.ParseUint(d.Palette.Sky[at:at+2], 16, 8) // Normalize has left nothing else
		return strconv.FormatFloat(float64(v)/255, 'f', 3, 64)
	}
	return strings.NewReplacer(`"{{title}}"`, quote(d.Title), "{{r}}", channel(1), "{{g}}", channel(3), "{{b}}", channel(5)).Replace(a.Read(settingsName))
}

// designSource writes the design as GDScript. Every text is a quoted literal.
func designSource(d engines.Design) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "extends Reference\n\n"+
		"# What this game is: its words, colours, pace and level. Change anything here and play again.\n"+
		"# PACE is the speed of time (1 is normal), DIFFICULTY decides on hearts, foes and moves (1 is normal),\n"+
		"# SEED lays out the level. GENRE and THEME only tell what rules.gd and look.gd are.\n"+
		"# TUNING sets the rules, in multiples of what is usual; a goal, lives or moves of 0 are left to the difficulty.\n"+
		"const TITLE = %s\nconst PROMPT = %s\nconst GENRE = %s\nconst THEME = %s\nconst HERO = %s\nconst COLLECT = %s\nconst ENEMY = %s\n"+
		"const PACE = %s\nconst DIFFICULTY = %s\nconst SEED = %d\nconst PALETTE = {\n",
		quote(d.Title), quote(d.Prompt), quote(string(d.Genre)), quote(d.Theme), quote(d.Hero), quote(d.Collect), quote(d.Enemy),
		number(d.Pace), number(d.Difficulty), d.Seed)
	p := d.Palette
	for _, c := range []struct{ name, value string }{{"sky", p.Sky}, {"sky_low", p.SkyLow}, {"ground", p.Ground}, {"hero", p.Hero},
		{"collect", p.Collect}, {"enemy", p.Enemy}, {"accent", p.Accent}, {"text", p.Text}} {
		fmt.Fprintf(&b, "\t%s = %s,\n", c.name, quote(c.value))
	}
	b.WriteString("}\nconst TUNING = {\n")
	for _, t := range d.Genre.Tunables() {
		value := number(d.Tuning.Get(t.Name))
		if t.Whole {
			value = strings.TrimSuffix(value, ".0")
		}
		fmt.Fprintf(&b, "\t%s = %s,\n", snake(t.Name), value)
	}
	b.WriteString("}\n")
	return b.String()
}

// snake writes a name as GDScript does: enemy_speed.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// number writes a number that is not whole to the engine, which divides whole numbers without a rest.
func number(f float64) string {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// projectReadme describes the project to whoever opens it.
func projectReadme(a *starter.Assembly, d engines.Design) string {
	controls := map[engines.Genre]string{
		engines.GenrePlatformer: "Arrows or A/D run, Space or ↑ jumps and jumps again in the air.",
		engines.GenreShooter:    "Arrows or W/A/S/D fly, hold Space to fire. With the mouse, drag anywhere.",
		engines.GenreRunner:     "Arrows or A/D change lanes, Space or ↑ jumps. With the mouse, drag to a side or click.",
		engines.GenrePuzzle:     "Arrows choose, Space and then an arrow swaps. With the mouse, drag a piece to its neighbour.",
	}
	level := ""
	if d.Genre == engines.GenrePlatformer {
		level = "\n| how levels are laid out | `level.gd` |"
	}
	return strings.NewReplacer("{{title}}", engines.Markdown(d.Title), "{{genre}}", string(d.Genre), "{{version}}", Version,
		"{{goal}}", d.Genre.Goal(), "{{controls}}", controls[d.Genre], "{{level}}", level,
		"{{prompt}}", engines.Markdown(engines.CleanText(d.Prompt, 400)), "{{seed}}", strconv.FormatInt(d.Seed, 10)).Replace(a.Read("README.md"))
}
