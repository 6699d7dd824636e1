// Package phaser is the adapter of Phaser, a framework for two-dimensional browser games.
package phaser

import (
	_ "embed"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of Phaser that the lock file pins.
const Version = "4.2.1"

var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte

	shared = []engines.SharedModule{{Specifier: "phaser", File: "phaser.js"}}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "phaser", Title: "Phaser", Version: Version, Outputs: []string{"web"}}
}

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock, Modules: shared}
}

// Image implements engines.Engine.
func (Engine) Image() engines.Image {
	const root = "node_modules/phaser/"
	return web.Image(root+"changelog", root+"config", root+"docs", root+"scripts", root+"skills", root+"src", root+"tests",
		root+"types", root+"dist/*.min.js", root+"dist/*-ie9.js", root+"dist/phaser-arcade-physics.js")
}

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starter(d) }

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) { return web.Plan(req, shared) }

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs []models.File) error {
	return web.Verify(req, outputs)
}
