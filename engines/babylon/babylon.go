// Package babylon is the adapter of Babylon.js, an engine for three-dimensional browser games.
package babylon

import (
	_ "embed"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of Babylon.js that the lock file pins.
const Version = "9.34.0"

const pkg = "@babylonjs/core"

// Babylon.js is a package of three thousand files, of which a release takes only those that a game imports. A preview maps
// them all to the one shared module, which is the whole package.
var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte
	//go:embed npm/apart.txt
	apart string

	shared = []engines.SharedModule{{Specifier: pkg, File: "babylon.js", Deep: true, Apart: strings.Fields(apart)}}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "babylon", Title: "Babylon.js", Version: Version, Outputs: []string{"web"},
		Marks: []engines.Mark{{Package: pkg}, {Package: "babylonjs"}}}
}

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock, Modules: shared}
}

// Image implements engines.Engine.
func (Engine) Image() engines.Image { return web.Image("node_modules/@babylonjs/core/assets") }

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starter(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return web.DesignFile(files)
}

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	plan, err := web.Plan(req, shared)
	return withEffects(plan, req.Files), err
}

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	return web.Verify(req, outputs)
}
