package web

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/models"
)

// starterFS holds what the web starters share and no engine draws: rules, figures, themes, sound, input, screen.
//
//go:embed starter/index.html starter/README.md starter/src starter/rules starter/figures starter/themes starter/solid
var starterFS embed.FS

// StarterEngine is the part of a starter that belongs to one engine.
type StarterEngine struct {
	// Title and Version name the engine in the project's README: "Phaser", "4.2.1".
	Title, Version string
	// Solid asks for starter/solid too: figures as shapes in depth, made of plain numbers that any engine can draw.
	Solid bool
	// Files holds src/*, copied as they are, and views/<genre>.js, of which the genre's one becomes src/view.js.
	Files fs.FS
}

// Starter assembles a project from the shared parts and an engine's own. It takes only what the design needs, so
// that the project stays small enough to read. The same design gives the same files, sorted by path.
//
// A design may be untrusted: unknown words fall back to a picture that exists, invalid colours to the
// theme's, and every text is escaped for the file it is written to.
func Starter(d engines.Design, engine StarterEngine) ([]models.File, error) {
	d = d.Normalize()
	if !d.Genre.Valid() {
		return nil, models.FieldError("/genre", "the genre is not one of platformer, shooter, runner and puzzle")
	}
	a := starter.NewAssembly(starterFS, "starter")
	a.Add("src/design.js", designModule(d))
	a.Add("index.html", indexPage(d))
	a.Add("README.md", readme(d, engine))
	copyScripts(a, "src", func(name string) bool { return used(name, d.Genre) })
	if engine.Solid {
		copyScripts(a, "solid", all)
	}
	a.Copy("rules/"+string(d.Genre)+".js", "src/rules.js")
	if d.Genre == engines.GenrePlatformer {
		a.Copy("rules/level.js", "src/level.js")
	}
	a.Copy("themes/"+d.Theme+".js", "src/theme.js")
	for to, figure := range starter.Figures(d) {
		a.Copy("figures/"+figure+".js", "src/figures/"+to+".js")
	}
	a.From(engine.Files, ".")
	copyScripts(a, "src", all)
	a.Copy("views/"+string(d.Genre)+".js", "src/view.js")
	return a.Files()
}

// DesignFile reads the design of a project back, for engines.Designed. People may have gone over to TypeScript.
func DesignFile(files []models.File) (engines.DesignFile, error) {
	return starter.OpenDesign(files, starter.JavaScript, []string{"README.md", "index.html"}, "src/design.js", "src/design.ts")
}

// copyScripts copies a folder's scripts to src.
func copyScripts(a *starter.Assembly, folder string, want func(name string) bool) {
	for _, name := range a.Names(folder) {
		if strings.HasSuffix(name, ".js") && want(name) {
			a.Copy(folder+"/"+name, "src/"+name)
		}
	}
}

func all(string) bool { return true }

// used reports whether a genre needs a shared file.
func used(name string, g engines.Genre) bool {
	switch name {
	case "pieces.js":
		return g == engines.GenrePuzzle
	case "spring.js":
		return g == engines.GenrePlatformer || g == engines.GenreRunner
	}
	return true
}
