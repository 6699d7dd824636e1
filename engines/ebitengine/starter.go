package ebitengine

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// starterFS holds the starter's sources. The folder begins with an underscore, so that the Go tool does not take them for
// packages of this module.
//
//go:embed all:_starter
var starterFS embed.FS

// starter puts a project together for a design. It takes only what the design needs, so that the project stays small
// enough to read. The same design gives the same files, sorted by path.
//
// A design may come from anywhere: unknown words fall back to a picture that exists, colours that are none to the
// theme's, and every text is quoted for the file it is written to.
func starter(d engines.Design) ([]models.File, error) {
	d = d.Normalize()
	if !d.Genre.Valid() {
		return nil, models.FieldError("/genre", "the genre is not one of platformer, shooter, runner and puzzle")
	}
	a := &assembly{}
	genre := string(d.Genre)
	a.add("design.go", designSource(d))
	a.add("go.mod", string(goMod))
	a.add("go.sum", string(goSum))
	entries, err := fs.ReadDir(starterFS, "_starter/src")
	a.err = err
	for _, e := range entries {
		a.copy("src/"+e.Name(), e.Name())
	}
	a.copy("rules/"+genre+".go", "rules.go")
	a.copy("views/"+genre+".go", "view.go")
	a.copy("themes/"+d.Theme+".go", "look.go")
	if d.Genre == engines.GenrePlatformer {
		a.copy("rules/level.go", "level.go")
		a.copy("views/ground.go", "ground.go")
	}
	pieces := "views/nopieces.go"
	if d.Genre == engines.GenrePuzzle {
		pieces = "views/pieces.go"
	}
	a.copy(pieces, "pieces.go")
	for role, figure := range web.Figures(d) {
		a.figure(role, figure)
	}
	a.add("README.md", a.readme(d))
	if a.err != nil {
		return nil, models.WrapError(models.CodeInternal, "the starter could not be put together", a.err)
	}
	slices.SortFunc(a.files, func(x, y models.File) int { return strings.Compare(x.Path, y.Path) })
	return a.files, nil
}

// assembly gathers files and remembers the first failure.
type assembly struct {
	files []models.File
	err   error
}

func (a *assembly) add(path, text string) {
	a.files = append(a.files, models.File{Path: path, Data: []byte(text)})
}

func (a *assembly) read(name string) string {
	data, err := starterFS.ReadFile("_starter/" + name)
	if err != nil && a.err == nil {
		a.err = err
	}
	return string(data)
}

func (a *assembly) copy(from, to string) { a.add(to, a.read(from)) }

// figure copies a figure under the name of its role.
func (a *assembly) figure(role, figure string) {
	a.add("figure_"+role+".go", strings.Replace(a.read("figures/"+figure+".go"), "roleFigure", role+"Figure", 1))
}

// designSource writes the design as Go. Every text is a quoted literal.
func designSource(d engines.Design) string {
	var b bytes.Buffer
	q := strconv.Quote
	fmt.Fprintf(&b, "package main\n\n"+
		"// What this game is: its words, colours, pace and level. Change anything here and play again.\n"+
		"// Pace is the speed of time (1 is normal), Difficulty decides on hearts, foes and moves (1 is normal),\n"+
		"// Seed lays out the level. Genre and Theme only tell what rules.go and look.go are.\n"+
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
	b.WriteString("\t},\n}\n")
	return b.String()
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func (a *assembly) readme(d engines.Design) string {
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
		"{{prompt}}", engines.Markdown(engines.CleanText(d.Prompt, 400)), "{{seed}}", strconv.FormatInt(d.Seed, 10)).Replace(a.read("README.md"))
}
