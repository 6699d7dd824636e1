package love

import (
	_ "embed"
	"path"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Names of the outputs. The game is what LÖVE plays on a desktop, too.
const (
	pageName   = "index.html"
	gameName   = "game.love"
	playerName = "love.js"
	wasmName   = "love.wasm"
	noticeName = "LICENSES.txt"
)

const mainName = "main.lua"

var (
	//go:embed page.html
	page string
	//go:embed licenses.txt
	notice []byte
)

// findRoot finds the folder of the main.lua that is the least deep, "" for the project's own.
func findRoot(files []models.File) (string, error) {
	found := ""
	for _, f := range files {
		if path.Base(f.Path) == mainName && !hidden(f.Path) && (found == "" || shallower(f.Path, found)) {
			found = f.Path
		}
	}
	if found == "" {
		return "", models.NewError(models.CodeInvalidFiles, "nothing starts the game: the project has no "+mainName)
	}
	return strings.TrimPrefix(path.Dir(found), "."), nil
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

func shallower(a, b string) bool {
	if x, y := strings.Count(a, "/"), strings.Count(b, "/"); x != y {
		return x < y
	}
	return a < b
}

// plan packs the project. A preview is made no other way: there is nothing to compile.
func plan(req engines.BuildRequest, root string) engines.Plan {
	const compat = "{toolchain}/node_modules/love.js/src/compat/"
	title := engines.CleanText(req.Title, 200)
	if title == "" {
		title = "Game"
	}
	return engines.Plan{Pack: &engines.Pack{
		Archive: gameName,
		Root:    root,
		Lua:     []string{"conf.lua", mainName},
		Modules: []string{"love", "utf8", "socket", "mime", "ltn12", "enet"},
		Files: []models.File{
			{Path: pageName, Data: []byte(web.CanvasPage(page, title))},
			{Path: noticeName, Data: notice},
		},
		Copies: []engines.Copy{{From: compat + playerName, To: playerName}, {From: compat + wasmName, To: wasmName}},
	}}
}
