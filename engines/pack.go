package engines

import "github.com/spark-games/spark/models"

// Pack is the action of engines whose player reads the project as it is, from one archive: nothing is compiled. The agent does
// it in memory, checks the project's scripts, and runs none of them.
type Pack struct {
	// Archive is where the archive lies among the outputs, "game.love": a zip of the project, sorted by path, without times
	// and without compression. Files and folders whose names begin with a dot are left out.
	Archive string
	// Root is the folder of the project that is packed, "game"; "" for all of it.
	Root string
	// Lua lists the files below the root with which the game begins, "main.lua". Those and the files that they require must be
	// valid Lua 5.1; mistakes in other Lua files are warnings, because the game may never load them.
	Lua []string
	// Modules are those that the player brings with it and scripts may require, beside Lua's own: "socket". A name stands
	// for all below it, too.
	Modules []string
	// Files belong to the outputs as they are: what the platform, not the project, decides.
	Files []models.File
	// Copies are files of the toolchain that belong to the outputs. Only {toolchain} is known here.
	Copies []Copy
}
