// Package custom makes engines from YAML files, so that a studio can use the image of its own engine without writing Go. A file
// says which programs of the image turn a project into outputs, and what the outputs must be; the platform does the rest:
// sandboxes, limits, logs, artifacts. docs/custom-engines.md describes the files.
//
// The files are the operator's and as trusted as the rest of the configuration. Projects and outputs are not: the programs run
// in containers only, and their outputs are checked by content.
package custom

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Engine is an engine that a file declares. It implements engines.Engine and does not change.
type Engine struct {
	info    engines.Info
	image   engines.Image
	modes   []engines.Mode
	needs   []string // patterns of files that a project must have
	files   []models.File
	steps   []step
	outputs outputs
	problem []engines.Problem
	limits  engines.Limits
	starter *starter // nil for none
	where   string   // it is declared, "unity.yaml:1"
}

var _ engines.Engine = (*Engine)(nil)

// step is one program, and the modes in which it is run.
type step struct {
	engines.Step
	modes []engines.Mode // nil for all
}

// outputs are what a build must leave.
type outputs struct {
	folder, kind string
	required     []string // patterns
	checks       []check
}

// check is what the content of some files must be.
type check struct{ files, is string }

// Info implements engines.Engine.
func (e *Engine) Info() engines.Info { return e.info }

// Toolchain implements engines.Engine. All that is needed is in the image.
func (e *Engine) Toolchain() engines.Toolchain { return engines.Toolchain{} }

// Image implements engines.Engine.
func (e *Engine) Image() engines.Image { return e.image }

// Starter implements engines.Engine.
func (e *Engine) Starter(d engines.Design) ([]models.File, error) {
	if e.starter == nil {
		return nil, models.NewError(models.CodeProviderRefused, e.info.Title+
			" has no starter to write a game from: name a language model as the provider, or write the project's files yourself")
	}
	return e.starter.write(d.Normalize()), nil
}

// Plan implements engines.Engine.
func (e *Engine) Plan(req engines.BuildRequest) (engines.Plan, error) {
	if !req.Mode.Valid() {
		return engines.Plan{}, models.FieldError("/mode", "mode must be \"preview\" or \"release\"")
	}
	if !slices.Contains(e.modes, req.Mode) {
		return engines.Plan{}, models.FieldError("/mode", fmt.Sprintf("%s builds in the mode %q only", e.info.Title, e.modes[0]))
	}
	if err := models.CheckFiles(req.Files); err != nil {
		return engines.Plan{}, err
	}
	for _, p := range e.needs {
		if !slices.ContainsFunc(req.Files, func(f models.File) bool { return matches(p, f.Path) }) {
			return engines.Plan{}, models.NewError(models.CodeInvalidFiles, "a project of "+e.info.Title+" needs a file "+p)
		}
	}
	fill := strings.NewReplacer("{mode}", string(req.Mode), "{title}", plain(cmp.Or(req.Title, "Game")))
	command := engines.Command{Output: e.outputs.folder, Files: e.files, Problems: e.problem, Executes: true}
	for _, s := range e.steps {
		if s.modes != nil && !slices.Contains(s.modes, req.Mode) {
			continue
		}
		next := engines.Step{Dir: s.Dir, Argv: make([]string, len(s.Argv)), Env: make([]string, len(s.Env))}
		for i, a := range s.Argv {
			next.Argv[i] = fill.Replace(a)
		}
		for i, v := range s.Env {
			next.Env[i] = fill.Replace(v)
		}
		command.Steps = append(command.Steps, next)
	}
	return engines.Plan{Command: &command, Limits: e.limits}, nil
}

// plain keeps a title to one short line without what an argument could be taken for: no braces, which are placeholders,
// and no dash at its beginning, which are options.
func plain(title string) string {
	title = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '{' || r == '}' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(title, ""))
	title = strings.TrimLeft(strings.Join(strings.Fields(title), " "), "- ")
	if r := []rune(title); len(r) > 100 {
		title = string(r[:100])
	}
	return cmp.Or(title, "Game")
}

// Verify implements engines.Engine.
func (e *Engine) Verify(req engines.BuildRequest, outputs engines.Outputs) error {
	files := outputs.Manifest()
	if len(files) == 0 {
		return e.invalid("it has no files")
	}
	if err := models.CheckPaths(files.Paths()); err != nil {
		return e.invalid(models.AsError(err).Message)
	}
	for _, p := range e.outputs.required {
		if !slices.ContainsFunc(files, func(f models.ManifestEntry) bool { return matches(p, f.Path) }) {
			return e.invalid("it has no file " + p)
		}
	}
	for _, c := range e.outputs.checks {
		if c.is == isGame {
			if err := web.Verify(req, outputs); err != nil {
				return err
			}
			continue
		}
		for _, f := range files {
			if !matches(c.files, f.Path) {
				continue
			}
			why, err := judgeFile(content[c.is], f, outputs)
			if err != nil {
				return err
			}
			if why != "" {
				return e.invalid(fmt.Sprintf("file %q %s", f.Path, why))
			}
		}
	}
	return nil
}

// judgeFile says what is wrong with a file; "" for nothing.
func judgeFile(content judge, f models.ManifestEntry, all engines.Outputs) (why string, err error) {
	c, err := all.Open(f.Path)
	if err != nil {
		return "", err
	}
	defer c.Close()
	return content(file{f, c}, all.Manifest()), nil
}

func (e *Engine) invalid(why string) error {
	return models.NewError(models.CodeInvalidOutput, "the build's output is not what "+e.info.Title+" makes: "+why)
}

// matches reports whether a pattern, in the syntax of path.Match, is for a file: one with a slash is matched with the whole
// path, one without with its last part; "./index.html" is the file at the top.
func matches(pattern, file string) bool {
	if !strings.Contains(pattern, "/") {
		file = path.Base(file)
	}
	pattern = strings.TrimPrefix(pattern, "./")
	ok, _ := path.Match(pattern, file)
	return ok
}
