// Package pack carries out the pack action of a plan: a project's files in, an archive of them out, beside the player that reads
// it. The project's Lua is parsed, so that mistakes are found before anything runs. Nothing of it is executed.
package pack

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/archive"
)

// Input is one archive to make.
type Input struct {
	Pack  engines.Pack
	Files []models.File
	// Toolchain is the folder that holds the player.
	Toolchain string
	Log       func(line string)
}

// Result is what came out. Outputs are sorted by path; there are none when a diagnostic is an error.
type Result struct {
	Outputs     []models.File
	Diagnostics []engines.Diagnostic
}

// Make makes the outputs. The error is a fault of the machine; a fault of the project is a diagnostic.
func Make(in Input) (*Result, error) {
	start := time.Now()
	files := below(in.Files, in.Pack.Root)
	res := &Result{Diagnostics: checkLua(files, in.Pack)}
	failed := false
	for _, d := range res.Diagnostics {
		failed = failed || d.Severity == severityError
		in.log("%s", d)
	}
	if failed {
		return res, nil
	}
	packed, err := archive.Stored(files)
	if err != nil {
		return nil, fmt.Errorf("pack the project: %w", err)
	}
	outputs := append(slices.Clone(in.Pack.Files), models.File{Path: in.Pack.Archive, Data: packed})
	for _, c := range in.Pack.Copies {
		data, err := os.ReadFile(filepath.FromSlash(strings.ReplaceAll(c.From, "{toolchain}", in.Toolchain)))
		if err != nil {
			return nil, fmt.Errorf("read the player: %w", err)
		}
		outputs = append(outputs, models.File{Path: c.To, Data: data})
	}
	slices.SortFunc(outputs, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
	res.Outputs = outputs
	in.log("packed %d files, %d bytes, in %d ms", len(files), len(packed), time.Since(start).Milliseconds())
	return res, nil
}

func (in Input) log(text string, args ...any) {
	if in.Log != nil {
		in.Log(fmt.Sprintf(text, args...))
	}
}

// below lists the files of a folder that belong to the game, by their paths in it, sorted.
func below(files []models.File, root string) (list []models.File) {
	for _, f := range files {
		name := f.Path
		if root != "" {
			rest, ok := strings.CutPrefix(name, root+"/")
			if !ok {
				continue
			}
			name = rest
		}
		if !strings.HasPrefix(name, ".") && !strings.Contains(name, "/.") {
			list = append(list, models.File{Path: name, Data: f.Data})
		}
	}
	slices.SortFunc(list, func(a, b models.File) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// inProject is what a file of the root is called in the project.
func inProject(root, name string) string { return path.Join(root, name) }
