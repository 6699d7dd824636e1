package ebitengine

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/models"
)

// starterFS holds the starter's sources. The folder begins with an underscore, so that the Go tool does not take them for
// packages of this module.
//
//go:embed all:_starter
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
	a := starter.NewAssembly(starterFS, "_starter")
	genre := string(d.Genre)
	a.Add("design.go", designSource(d))
	a.Add("go.mod", string(goMod))
	a.Add("go.sum", string(goSum))
	for _, name := range a.Names("src") {
		a.Copy("src/"+name, name)
	}
	a.Copy("rules/"+genre+".go", "rules.go")
	a.Copy("views/"+genre+".go", "view.go")
	a.Copy("themes/"+d.Theme+".go", "look.go")
	if d.Genre == engines.GenrePlatformer {
		a.Copy("rules/level.go", "level.go")
		a.Copy("views/ground.go", "ground.go")
	}
	pieces := "views/nopieces.go"
	if d.Genre == engines.GenrePuzzle {
		pieces = "views/pieces.go"
	}
	a.Copy(pieces, "pieces.go")
	for role, figure := range starter.Figures(d) {
		addFigure(a, role, figure)
	}
	a.Add("README.md", projectReadme(a, d))
	return a.Files()
}

// addFigure copies a figure under the name of its role.
func addFigure(a *starter.Assembly, role, figure string) {
	a.Add("figure_"+role+".go", strings.Replace(a.Read("figures/"+figure+".go"), "roleFigure", role+"Figure", 1))
}

// designSource writes the design as Go. Every text is a quoted literal.
func designSource(d engines.Design) string {
	var b bytes.Buffer
	q := strconv.Quote
	fmt.Fprintf(&b, "package main\n\n"+
		"// What this game is: its words, colours, pace and level. Change anything here and play again.\n"+
		"// Pace is the speed of time (1 is normal), Difficulty decides on hearts, foes and moves (1 is normal),\n"+
		"// Seed lays out the level. Genre and Theme only tell what rules.go and look.go are.\n"+
		"// Tuning sets the rules, in multiples of what is usual; a goal, lives or moves of 0 are left to the difficulty.\n"+
		"var design = Design{\n"+
		"\tTitle:      %s,\n\tPrompt:     %s,\n\tGenre:      %s,\n\tTheme:      %s,\n\tHero:       %s,\n\tCollect:    %s,\n\tEnemy:      %s,\n"+
		"\tPace:       %s,\n\tDifficulty: %s,\n\tSeed:       %d,\n\tPalette: Palette{\n",
		q(d.Title), q(d.Prompt), q(string(d.Genre)), q(d.Theme), q(d.Hero), q(d.Collect), q(d.Enemy),
		number(d.Pace), number(d.Difficulty), d.Seed)
	p := d.Palette
	for _, c := range []struct{ name, value string }{{"Sky", p.Sky}, {"SkyLow", p.SkyLow}, {"Ground", p.Ground}, {"Hero", p.Hero},
		{"Collect", p.Collect}, {"Enemy", p.Enemy}, {"Accent", p.Accent}, {"Text", p.Text}} {
		fmt.Fprintf(&b, "\t\t%-8s %s,\n", c.name+":", q(c.value))
	}
	b.WriteString("\t},\n\tTuning: Tuning{\n")
	for _, t := range d.Genre.Tunables() {
		fmt.Fprintf(&b, "\t\t%-11s %s,\n", strings.ToUpper(t.Name[:1])+t.Name[1:]+":", number(d.Tuning.Get(t.Name)))
	}
	b.WriteString("\t},\n}\n")
	return b.String()
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// projectReadme describes the project to whoever opens it.
func projectReadme(a *starter.Assembly, d engines.Design) string {
	controls := map[engines.Genre]string{
		engines.GenrePlatformer: "Arrows or A/D run, Space or ↑ jumps and jumps again in the air. On a touch screen use the buttons.",
		engines.GenreShooter:    "Arrows or W/A/S/D fly, hold Space to fire. With a finger or the mouse, drag anywhere.",
		engines.GenreRunner:     "Arrows or A/D change lanes, Space or ↑ jumps. On a touch screen swipe, or tap to jump.",
		engines.GenrePuzzle:     "Arrows choose, Space and then an arrow swaps. With a finger or the mouse, drag a piece to its neighbour.",
	}
	level := ""
	if d.Genre == engines.GenrePlatformer {
		level = "\n| how levels are laid out | `level.go` |"
	}
	return strings.NewReplacer("{{title}}", engines.Markdown(d.Title), "{{genre}}", string(d.Genre), "{{version}}", Version,
		"{{goal}}", d.Genre.Goal(), "{{controls}}", controls[d.Genre], "{{level}}", level,
		"{{prompt}}", engines.Markdown(engines.CleanText(d.Prompt, 400)), "{{seed}}", strconv.FormatInt(d.Seed, 10)).Replace(a.Read("README.md"))
}
