package web

import (
	"embed"
	"io/fs"
	"sort"
	"strings"

	"github.com/spark-games/spark/engines"
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

// Starter puts a project together from the shared parts and an engine's own. It takes only what the design needs, so
// that the project stays small enough to read. The same design gives the same files, sorted by path.
//
// A design may come from anywhere: unknown words fall back to a picture that exists, colours that are none to the
// theme's, and every text is escaped for the file it is written to.
func Starter(d engines.Design, engine StarterEngine) ([]models.File, error) {
	d = d.Normalize()
	if !d.Genre.Valid() {
		return nil, models.FieldError("/genre", "the genre is not one of platformer, shooter, runner and puzzle")
	}
	a := &assembly{}
	a.add("src/design.js", designModule(d))
	a.add("index.html", indexPage(d))
	a.add("README.md", readme(d, engine))
	a.copyAll(starterFS, "starter/src", "src", func(name string) bool { return used(name, d.Genre) })
	if engine.Solid {
		a.copyAll(starterFS, "starter/solid", "src", func(string) bool { return true })
	}
	a.copy(starterFS, "starter/rules/"+string(d.Genre)+".js", "src/rules.js")
	if d.Genre == engines.GenrePlatformer {
		a.copy(starterFS, "starter/rules/level.js", "src/level.js")
	}
	a.copy(starterFS, "starter/themes/"+d.Theme+".js", "src/theme.js")
	for to, figure := range Figures(d) {
		a.copy(starterFS, "starter/figures/"+figure+".js", "src/figures/"+to+".js")
	}
	a.copyAll(engine.Files, "src", "src", func(string) bool { return true })
	a.copy(engine.Files, "views/"+string(d.Genre)+".js", "src/view.js")
	if a.err != nil {
		return nil, models.WrapError(models.CodeInternal, "the starter could not be put together", a.err)
	}
	sort.Slice(a.files, func(i, j int) bool { return a.files[i].Path < a.files[j].Path })
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

func (a *assembly) copy(from fs.FS, source, path string) {
	data, err := fs.ReadFile(from, source)
	if err != nil {
		if a.err == nil {
			a.err = err
		}
		return
	}
	a.add(path, string(data))
}

func (a *assembly) copyAll(from fs.FS, folder, to string, want func(name string) bool) {
	entries, err := fs.ReadDir(from, folder)
	if err != nil && a.err == nil {
		a.err = err
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".js") && want(e.Name()) {
			a.copy(from, folder+"/"+e.Name(), to+"/"+e.Name())
		}
	}
}

// used tells whether a genre needs a shared file.
func used(name string, g engines.Genre) bool {
	switch name {
	case "pieces.js":
		return g == engines.GenrePuzzle
	case "spring.js":
		return g == engines.GenrePlatformer || g == engines.GenreRunner
	}
	return true
}
