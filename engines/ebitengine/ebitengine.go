// Package ebitengine is the adapter of Ebitengine, a two-dimensional game library for Go. Games are compiled to
// WebAssembly and played in a browser.
package ebitengine

import (
	"bytes"
	_ "embed"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/starter"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of Ebitengine that go.mod pins.
const Version = "2.8.8"

var (
	//go:embed toolchain/go.mod.txt
	goMod []byte
	//go:embed toolchain/go.sum.txt
	goSum []byte
	//go:embed toolchain/warm.go.txt
	warm []byte

	target = []string{"GOOS=js", "GOARCH=wasm"}
	flags  = []string{"-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "ebitengine", Title: "Ebitengine", Version: Version, Outputs: []string{"web"}, Guide: guide,
		Marks: []engines.Mark{{File: "main.go", Text: "github.com/hajimehoshi/ebiten/v2"}, {File: "go.mod", Text: "github.com/hajimehoshi/ebiten/v2"}}}
}

const guide = `- The game is one Go program, package main at the root, compiled with GOOS=js and GOARCH=wasm. There is no go.mod to write.
- It may import the standard library, github.com/hajimehoshi/ebiten/v2 and its packages, golang.org/x/image and
  golang.org/x/text. Nothing else can be imported. Files are embedded with go:embed.
- The platform writes the page that loads it. Draw with shapes and pictures that the program makes, text with text/v2 and
  golang.org/x/image/font/gofont; make sound with the audio package.
- Every name and import is used, every type fits: the compiler refuses the rest.
`

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{Go: &engines.GoToolchain{GoMod: goMod, GoSum: goSum, Env: target, Flags: flags,
		Warm: [][]models.File{{{Path: "main.go", Data: warm}}}}}
}

// Image implements engines.Engine. Go needs no shell and no library.
func (Engine) Image() engines.Image {
	const mod, text = "mod/github.com/hajimehoshi/", "mod/golang.org/x/text@*/"
	return engines.Image{Base: engines.Scratch, Leave: []string{
		"*_test.go", "testdata", "*.zip", "*.syso", "*.md", "*.html", ".github", "example",
		// What generators of packages read, and packages of another kind of program, which are large
		"*.bdf", mod + "bitmapfont/v3@*/internal/cubic11", text + "collate", text + "date", text + "language/display",
	}}
}

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starterFiles(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return starter.OpenDesign(files, starter.Go, []string{"README.md"}, "design.go")
}

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	if !req.Mode.Valid() {
		return engines.Plan{}, models.FieldError("/mode", "mode must be \"preview\" or \"release\"")
	}
	if err := models.CheckFiles(req.Files); err != nil {
		return engines.Plan{}, err
	}
	p, err := inspect(req.Files)
	if err != nil {
		return engines.Plan{}, err
	}
	return p.plan(req), nil
}

// maxRuntimeBytes is the largest runtime that is read: Go's has not a tenth of it.
const maxRuntimeBytes = 1 << 20

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	if err := web.Verify(req, outputs); err != nil {
		return err
	}
	files := outputs.Manifest()
	wasm, ok := files.Find(wasmName)
	if _, runtime := files.Find(runtimeName); !ok || !runtime {
		return invalid("it needs " + wasmName + " and " + runtimeName)
	}
	runtime, err := engines.ReadOutput(outputs, runtimeName, maxRuntimeBytes)
	if err != nil {
		return err
	}
	if !bytes.Contains(runtime, []byte("globalThis.Go")) {
		return invalid(runtimeName + " is not Go's")
	}
	c, err := outputs.Open(wasmName)
	if err != nil {
		return err
	}
	defer c.Close()
	return checkModule(c, wasm.Size)
}

func invalid(why string) error {
	return models.NewError(models.CodeInvalidOutput, "the build's output is not a game compiled to WebAssembly: "+why)
}
