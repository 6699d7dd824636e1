package engines

import (
	"path"

	"github.com/spark-games/spark/models"
)

// Toolchain is what an engine's plans need besides the project: pinned npm packages, or a Go toolchain with pinned modules. It
// is installed once into a separate folder, which the plans see as {toolchain}; the same folder goes into the engine's image. An
// empty toolchain has nothing to install.
type Toolchain struct {
	// PackageJSON and PackageLock are the embedded npm manifest and lock file. The packages are in {toolchain}/node_modules.
	PackageJSON, PackageLock []byte
	// Modules are the engine modules that previews share: each is bundled once per toolchain and stored by digest.
	Modules []SharedModule
	// Go is the Go toolchain; nil for none.
	Go *GoToolchain
	// Programs are programs that steps need on the machine: names or absolute paths. They are not installed: an image has them
	// from its packages, and a machine that builds without containers must have them.
	Programs []string
}

// Missing lists those of the toolchain's programs that a look-up, exec.LookPath, does not find.
func (t Toolchain) Missing(find func(program string) (string, error)) (missing []string) {
	for _, p := range t.Programs {
		if _, err := find(p); err != nil {
			missing = append(missing, path.Base(p))
		}
	}
	return missing
}

// Empty reports whether there is nothing to install.
func (t Toolchain) Empty() bool { return len(t.PackageJSON) == 0 && t.Go == nil }

// SharedModule is an npm package that previews load through an import map instead of bundling it.
type SharedModule struct {
	Specifier string // "phaser": what the project's code imports
	File      string // "phaser.js": the name of the bundled file
	// Deep says that the package's files are imported one by one too, "@babylonjs/core/scene.js": each stands for the
	// shared module, which exports all that they export, so that there is one copy of every class.
	Deep bool
	// Apart lists the files of a deep package of which that is not true: they export what the shared module does not, or do
	// something that it does not do. A preview bundles them, and what they import in turn is again the shared module. They
	// are paths below the package's folder; one that ends in a slash is a whole folder.
	Apart []string
	// Object says that the package is one object, its default export, of which code imports parts by their names.
	Object bool
}

// GoToolchain is the machine's Go, copied without what a build does not read, with a module cache that holds exactly the
// modules that go.mod requires, and a build cache that is warm for them. The folder has
//
//	go/     GOROOT
//	mod/    GOMODCACHE, read-only: builds never reach a network
//	cache/  GOCACHE as it was installed: no build adds to it, so that nothing of one gets into another or into an image
type GoToolchain struct {
	// GoMod and GoSum pin the modules.
	GoMod, GoSum []byte
	// Env is the target, "GOOS=js", and whatever else decides on the compiled bytes.
	Env []string
	// Flags are those of go build that decide on the compiled bytes, "-trimpath".
	Flags []string
	// Warm are sources of a main package whose build fills the cache, one project after another.
	Warm [][]models.File
}

// GoCache is the folder of a Go toolchain's build cache.
const GoCache = "cache"

// Base is what an image starts from.
type Base string

// The bases.
const (
	NoBase  Base = ""        // the engine has no image
	Scratch Base = "scratch" // nothing: no shell, no library, only the agent and the toolchain
	Debian  Base = "debian"  // a root filesystem of Debian packages
	Ready   Base = "ready"   // an image that somebody else made and that is already on the machine
)

// Image is the recipe of an engine's image. Every image has the agent as /engine-agent, its entry point, and the
// toolchain as /toolchain; the recipe says what lies around them. Equal recipes, toolchains and agents give one image.
type Image struct {
	Base Base
	// Suite and Packages are the Debian release, "bookworm", and what to install of it. Only with Debian.
	Suite    string
	Packages []string
	// Reference names the image to start from. Only with Ready.
	Reference string
	// Leave lists files that plans do not need and the image leaves out, in the syntax of path.Match: a pattern with a slash is
	// matched with the path below the toolchain's folder or the root of the packages, one without with each name. "/shared" is
	// the folder of that name at the top, and "shared" any.
	Leave []string
	// Platforms lists where the image can be made, "linux/amd64"; empty means wherever the agent runs.
	Platforms []string
}
