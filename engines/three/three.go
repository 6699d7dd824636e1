// Package three is the adapter of Three.js, a library for three-dimensional graphics in the browser.
package three

import (
	"bytes"
	_ "embed"
	"path"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of Three.js that the lock file pins.
const Version = "0.187.0"

var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte

	shared = []engines.SharedModule{{Specifier: "three", File: "three.js"}}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "three", Title: "Three.js", Version: Version, Outputs: []string{"web"},
		Marks: []engines.Mark{{Package: "three"}}}
}

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock, Modules: shared}
}

// Image implements engines.Engine.
func (Engine) Image() engines.Image { return web.Image() }

// Starter implements engines.Engine.
func (Engine) Starter(d engines.Design) ([]models.File, error) { return starter(d) }

// DesignFile implements engines.Designed.
func (Engine) DesignFile(files []models.File) (engines.DesignFile, error) {
	return web.DesignFile(files)
}

// Plan implements engines.Engine.
func (Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	if usesOtherBuild(req.Files) {
		return web.Plan(req, nil)
	}
	return web.Plan(req, shared)
}

// usesOtherBuild reports whether a project imports the WebGPU or shading-language build of Three.js, or its sources. They
// share code with the main build within the package, so a preview must bundle them together: beside the shared module
// there would be two copies of every class.
func usesOtherBuild(files []models.File) bool {
	for _, f := range files {
		switch path.Ext(f.Path) {
		case ".js", ".mjs", ".jsx", ".ts", ".mts", ".tsx", ".html":
			for _, name := range []string{"three/webgpu", "three/tsl", "three/src/"} {
				if bytes.Contains(f.Data, []byte(name)) {
					return true
				}
			}
		}
	}
	return false
}

// Verify implements engines.Engine.
func (Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	return web.Verify(req, outputs)
}
