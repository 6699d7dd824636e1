// Package engines is the contract between Spark and a game engine.
//
// An adapter (engines/phaser, engines/three, …) describes its engine, writes a starter project for a Design, and turns a build
// request into a Plan: what the sandbox must run and what outputs it must produce. Adapters run nothing themselves and read no
// files but their embedded starter; the sandbox runs the plan, and Verify checks the outputs, because an engine's exit code
// proves nothing. To add an engine, add a folder and one line in the registry that internal/app assembles.
package engines

import (
	"context"
	"time"

	"github.com/spark-games/spark/models"
)

// Mode is how a project is built.
type Mode string

const (
	// Preview builds the project's own code only, against a shared engine module: milliseconds.
	Preview Mode = models.ModePreview
	// Release builds one minified bundle that needs nothing else.
	Release Mode = models.ModeRelease
)

// Valid reports whether the mode is known.
func (m Mode) Valid() bool { return m == Preview || m == Release }

// Info describes an engine to users and to the API.
type Info struct {
	Name    string   // "phaser": the word in the API
	Title   string   // "Phaser"
	Version string   // of the pinned engine, "4.2.1"
	Outputs []string // what a build can make: "web", "linux", "pck"
	// Guide tells a language model how a project of this engine is laid out, in lines that begin with "- ". It may be empty for
	// engines whose plans bundle, because those plans describe the layout.
	Guide string
	// Marks tell projects of this engine from others, for those that come without its name. Each of them is enough.
	Marks []Mark
}

// Engine is one adapter. Implementations are stateless and safe for concurrent use.
type Engine interface {
	Info() Info
	// Toolchain says what must be installed before a plan can run.
	Toolchain() Toolchain
	// Image is the recipe of the container image in which plans run, around the toolchain. A recipe without a base says
	// that the engine has none.
	Image() Image
	// Starter writes a complete, playable project for the design. The same design gives the same files.
	Starter(d Design) ([]models.File, error)
	// Plan turns a project into what the sandbox runs. The error is a *models.Error when the project is at fault.
	Plan(req BuildRequest) (Plan, error)
	// Verify checks the outputs by their content, of which it reads as much as it needs. The error is a *models.Error with
	// CodeInvalidOutput.
	Verify(req BuildRequest, outputs Outputs) error
}

// BuildRequest is one project to build.
type BuildRequest struct {
	Title string
	Files []models.File
	Mode  Mode
}

// Limits limit one build in the sandbox. Zero means the sandbox's default.
type Limits struct {
	Time        time.Duration
	MemoryBytes int64
	OutputBytes int64 // of all output files together
	OutputFiles int
	LogBytes    int64
}

// Or fills what l leaves open from d.
func (l Limits) Or(d Limits) Limits {
	return Limits{
		Time:        positive(l.Time, d.Time),
		MemoryBytes: positive(l.MemoryBytes, d.MemoryBytes),
		OutputBytes: positive(l.OutputBytes, d.OutputBytes),
		OutputFiles: positive(l.OutputFiles, d.OutputFiles),
		LogBytes:    positive(l.LogBytes, d.LogBytes),
	}
}

func positive[T ~int | ~int64](v, otherwise T) T {
	if v > 0 {
		return v
	}
	return otherwise
}

// Plan is what the sandbox runs: exactly one of the actions is set.
type Plan struct {
	Bundle  *Bundle
	Command *Command
	Pack    *Pack
	Limits  Limits
}

// Acts reports whether the plan has an action at all.
func (p Plan) Acts() bool { return p.Bundle != nil || p.Command != nil || p.Pack != nil }

// Bundle is the esbuild action, run inside the agent. The project never touches a disk there: the agent resolves every
// import of the project against the request's files and the toolchain's packages, and nothing else.
type Bundle struct {
	// Root is the folder of the project to which all other names are relative, "" for all of it. Nothing outside is part of the game.
	Root string
	// Entry is the project file that starts the game, "src/main.js". The scripts of HTML, if it has any, take its place.
	Entry string
	// HTML is the project file that becomes index.html; "" makes one.
	HTML string
	// Pages lists project files that are other pages of the game, at their own paths.
	Pages []string
	Title string // fills a missing or empty <title>
	Mode  Mode
	// Before lists modules of the toolchain's packages that are imported before the project's first one.
	Before []string
	// Shared lists specifiers that stay imports in Preview and are resolved through an import map.
	Shared []SharedModule
	// PublicDir is a project folder whose files are copied to the output root as they are; "" for none.
	PublicDir string
	// Static lists project files that are copied to the same path of the output, for games that load them by URL. What the code
	// imports has the same address.
	Static []string
	// Made lists scripts of the page that a bundler would make of Entry, which takes their place.
	Made []string
	// Aliases are what imports mean besides files and packages.
	Aliases []Alias
	// Define are names, and the expressions that they mean in code, as JSON or another name.
	Define map[string]string
}

// Alias is another meaning of an import, and of all whose first part it is.
type Alias struct {
	Find, To string
	File     bool // it leads to files of the project, otherwise to a package
}

// Result is the result of a plan. Outputs are unverified content: only paths, counts and sizes have been checked against the
// limits. They can be read as long as the request's sink exists.
type Result struct {
	Outputs     Outputs
	Diagnostics []Diagnostic
	// SharedModules are the blobs that the outputs load through their import map (previews only), sorted by specifier.
	// Whoever serves the outputs must serve each at its URL.
	SharedModules []ModuleBlob
	LogTail       string
	Duration      time.Duration
	// Environment is where it was made.
	Environment Environment
}

// ModuleURLPrefix is where previews expect the shared engine modules, on the origin that serves the preview.
const ModuleURLPrefix = "/engine-modules/"

// ModuleBlob is a shared engine module, bundled. Equal toolchains give equal bytes, so it may be cached forever.
type ModuleBlob struct {
	Specifier string
	// Entry names the content: its path is the file's name, "phaser.js".
	Entry models.ManifestEntry
	// Data is the content, shared between results: read only.
	Data []byte
}

// URL is the module's address on the preview's origin: "/engine-modules/<sha256>/phaser.js".
func (m ModuleBlob) URL() string { return ModuleURLPrefix + m.Entry.SHA256 + "/" + m.Entry.Path }

// Runner runs a plan in a sandbox. Run returns only when everything it started has stopped.
//
// Every error is a *models.Error: CodeCompileFailed (the project's fault), CodeTimeout, CodeOutOfMemory,
// CodeOutputTooLarge, CodeCancelled (the context ended; when its cause is a *models.Error, that error instead),
// CodeEngineUnavailable (no toolchain) or CodeSandboxFailed (ours; worth a retry). The Result beside an error, when not
// nil, has no outputs but carries the diagnostics and the log's tail.
type Runner interface {
	Run(ctx context.Context, job RunRequest) (*Result, error)
}

// RunRequest is one plan with its inputs.
type RunRequest struct {
	Account string
	JobID   string
	Engine  Engine
	Plan    Plan
	Files   []models.File
	// Sink takes the outputs as they arrive, within the plan's limits.
	Sink Sink
	// Log receives the tool's output as it appears, line by line; nil drops it. It is called from one goroutine at a
	// time, and not after Run has returned.
	Log func(line string)
	// Progress receives how far the build is, a fraction from 0 to 1 that only rises, and its stage in a few words; nil drops
	// it. It is called as Log is, and must not block.
	Progress func(fraction float64, stage string)
}
