// Package kaplay is the adapter of KAPLAY, a library of game objects and components for two-dimensional browser games.
package kaplay

import (
	_ "embed"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of KAPLAY that the lock file pins.
const Version = "3001.0.19"

var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte

	shared = []engines.SharedModule{{Specifier: "kaplay", File: "kaplay.js"}}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "kaplay", Title: "KAPLAY", Version: Version, Outputs: []string{"web"},
		Marks: []engines.Mark{{Package: "kaplay"}}}
}

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock, Modules: shared}
}

// Image implements engines.Engine. Beside its modules the package brings scripts for pages, which nobody imports.
func (Engine) Image() engines.Image {
	const root = "node_modules/kaplay/"
	return web.Image(root+"kaplay.webp", root+"dist/kaboom.js", root+"dist/kaplay.js")
}

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starter(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return web.DesignFile(files)
}

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) { return web.Plan(req, shared) }

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	return web.Verify(req, outputs)
}
