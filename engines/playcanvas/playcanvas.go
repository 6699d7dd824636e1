// Package playcanvas is the adapter of PlayCanvas, an engine for three-dimensional browser games, used without its editor.
package playcanvas

import (
	"bytes"
	_ "embed"
	"path"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Version of PlayCanvas that the lock file pins.
const Version = "2.23.3"

var (
	//go:embed npm/package.json
	packageJSON []byte
	//go:embed npm/package-lock.json
	packageLock []byte

	shared = []engines.SharedModule{{Specifier: "playcanvas", File: "playcanvas.js"}}
)

// Engine is the adapter. Its zero value is ready.
type Engine struct{}

// Info implements engines.Engine.
func (Engine) Info() engines.Info {
	return engines.Info{Name: "playcanvas", Title: "PlayCanvas", Version: Version, Outputs: []string{"web"},
		Marks: []engines.Mark{{Package: "playcanvas"}}}
}

// Toolchain implements engines.Engine.
func (Engine) Toolchain() engines.Toolchain {
	return engines.Toolchain{PackageJSON: packageJSON, PackageLock: packageLock, Modules: shared}
}

// Image implements engines.Engine. The package brings the engine as modules, and in single files that nobody imports.
func (Engine) Image() engines.Image {
	const root = "node_modules/playcanvas/build/playcanvas."
	return web.Image(root+"dbg.*js", root+"prf.*js", root+"min.*js", "node_modules/@types", "node_modules/@webgpu")
}

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

// usesOtherBuild reports whether a project imports the debugging or profiling build of PlayCanvas, or the files of a build.
// Beside the shared module there would be two copies of every class.
func usesOtherBuild(files []models.File) bool {
	for _, f := range files {
		switch path.Ext(f.Path) {
		case ".js", ".mjs", ".jsx", ".ts", ".mts", ".tsx", ".html":
			for _, name := range []string{"playcanvas/debug", "playcanvas/profiler", "playcanvas/build/"} {
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
