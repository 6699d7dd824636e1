// Package love is the adapter of LÖVE, a framework for two-dimensional games in Lua. Games are played in a browser by
// love.js, which is LÖVE compiled to WebAssembly.
package love

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"io"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of LÖVE in the love.js that the lock file pins.
const Version = "11.4"

var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "love", Title: "LÖVE", Version: Version, Outputs: []string{"web"}, Guide: guide,
		Marks: []engines.Mark{{File: "main.lua", Text: "love."}}}
}

const guide = `- The game is a LÖVE 11.4 project: main.lua with love.load, love.update and love.draw, and conf.lua, which sets t.identity,
  t.window.title, t.window.resizable = true and t.window.highdpi = true. Other modules are loaded with require.
- Browsers play it with plain Lua 5.1: no goto, no ffi, no jit, no bit, no integer division, no \x escapes in strings. There are no
  threads, no sockets to elsewhere and no files to read but the project's own.
- An error of one of LÖVE's own functions cannot be caught with pcall: look with love.filesystem.getInfo before loading a file.
- The platform writes the page. Draw with love.graphics: shapes, meshes, canvases; text with love.graphics.newFont(size). Shaders
  are GLSL ES 1.00. Make sound with love.sound.newSoundData and love.audio.newSource(data, "static").
- Touch arrives as the mouse, too. Files saved with love.filesystem may be gone at the next visit.
`

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock}
}

// Image implements engines.Engine. The agent packs by itself: of the package there is only the player of the kind that
// needs no threads. What its own command line stands on is left out.
func (Engine) Image() engines.Image {
	const root, own = "node_modules/", "node_modules/love.js/"
	return web.Image(root+"commander", root+"fs-extra", root+"graceful-fs", root+"jsonfile", root+"klaw-sync", root+"mustache",
		root+"universalify", root+"uuid", own+"sample", own+"spec", own+"index.js", own+"src/release", own+"src/game.js",
		own+"src/compat/theme", own+"build_lovejs.*", own+".*")
}

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starterFiles(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return starter.OpenDesign(files, starter.Lua, []string{"README.md", "conf.lua"}, "design.lua")
}

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	if !req.Mode.Valid() {
		return engines.Plan{}, models.FieldError("/mode", "mode must be \"preview\" or \"release\"")
	}
	if err := models.CheckFiles(req.Files); err != nil {
		return engines.Plan{}, err
	}
	root, err := findRoot(req.Files)
	if err != nil {
		return engines.Plan{}, err
	}
	return plan(req, root), nil
}

// maxPlayerBytes is the largest player that is read.
const maxPlayerBytes = 8 << 20

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	if err := web.Verify(req, outputs); err != nil {
		return err
	}
	files := outputs.Manifest()
	for _, name := range []string{gameName, playerName, wasmName, noticeName} {
		if f, _ := files.Find(name); f.Size == 0 {
			return invalid("it needs " + name)
		}
	}
	player, err := engines.ReadOutput(outputs, playerName, maxPlayerBytes)
	if err != nil {
		return err
	}
	if !bytes.Contains(player, []byte("var Love")) {
		return invalid(playerName + " is not the player")
	}
	if err := checkWASM(outputs); err != nil {
		return err
	}
	return checkGame(outputs)
}

func checkWASM(outputs engines.Outputs) error {
	c, err := outputs.Open(wasmName)
	if err != nil {
		return err
	}
	defer c.Close()
	head := make([]byte, 8)
	if _, err := io.ReadFull(c, head); err != nil || string(head) != "\x00asm\x01\x00\x00\x00" {
		return invalid(wasmName + " is no WebAssembly module")
	}
	return nil
}

// checkGame reports whether a game is an archive that the player can begin with.
func checkGame(outputs engines.Outputs) error {
	c, err := outputs.Open(gameName)
	if err != nil {
		return err
	}
	defer c.Close()
	f, _ := outputs.Manifest().Find(gameName)
	r, err := zip.NewReader(c, f.Size)
	if err != nil {
		return invalid(gameName + " is no archive")
	}
	for _, f := range r.File {
		if f.Name == mainName {
			return nil
		}
	}
	return invalid(gameName + " has no " + mainName)
}

func invalid(why string) error {
	return models.NewError(models.CodeInvalidOutput, "the build's output is not a LÖVE game: "+why)
}
