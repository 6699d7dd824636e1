package ebitengine

import (
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

func files(pairs ...string) []models.File {
	var list []models.File
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return list
}

const program = "package main\n\nfunc main() {}\n"

func TestPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files      []models.File
		dir, main  string
		module, at string // of the platform's go.mod
	}{
		"a file":             {files("main.go", program), "{project}", ".", "module game\n", "go.mod"},
		"a module":           {files("main.go", program, "go.mod", "module example.com/a\n\ngo 1.23\n"), "{project}", ".", "module example.com/a\n\ngo 1.23\n", "go.mod"},
		"an old one":         {files("main.go", program, "go.mod", "module a // b\r\ngo 1.17\n"), "{project}", ".", "module a\n\ngo 1.24.0\n", "go.mod"},
		"a command":          {files("cmd/game/main.go", program, "a.go", "package a", "go.mod", "module a\n"), "{project}", "./cmd/game", "module a\n", "go.mod"},
		"the shallowest":     {files("tools/x/main.go", program, "game/main.go", program), "{project}", "./game", "module game\n", "go.mod"},
		"the root's":         {files("a/main.go", program, "main.go", program), "{project}", ".", "module game\n", "go.mod"},
		"a module in it":     {files("game/go.mod", "module b\n", "game/cmd/b/b.go", program), "{project}/game", "./cmd/b", "module b\n", "game/go.mod"},
		"not what Go skips":  {files("vendor/x/main.go", program, "_old/main.go", program, ".x/main.go", program, "testdata/main.go", program, "z/y/main.go", program), "{project}", "./z/y", "module game\n", "go.mod"},
		"a module in quotes": {files("main.go", program, "go.mod", "module \"a/b\"\n"), "{project}", ".", "module a/b\n", "go.mod"},
		"a hostile module":   {files("main.go", program, "go.mod", "module a\nreplace x => /etc\nmodule b;c\n"), "{project}", ".", "module a\n", "go.mod"},
	} {
		plan, err := Engine{}.Plan(engines.BuildRequest{Files: c.files, Mode: engines.Preview})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		step := plan.Command.Steps[0]
		if step.Dir != c.dir || step.Argv[len(step.Argv)-1] != c.main {
			t.Errorf("%s: builds %s in %s", name, step.Argv[len(step.Argv)-1], step.Dir)
		}
		mod := plan.Command.Files[0]
		if mod.Path != c.at || !strings.HasPrefix(string(mod.Data), c.module) || strings.Contains(string(mod.Data), "replace") {
			t.Errorf("%s: %s\n%s", name, mod.Path, mod.Data)
		}
		if plan.Command.Executes {
			t.Errorf("%s: the compiler runs no code of the project", name)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]models.File{
		"a library": files("a.go", "package a"), "a test": files("main_test.go", program), "nothing": files("README.md", "x"),
		"assembly": files("main.go", program, "a.s", "#include \"/etc/passwd\""), "objects": files("main.go", program, "a.syso", "x"),
		"not Go": files("main.go", "console.log(1)"),
	} {
		if _, err := (Engine{}).Plan(engines.BuildRequest{Files: list, Mode: engines.Release}); models.CodeOf(err) != models.CodeInvalidFiles {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPagesAndAssets(t *testing.T) {
	t.Parallel()
	copies := func(list []models.File) []string {
		plan, err := Engine{}.Plan(engines.BuildRequest{Title: "<b> & \x00", Files: list, Mode: engines.Release})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range plan.Command.Copies {
			names = append(names, c.To)
		}
		for _, f := range plan.Command.Files {
			if f.Path == pageName {
				names = append(names, "our page")
				if !strings.Contains(string(f.Data), "<title>&lt;b&gt; &amp;</title>") {
					t.Errorf("page %s", f.Data[:300])
				}
			}
		}
		slices.Sort(names)
		return names
	}
	for name, c := range map[string]struct {
		files []models.File
		want  string
	}{
		"plain":                  {files("main.go", program, "assets/a.png", "x"), "index.html our page wasm_exec.js"},
		"loads files":            {files("main.go", program+"// ebitenutil.OpenFile\n", "assets/a.png", "x", "b.txt", "x"), "assets/a.png b.txt index.html our page wasm_exec.js"},
		"a page of its own":      {files("main.go", program, "index.html", "wasm_exec.js game.wasm"), "index.html wasm_exec.js"},
		"a page for another use": {files("main.go", program, "index.html", "hello"), "index.html our page wasm_exec.js"},
	} {
		if got := strings.Join(copies(c.files), " "); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A design may come from anywhere: whatever it says, the project is Go that has one meaning.
func TestStarterQuotes(t *testing.T) {
	t.Parallel()
	nasty := "\"`\\\n}; func init() { panic(1) } //\u2028\x00{{seed}} <script> *x*"
	for _, genre := range engines.Genres() {
		list, err := Engine{}.Starter(engines.Design{Genre: genre, Title: nasty, Prompt: nasty, Hero: nasty, Enemy: nasty, Collect: nasty,
			Theme: "../x", Palette: engines.Palette{Sky: "red"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := models.CheckFiles(list); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, f := range list {
			if path.Ext(f.Path) != ".go" {
				continue
			}
			src, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Data, parser.ParseComments)
			if err != nil {
				t.Errorf("%s: %v", f.Path, err)
				continue
			}
			if f.Path == "design.go" && len(src.Decls) != 1 {
				t.Errorf("%d declarations in the design", len(src.Decls))
			}
			names[f.Path] = true
		}
		for _, want := range []string{"main.go", "game.go", "rules.go", "view.go", "look.go", "figure_hero.go", "figure_heart.go", "hook_js.go"} {
			if !names[want] {
				t.Errorf("%s: no %s", genre, want)
			}
		}
	}
	if _, err := (Engine{}).Starter(engines.Design{Genre: "../../etc"}); models.CodeOf(err) != models.CodeInvalidRequest {
		t.Errorf("an unknown genre: %v", err)
	}
}
