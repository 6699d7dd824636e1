// Package phaser is the adapter of Phaser, a framework for two-dimensional browser games: of its current release, and of
// the last of the third, for which most of the games and lessons were written.
package phaser

import (
	"embed"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// The versions of Phaser that the lock files pin.
const (
	Version  = "4.2.1"
	Version3 = "3.90.0"
)

var (
	//go:embed npm
	npm embed.FS

	shared = []engines.SharedModule{{Specifier: "phaser", File: "phaser.js", Object: true}}

	current, third = read("npm/4"), read("npm/3")
)

func read(dir string) engines.Toolchain {
	manifest, err := npm.ReadFile(dir + "/package.json")
	if err != nil {
		panic(err) // it is part of the program
	}
	lock, err := npm.ReadFile(dir + "/package-lock.json")
	if err != nil {
		panic(err)
	}
	return engines.Toolchain{PackageJSON: manifest, PackageLock: lock, Modules: shared}
}

// Engine is the adapter of the current release. Its zero value is ready.
type Engine struct{ phaser3 bool }

// Phaser3 is the adapter of the third release.
var Phaser3 = Engine{phaser3: true}

// Info implements engines.Engine.
func (e Engine) Info() engines.Info {
	info := engines.Info{Name: "phaser", Title: "Phaser", Version: Version, Outputs: []string{"web"},
		Marks: []engines.Mark{{Package: "phaser"}}}
	if e.phaser3 {
		info.Version = Version3
	}
	return info
}

// Toolchain implements engines.Engine.
func (e Engine) Toolchain() engines.Toolchain {
	if e.phaser3 {
		return third
	}
	return current
}

// Image implements engines.Engine.
func (Engine) Image() engines.Image {
	const root = "node_modules/phaser/"
	return web.Image(root+"changelog", root+"config", root+"docs", root+"scripts", root+"skills", root+"src", root+"tests",
		root+"types", root+"dist/*.min.js", root+"dist/*-ie9.js", root+"dist/phaser-arcade-physics.js")
}

// Starter implements engines.Engine.
func (e Engine) Starter(d engines.Design) ([]models.File, error) { return starter(d, e.Info().Version) }

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
