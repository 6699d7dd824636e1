// Package pixi is the adapter of PixiJS, a library for fast two-dimensional graphics in the browser.
package pixi

import (
	_ "embed"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of PixiJS that the lock file pins.
const Version = "8.22.0"

var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte
	//go:embed npm/apart.txt
	apart string

	shared = []engines.SharedModule{{Specifier: "pixi.js", File: "pixi.js", Deep: true, Apart: strings.Fields(apart)}}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "pixi", Title: "PixiJS", Version: Version, Outputs: []string{"web"},
		Marks: []engines.Mark{{Package: "pixi.js"}}}
}

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock, Modules: shared}
}

// Image implements engines.Engine.
func (Engine) Image() engines.Image {
	const root = "node_modules/pixi.js/"
	return web.Image(root+"dist", root+"skills", root+"transcoders")
}

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starter(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return web.DesignFile(files)
}

// Plan implements engines.Engine. PixiJS makes functions out of text unless its own module that does without has been
// imported first; games are served on pages that forbid the former.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	plan, err := web.Plan(req, shared)
	if err == nil {
		plan.Bundle.Before = []string{"pixi.js/unsafe-eval"}
	}
	return plan, err
}

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	return web.Verify(req, outputs)
}
