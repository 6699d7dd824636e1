// Package bundle carries out the esbuild action of a plan: a project's files in, a web game's files out.
//
// The project stays in memory. esbuild gets its files through a plugin (see resolver) that knows only the project and the
// toolchain's packages, so that no import, style sheet, tsconfig or package.json of a project can name anything else on the
// machine. What esbuild reads without asking a plugin is removed from the files that it gets (see source), or searched for in a
// folder without files (see Leave). Nothing of the project is executed.
package bundle

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// Input is one bundle to make.
type Input struct {
	Bundle engines.Bundle
	Files  []models.File
	// Toolchain is the folder whose node_modules the project may import from; "" for none.
	Toolchain string
	// ModuleURLs maps shared specifiers to the addresses that previews load them from.
	ModuleURLs map[string]string
	Log        func(line string)
	Step       func(stage string, fraction float64) // how far it is; nil for nobody
}

// Result is what came out. Outputs are sorted by path; there are none when a diagnostic is an error.
type Result struct {
	Outputs     []models.File
	Diagnostics []engines.Diagnostic
}

// Failed reports whether the project did not compile.
func (r *Result) Failed() bool {
	return slices.ContainsFunc(r.Diagnostics, func(d engines.Diagnostic) bool { return d.Severity == severityError })
}

// Make makes a bundle. The error is a fault of the machine; a fault of the project is a diagnostic.
func Make(in Input) (*Result, error) {
	if err := nowhere(); err != nil {
		return nil, err
	}
	start := time.Now()
	p, err := newProject(in)
	if err != nil {
		return nil, err
	}
	p.readPages()
	if p.failed() {
		return p.result(nil), nil
	}
	p.step("bundling", 0.1)
	out := &outputs{p: p, byKey: make(map[string]string)}
	for _, d := range p.pages {
		if p.turnTo(d); !out.addPage() {
			return p.result(nil), nil
		}
	}
	p.turnTo(p.pages[0])
	p.step("putting the page together", 0.8)
	out.addWorkers()
	out.addCopies()
	for _, d := range p.pages {
		if !p.failed() {
			p.turnTo(d)
			out.add(d.output, p.writePage())
		}
	}
	r := p.result(out.files)
	if !r.Failed() {
		p.logf("bundled %s (%s): %d modules, %d bytes of script, %d files, in %d ms",
			p.pages[0].entry.name(), in.Bundle.Mode, p.loads.Load(), out.scriptBytes, len(out.files), time.Since(start).Milliseconds())
	}
	return r, nil
}

// step reports the progress of the bundle, which esbuild does not.
func (p *project) step(stage string, fraction float64) {
	if p.in.Step != nil {
		p.in.Step(stage, fraction)
	}
}

// options are esbuild's for the project's plan.
func (p *project) options() api.BuildOptions {
	release := p.in.Bundle.Mode == engines.Release
	o := api.BuildOptions{
		// Games find classes by their names, in a preview and in a release alike.
		KeepNames:           true,
		AbsWorkingDir:       p.workDir,
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: entryPoint, OutputPath: p.outName}},
		Outdir:              filepath.Join(p.workDir, outDir),
		EntryNames:          "[name]",
		AssetNames:          "assets/[name]-[hash]",
		// Assets are named from the page's folder, because a game hands their names to loaders that fetch from there.
		PublicPath:     p.up(),
		Bundle:         true,
		Format:         api.FormatESModule,
		Platform:       api.PlatformBrowser,
		Target:         api.ES2022,
		Charset:        api.CharsetUTF8,
		LegalComments:  api.LegalCommentsEndOfFile,
		Loader:         loaders,
		TsconfigRaw:    p.tsconfig.raw,
		LogLevel:       api.LogLevelSilent,
		SourcesContent: api.SourcesContentInclude,
		Plugins:        []api.Plugin{{Name: "spark", Setup: p.setup}},
		Define:         p.defines(),
	}
	if release {
		o.EntryNames = "[name]-[hash]"
		o.MinifyIdentifiers, o.MinifySyntax, o.MinifyWhitespace = true, true, true
		o.TreeShaking = api.TreeShakingTrue
	} else {
		o.Sourcemap = api.SourceMapLinked
	}
	return o
}

const (
	outDir = "out" // never written: esbuild wants a name
	// entryPoint is no name of the project's: esbuild looks on the disk for what an entry point may be.
	entryPoint = "spark:entry"
)

// outputs gathers the files of the game.
type outputs struct {
	p           *project
	files       []models.File
	byKey       map[string]string
	scriptBytes int
}

func (o *outputs) add(name string, data []byte) {
	key := models.PathKey(name)
	if other, taken := o.byKey[key]; taken {
		o.p.fail("", fmt.Sprintf("two files of the game want to be %q in the output (also %q)", name, other))
		return
	}
	o.byKey[key] = name
	o.files = append(o.files, models.File{Path: name, Data: data})
}

// nameOf is what an output of esbuild's is called, "" when it would be outside the game.
func (o *outputs) nameOf(f api.OutputFile) string {
	rel, err := filepath.Rel(filepath.Join(o.p.workDir, outDir), f.Path)
	name := filepath.ToSlash(rel)
	if err != nil || name == ".." || strings.HasPrefix(name, "../") {
		o.p.fail("", fmt.Sprintf("an output would be outside the game: %q", path.Base(filepath.ToSlash(f.Path))))
		return ""
	}
	return name
}

// addPage bundles the scripts and style sheets of a page, and reports whether they could be.
func (o *outputs) addPage() bool {
	p := o.p
	if p.entry.path != "" {
		res := api.Build(p.options())
		p.addMessages(severityError, res.Errors)
		p.addMessages(severityWarning, res.Warnings)
		if p.failed() {
			return false
		}
		o.addBuilt(res.OutputFiles)
	}
	p.addWanted()
	o.addGlobals()
	return true
}

// addBuilt takes what esbuild made.
func (o *outputs) addBuilt(files []api.OutputFile) {
	for _, f := range files {
		name := o.nameOf(f)
		if name == "" {
			continue
		}
		switch {
		case strings.HasSuffix(name, ".js") && strings.HasPrefix(name, o.p.outName):
			// The script holds no path relative to itself, so it may move.
			if o.p.in.Bundle.Mode == engines.Release {
				name = "assets/" + name
			}
			o.p.doc.script = name
			o.scriptBytes += len(f.Contents)
		case strings.HasSuffix(name, ".css") && strings.HasPrefix(name, o.p.outName):
			o.p.doc.style = name // stays beside the page: its url() are relative to itself
		case strings.HasSuffix(name, ".map"):
			f.Contents = plainSources(f.Contents)
		}
		o.add(name, f.Contents)
	}
}
