package engines

import "github.com/spark-games/spark/models"

// Command is the action of engines that are separate programs. The agent writes the project's files to a folder, runs the steps
// one after another, and collects the output folder.
//
// In every argument, variable and folder, {project} stands for the project's folder, {work} for the workspace around it,
// {toolchain} for the installed toolchain, and {cache} for a Go toolchain's build cache; what the job adds to that is discarded
// with its workspace. All are absolute. The workspace contains only the project, home and tmp, which are HOME and TMPDIR of the
// steps, and the output folder.
type Command struct {
	Steps []Step
	// Output is the folder below the workspace whose files are the outputs, "out".
	Output string
	// Files are written over the project before the first step: what the platform, not the project, decides.
	Files []models.File
	// Copies are files that are copied to the output after the last step.
	Copies []Copy
	// Problems are the patterns by which the tools report mistakes in the project. A step that prints a problem with severity
	// "error" has failed, whatever its exit code.
	Problems []Problem
	// Progress tells how the tools say how far they are.
	Progress []Progress
	// Executes says that the tools run code of the project while they build it. Without a container, such a plan is refused.
	Executes bool
}

// Copy is a file that is copied to the outputs instead of being built.
type Copy struct {
	From string // "{toolchain}/go/lib/wasm/wasm_exec.js"
	To   string // the path among the outputs, "wasm_exec.js"
}

// Step is one program that is run to its end. One that fails ends the job.
type Step struct {
	// Argv is the program and its arguments. The program is looked up in the PATH of Env when it has no slash.
	Argv []string
	// Env is added to HOME, TMPDIR and PATH; nothing else is inherited.
	Env []string
	// Dir is where the step runs; "" means {project}.
	Dir string
}

// Problem is a pattern of a tool's output, in the syntax of package regexp, matched with one line at a time. Its groups
// named file, line, column and text fill a Diagnostic; without a group named text the whole line is the text.
type Problem struct {
	Pattern string
	// Where matches one of the next two lines, for tools that name the place after the problem. It has the same groups.
	Where string
	// Folder stands before the file, "game/", for tools that name files from a folder of the project.
	Folder string
	// Severity is "error" or "warning".
	Severity string
}

// Progress is a pattern of a tool's output, in the syntax of package regexp, matched with one line at a time. A line with a group
// named of begins a task and says how many parts it has, one with a group named done how many of them are done, from 0. A group
// named task names the task. One line may have all of them.
type Progress struct {
	Pattern string
}
