package love

import (
	"bytes"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

func TestFindRoot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paths []string
		root  string
		fails bool
	}{
		"at the top":       {paths: []string{"main.lua", "lib/main.lua"}},
		"in a folder":      {paths: []string{"README.md", "game/main.lua", "game/lib/main.lua"}, root: "game"},
		"deeper":           {paths: []string{"a/b/main.lua", "a/b/conf.lua"}, root: "a/b"},
		"the first of two": {paths: []string{"b/main.lua", "a/main.lua"}, root: "a"},
		"none":             {paths: []string{"src/game.lua", "Main.lua"}, fails: true},
		"a hidden one":     {paths: []string{".cache/main.lua"}, fails: true},
	} {
		var files []models.File
		for _, p := range c.paths {
			files = append(files, models.File{Path: p})
		}
		root, err := findRoot(files)
		if root != c.root || c.fails != (models.CodeOf(err) == models.CodeInvalidFiles) || !c.fails && err != nil {
			t.Errorf("%s: %q, %v", name, root, err)
		}
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	p, err := Engine{}.Plan(engines.BuildRequest{Title: "<b> &\n", Mode: engines.Preview, Files: []models.File{{Path: "main.lua"}}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Pack == nil || p.Bundle != nil || p.Command != nil || !p.Acts() {
		t.Fatalf("%+v", p)
	}
	if page := string(p.Pack.Files[0].Data); !strings.Contains(page, "<title>&lt;b&gt; &amp;</title>") || strings.Contains(page, "{{") {
		t.Errorf("page %s", page[:300])
	}
}

// A design may come from anywhere: whatever it says, the project is Lua that has one meaning, with every module that it needs.
func TestStarterQuotes(t *testing.T) {
	t.Parallel()
	nasty := "\"'`]]\\\n} os.exit() -- \u2028\x00{{seed}} <script> *x*"
	for _, theme := range engines.Themes() {
		for _, genre := range engines.Genres() {
			list, err := Engine{}.Starter(engines.Design{Genre: genre, Title: nasty, Prompt: nasty, Hero: nasty, Enemy: nasty, Collect: nasty,
				Theme: theme.Name, Palette: engines.Palette{Sky: "red"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := models.CheckFiles(list); err != nil {
				t.Fatal(err)
			}
			checkProject(t, list)
		}
	}
	if _, err := (Engine{}).Starter(engines.Design{Genre: "../../etc"}); models.CodeOf(err) != models.CodeInvalidRequest {
		t.Errorf("an unknown genre: %v", err)
	}
}

func checkProject(t *testing.T, list []models.File) {
	t.Helper()
	var all bytes.Buffer
	for _, f := range list {
		if strings.HasSuffix(f.Path, ".lua") {
			all.Write(f.Data)
			if _, err := parse.Parse(bytes.NewReader(f.Data), f.Path); err != nil {
				t.Errorf("%s: %v", f.Path, err)
			}
		}
	}
	code := all.String()
	for _, f := range list {
		module, isLua := strings.CutSuffix(strings.ReplaceAll(f.Path, "/", "."), ".lua")
		if isLua && module != "main" && module != "conf" && !strings.Contains(code, "require(\""+module+"\")") {
			t.Errorf("%s is required by nothing", f.Path)
		}
		for _, place := range []string{"{{title}}", "{{more}}", "{{goal}}"} {
			if bytes.Contains(f.Data, []byte(place)) {
				t.Errorf("%s: %s is not filled", f.Path, place)
			}
		}
	}
	state := lua.NewState()
	defer state.Close()
	for _, f := range list {
		if f.Path == "design.lua" {
			if err := state.DoString(string(f.Data)); err != nil {
				t.Fatal(err)
			}
		}
	}
	design, ok := state.Get(-1).(*lua.LTable)
	if !ok || !strings.Contains(design.RawGetString("title").String(), `os.exit() --`) {
		t.Error("the design does not hold the title")
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	req := engines.BuildRequest{Title: "A game", Mode: engines.Release, Files: []models.File{{Path: "main.lua"}}}
	empty := "PK\x05\x06" + strings.Repeat("\x00", 18)
	good := map[string]string{pageName: page, playerName: "var Love = 1", wasmName: "\x00asm\x01\x00\x00\x00", noticeName: "text", gameName: empty}
	verify := func(name, data string) error {
		var list []models.File
		for n, d := range good {
			if n == name {
				d = data
			}
			if d != "" {
				list = append(list, models.File{Path: n, Data: []byte(d)})
			}
		}
		return Engine{}.Verify(req, engines.InMemory(list))
	}
	for name, data := range map[string]string{pageName: "<p>", playerName: "alert(1)", wasmName: "\x00asm\x02\x00\x00\x00", noticeName: "", gameName: "no archive"} {
		if err := verify(name, data); models.CodeOf(err) != models.CodeInvalidOutput {
			t.Errorf("%s %q: %v", name, data, err)
		}
	}
	if err := verify("", ""); models.CodeOf(err) != models.CodeInvalidOutput || !strings.Contains(err.Error(), mainName) {
		t.Errorf("a game without a beginning: %v", err)
	}
}
