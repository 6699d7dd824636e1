package ebitengine

import (
	"bytes"
	"cmp"
	_ "embed"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// Names of the outputs.
const (
	wasmName    = "game.wasm"
	runtimeName = "wasm_exec.js"
	pageName    = "index.html"
)

// project is how a Go project is laid out.
type project struct {
	root   string // the folder of go.mod, "" for the project's own
	main   string // the package to build, "." or "./cmd/game"
	goMod  []byte // what the platform writes
	page   string // the project's own page, "" when it has none that fits
	static []string
}

var (
	moduleLine = regexp.MustCompile(`(?m)^module[ \t]+"?([A-Za-z0-9._~/-]+)"?[ \t]*(?://.*)?\r?$`)
	goLine     = regexp.MustCompile(`(?m)^go[ \t]+(1\.(\d+)(?:\.\d+)?)[ \t]*\r?$`)
)

func inspect(files []models.File) (project, error) {
	var p project
	byPath := make(map[string][]byte, len(files))
	mains := map[string]bool{} // folders of main packages
	loads := false
	for _, f := range files {
		byPath[f.Path] = f.Data
		switch ext := path.Ext(f.Path); {
		case ext == ".s" || ext == ".S" || ext == ".syso":
			// Assembly can include files from anywhere on the machine that assembles it.
			return p, models.NewError(models.CodeInvalidFiles, "file \""+f.Path+"\": assembly and object files are not built")
		case ext != ".go" || strings.HasSuffix(f.Path, "_test.go"):
			continue
		}
		if isMain(f.Data) && !skipped(f.Path) {
			mains[path.Dir(f.Path)] = true
		}
		for _, call := range []string{"ebitenutil.OpenFile", "ebitenutil.NewImageFromFile", "http.Get"} {
			loads = loads || bytes.Contains(f.Data, []byte(call))
		}
	}
	if len(mains) == 0 {
		return p, models.NewError(models.CodeInvalidFiles, "nothing starts the game: the project has no Go file of package main")
	}
	p.layOut(byPath, mains)
	if page, ok := byPath[pageName]; ok && bytes.Contains(page, []byte(wasmName)) && bytes.Contains(page, []byte(runtimeName)) {
		p.page = pageName
	}
	if loads { // otherwise assets are embedded in the program
		p.static = web.Static(files)
	}
	return p, nil
}

// layOut chooses the module and the package to build: the shallowest of each.
func (p *project) layOut(files map[string][]byte, mains map[string]bool) {
	depth := func(dir string) int {
		if dir == "." {
			return 0
		}
		return 1 + strings.Count(dir, "/")
	}
	shallow := func(a, b string) int {
		return cmp.Or(depth(a)-depth(b), strings.Compare(a, b))
	}
	var folders []string
	for dir := range mains {
		folders = append(folders, dir)
	}
	main := slices.MinFunc(folders, shallow)
	// The module is that of the nearest go.mod around the package.
	at := main
	for at != "." && files[path.Join(at, "go.mod")] == nil {
		at = path.Dir(at)
	}
	p.main = "."
	if p.root = strings.TrimPrefix(at, "."); main != at {
		p.main = "./" + strings.TrimPrefix(strings.TrimPrefix(main, p.root), "/")
	}
	p.goMod = rewrite(files[path.Join(at, "go.mod")])
}

// rewrite makes the go.mod that a project is built with: its own name and language version, and the platform's modules,
// which are the only ones there are.
func rewrite(theirs []byte) []byte {
	ours := goMod
	if m := moduleLine.FindSubmatch(theirs); m != nil {
		ours = bytes.Replace(ours, []byte("module game\n"), []byte("module "+string(m[1])+"\n"), 1)
	}
	// The engine's modules ask for Go 1.22 at least.
	if m := goLine.FindSubmatch(theirs); m != nil && (len(m[2]) > 2 || len(m[2]) == 2 && string(m[2]) >= "22") {
		ours = goLine.ReplaceAll(ours, []byte("go "+string(m[1])))
	}
	return ours
}

// isMain reports whether a file belongs to a program.
func isMain(src []byte) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.PackageClauseOnly)
	return err == nil && f.Name.Name == "main"
}

// skipped reports whether Go does not look into a folder.
func skipped(name string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), func(part string) bool {
		return part == "testdata" || part == "vendor" || part != "." && strings.HasPrefix(part, ".") || strings.HasPrefix(part, "_")
	})
}

// environment of the Go command: nothing is looked for outside the toolchain and the project.
var environment = append([]string{
	"GOROOT={toolchain}/go", "GOMODCACHE={toolchain}/mod", "GOCACHE={cache}", "GOTMPDIR={work}/tmp", "GOPATH={work}/home/go",
	"GOENV=off", "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOSUMDB=off", "GOTOOLCHAIN=local", "GOWORK=off", "GO111MODULE=on",
	"GOVCS=*:off", "CGO_ENABLED=0",
	// The index of modules is kept under the folders' names and must be written where it is missing; the cache cannot be.
	"GODEBUG=goindex=0",
}, target...)

//go:embed page.html
var page string

func (p project) plan(req engines.BuildRequest) engines.Plan {
	c := &engines.Command{
		Output: "out",
		Steps: []engines.Step{{
			Argv: slices.Concat([]string{"{toolchain}/go/bin/go", "build", "-o", "{work}/out/" + wasmName}, flags, []string{p.main}),
			Env:  environment,
			Dir:  path.Join("{project}", p.root),
		}},
		Files: []models.File{{Path: path.Join(p.root, "go.mod"), Data: p.goMod}, {Path: path.Join(p.root, "go.sum"), Data: goSum}},
		Copies: []engines.Copy{{From: "{toolchain}/go/lib/wasm/wasm_exec.js", To: runtimeName},
			{From: "{project}/" + pageName, To: pageName}},
		Problems: []engines.Problem{
			{Pattern: `^(?:vet: )?(?P<file>[^\s:]+\.go):(?P<line>\d+):(?:(?P<column>\d+):)? (?P<text>.*)`, Severity: "error"},
			{Pattern: `^go: (?P<text>errors? .*|go\.mod requires .*|.*: no required module provides .*)`, Severity: "error"},
		},
	}
	if p.page == "" {
		c.Files = append(c.Files, models.File{Path: pageName, Data: []byte(web.CanvasPage(page, pageTitle(req.Title)))})
	}
	for _, name := range p.static {
		c.Copies = append(c.Copies, engines.Copy{From: "{project}/" + name, To: name})
	}
	return engines.Plan{Command: c}
}

func pageTitle(s string) string {
	if s = engines.CleanText(s, 200); s == "" {
		return "Game"
	}
	return s
}
