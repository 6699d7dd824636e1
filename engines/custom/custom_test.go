package custom

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

// good is a declaration that is right; the tests change it.
const good = `name: pixelbox
title: Pixelbox
version: 1.2.0
image: studio/pixelbox@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
requires: [game.json]
files:
  - path: build/settings.json
    text: '{"by": "platform"}'
commands:
  - run: [/bin/pixelbox, "{project}/game.json", --mode, "{mode}", --title, "{title}"]
    env: {OUT: "{work}/out"}
    dir: "{work}"
  - run: [/bin/pixelbox-pack]
    modes: [release]
outputs:
  kind: web
  required: ["*.wasm"]
  verify:
    - {files: index.html, is: html}
    - {files: "*.wasm", is: wasm}
problems:
  - pattern: '^(?P<file>[^:]+):(?P<line>\d+): (?P<text>.*)$'
limits: {time: 90s, memory: 512MiB, output: 10MB, files: 20, log: 64KiB}
starter: {folder: starter}
guide: |
  - A project has a game.json.
`

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t *testing.T, text string) *Engine {
	t.Helper()
	list, err := Load(write(t, map[string]string{"e.yaml": text, "starter/game.json": `{"title": {{title|json}}, "sky": "{{color_sky}}"}`,
		"starter/logo.bin": "{{title}}\x00"}), Options{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d engines: %v", len(list), err)
	}
	return list[0]
}

func TestDeclaration(t *testing.T) {
	t.Parallel()
	e := load(t, good)
	if i := e.Info(); i.Name != "pixelbox" || i.Title != "Pixelbox" || i.Version != "1.2.0" || !slices.Equal(i.Outputs, []string{"web"}) || i.Guide != "- A project has a game.json.\n" {
		t.Errorf("%+v", i)
	}
	if im := e.Image(); im.Base != engines.Ready || !strings.HasPrefix(im.Reference, "studio/pixelbox@sha256:") || !e.Toolchain().Empty() {
		t.Errorf("%+v", im)
	}
	files, err := e.Starter(engines.Design{Title: `Fox "&" {work}`, Palette: engines.Palette{Sky: "#102030"}})
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	if got := string(files[0].Data); files[0].Path != "game.json" || got != `{"title": "Fox \"&\" {work}", "sky": "#102030"}` || string(files[1].Data) != "{{title}}\x00" {
		t.Errorf("%s", got)
	}

	plan, err := e.Plan(engines.BuildRequest{Title: "--evil {work}\n", Files: files, Mode: engines.Preview})
	if err != nil {
		t.Fatal(err)
	}
	c := plan.Command
	if len(c.Steps) != 1 || !slices.Equal(c.Steps[0].Argv, []string{"/bin/pixelbox", "{project}/game.json", "--mode", "preview", "--title", "evil work"}) ||
		!slices.Equal(c.Steps[0].Env, []string{"OUT={work}/out"}) || c.Steps[0].Dir != "{work}" || c.Output != "out" || !c.Executes || len(c.Files) != 1 {
		t.Errorf("%+v", c)
	}
	if plan.Limits != (engines.Limits{Time: 90 * time.Second, MemoryBytes: 512 << 20, OutputBytes: 10e6, OutputFiles: 20, LogBytes: 64 << 10}) {
		t.Errorf("%+v", plan.Limits)
	}
	if plan, err = e.Plan(engines.BuildRequest{Files: files, Mode: engines.Release}); err != nil || len(plan.Command.Steps) != 2 || plan.Command.Steps[0].Argv[5] != "Game" {
		t.Errorf("%+v %v", plan.Command, err)
	}
	for name, req := range map[string]engines.BuildRequest{
		"nothing": {Mode: engines.Preview}, "bad mode": {Files: files, Mode: "debug"}, "no game.json": {Files: files[1:], Mode: engines.Preview},
		"hostile": {Files: append([]models.File{{Path: "../x"}}, files...), Mode: engines.Preview},
	} {
		if _, err := e.Plan(req); models.CodeOf(err) == models.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}

	bare := load(t, strings.ReplaceAll(strings.ReplaceAll(good, "starter: {folder: starter}\n", "modes: [release]\n"), "guide: |\n  - A project has a game.json.\n", ""))
	if _, err := bare.Starter(engines.Design{}); models.CodeOf(err) != models.CodeProviderRefused || !strings.Contains(err.Error(), "Pixelbox has no starter") {
		t.Errorf("%v", err)
	}
	if !strings.Contains(bare.Info().Guide, "game.json") {
		t.Errorf("%q", bare.Info().Guide)
	}
	if _, err := bare.Plan(engines.BuildRequest{Files: files, Mode: engines.Preview}); models.CodeOf(err) != models.CodeInvalidRequest {
		t.Errorf("%v", err)
	}
}

// Every mistake is reported with its file and line, and all of them together.
func TestDeclarationRefuses(t *testing.T) {
	t.Parallel()
	replace := func(old, with string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not there", old)
		}
		return strings.Replace(good, old, with, 1)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "e.yaml: it is empty"},
		{"only a comment", "# x\n", "e.yaml: it is empty"},
		{"no mapping", "- x\n", ":1: this must be a mapping"},
		{"no YAML", "name: [\n", "e.yaml:"},
		{"a tab", "name:\n\t- x", ":2: found character that cannot start any token"},
		{"two documents", good + "---\nname: x\n", "it has a second document"},
		{"unknown field", replace("title:", "colour: red\ntitle:"), `:2: unknown field "colour"; there are: commands, files, guide`},
		{"unknown field within", replace("dir:", "cwd:"), `:12: unknown field "cwd"; there are: dir, env, modes, run`},
		{"a field twice", replace("title:", "name: other\ntitle:"), ":2: "},
		{"an alias", replace("title: Pixelbox", "title: &t Pixelbox\nguide: *t"), "aliases are not used here"},
		{"no name", replace("name: pixelbox\n", ""), ":1: the field name is missing"},
		{"no commands", good[:strings.Index(good, "commands:")] + good[strings.Index(good, "outputs:"):], "the field commands is missing"},
		{"bad name", replace("name: pixelbox", "name: Pixel Box"), `:1: "Pixel Box" is not small letters`},
		{"name with a slash", replace("name: pixelbox", "name: a/b"), ":1: "},
		{"long name", replace("name: pixelbox", "name: "+strings.Repeat("a", 33)), ":1: "},
		{"title of two lines", replace("title: Pixelbox", `title: "a\nb"`), ":2: this must be one line"},
		{"bad version", replace("version: 1.2.0", "version: v@1"), ":3: "},
		{"image that is more", replace("image: studio/pixelbox", "image: \"scratch\\nRUN x\"\nguide: studio/pixelbox"), ":4: "},
		{"image with a space", replace("image: studio/", `image: a studio/`), ":4: "},
		{"half a digest", replace("0123456789abcdef0123", "0123"), ":4: "},
		{"bad platform", replace("requires:", "platforms: [windows/amd64]\nrequires:"), ":5: "},
		{"null", replace("title: Pixelbox", "title:"), ":2: this must be a text"},
		{"list for a text", replace("title: Pixelbox", "title: [x]"), ":2: this must be a text"},
		{"text for a list", replace("requires: [game.json]", "requires: game.json"), ":5: this must be a list of patterns"},
		{"bad pattern", replace("[game.json]", `["[a"]`), `:5: "[a" is no pattern`},
		{"pattern that leads out", replace("[game.json]", "[../game.json]"), ":5: "},
		{"absolute pattern", replace("[game.json]", "[/game.json]"), ":5: "},
		{"absolute file", replace("path: build/settings.json", "path: /etc/passwd"), ":7: "},
		{"file that leads out", replace("path: build/settings.json", "path: a/../../x"), ":7: "},
		{"file without content", replace("    text: '{\"by\": \"platform\"}'\n", ""), "a file has either a text"},
		{"file from above", replace("text: '{\"by\": \"platform\"}'", "from: ../secret"), ":8: "},
		{"file from nowhere", replace("text: '{\"by\": \"platform\"}'", "from: nothing.json"), `:8: the file "nothing.json" beside this one cannot be read`},
		{"file from a folder", replace("text: '{\"by\": \"platform\"}'", "from: starter"), `:8: `},
		{"file twice", replace("commands:", "  - {path: build/settings.json, text: x}\ncommands:"), ":9: the file"},
		{"no program", replace("run: [/bin/pixelbox-pack]", "run: []"), ":13: a command needs a program"},
		{"empty program", replace("run: [/bin/pixelbox-pack]", `run: [""]`), ":13: a command needs a program"},
		{"unknown placeholder", replace("{project}/game", "{projekt}/game"), ":10: unknown placeholder {projekt}; there are: {work}, {project}, {toolchain}, {mode}, {title}"},
		{"unknown placeholder in env", replace("{work}/out", "{home}/out"), ":11: unknown placeholder {home}"},
		{"placeholder that a folder has not", replace(`dir: "{work}"`, `dir: "{mode}"`), ":12: unknown placeholder {mode}"},
		{"bad variable", replace("{OUT:", "{A-B:"), ":11: "},
		{"absolute folder", replace(`dir: "{work}"`, "dir: /etc"), ":12: "},
		{"folder that leads out", replace(`dir: "{work}"`, `dir: "{work}/../x"`), ":12: "},
		{"unknown mode", replace("modes: [release]", "modes: [debug]"), `:14: "debug" is not one of: preview, release`},
		{"no modes", replace("modes: [release]", "modes: []"), ":14: this must not be empty"},
		{"no command for a mode", replace("dir: \"{work}\"", "modes: [release]"), "no command builds in the mode preview"},
		{"bad kind", replace("kind: web", "kind: The Web"), ":16: "},
		{"output is the project", replace("kind: web", "kind: web\n  folder: project"), ":17: "},
		{"output leads out", replace("kind: web", "kind: web\n  folder: ../out"), ":17: "},
		{"unknown check", replace("is: wasm}", "is: magic}"), `:20: "magic" is not one of: any, elf, exe, game, html, json, wasm, zip`},
		{"check of nothing", replace("{files: index.html, is: html}", "{is: html}"), ":19: the field files is missing"},
		{"bad regexp", replace(`(?P<line>\d+)`, `(?P<line>\d+`), ":22: error parsing regexp: missing closing )"},
		{"unknown group", replace("(?P<line>", "(?P<row>"), `:22: the group "row" is not one of`},
		{"unknown severity", replace("limits:", "    severity: fatal\nlimits:"), ":23: "},
		{"size without unit", replace("512MiB", "512MX"), `:23: "512MX" is no size`},
		{"negative size", replace("512MiB", "-1"), ":23: "},
		{"size past all", replace("512MiB", "99999999999GiB"), ":23: "},
		{"too little memory", replace("512MiB", "1MiB"), ":23: "},
		{"no duration", replace("90s", "90"), `:23: "90" is no time`},
		{"longer than the platform allows", replace("90s", "90m"), ":23: "},
		{"no number", replace("files: 20", "files: some"), ":23: "},
		{"unknown limit", replace("memory:", "cpu:"), ":23: unknown field"},
		{"starter from nowhere", replace("folder: starter", "folder: nothing"), ":24: the starter's folder"},
		{"starter from above", replace("folder: starter", "folder: .."), ":24: "},
		{"starter lacks a file", replace("requires: [game.json]", "requires: [main.lua]"), ":24: the starter has no file main.lua"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := write(t, map[string]string{"e.yaml": tt.text, "starter/game.json": "{}"})
			list, err := Load(dir, Options{})
			var problems Problems
			if len(list) > 0 || !errors.As(err, &problems) || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), filepath.Join(dir, "e.yaml")) {
				t.Errorf("%d engines, %v", len(list), err)
			}
		})
	}
}

func TestLoadTellsAllAtOnce(t *testing.T) {
	t.Parallel()
	dir := write(t, map[string]string{
		"a.yaml": strings.NewReplacer("title: Pixelbox", "title: ''", "1.2.0", "'?'", "90s", "soon", "starter: {folder: starter}\n", "").Replace(good),
		"b.yaml": strings.Replace(good, "game.json]", "game.json", 1), "c.yml": "x", "README.md": "no declaration",
		"d.yaml": good, "e.yaml": good, "f.yaml": strings.Replace(good, "1.2.0", "1.3.0", 1),
		"starter/game.json": "{\n\"x\": {{titel}},\n\"y\": {{title|xml}}, \"z\": {{title}} }",
	})
	_, err := Load(dir, Options{})
	if err == nil {
		t.Fatal("loaded")
	}
	for _, want := range []string{"a.yaml:2: this must not be empty", "a.yaml:3: \"?\"", "a.yaml:23: \"soon\"", "b.yaml:4: did not find", "c.yml: call it .yaml",
		`starter/game.json:2: unknown placeholder "{{titel}}"`, `starter/game.json:3: unknown placeholder "{{title|xml}}"`} {
		if strings.Count(err.Error(), want) != 1 {
			t.Errorf("not one %q in\n%v", want, err)
		}
	}
	dir = write(t, map[string]string{"d.yaml": good, "e.yaml": good, "starter/game.json": "{}"})
	if _, err := Load(dir, Options{}); err == nil || !strings.Contains(err.Error(), "e.yaml:1: pixelbox@1.2.0 is in "+filepath.Join(dir, "d.yaml")+" too") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(filepath.Join(dir, "e.yaml")); err != nil {
		t.Fatal(err)
	}
	known := func(name, version string) bool { return name == "pixelbox" && version == "1.2.0" }
	if _, err := Load(dir, Options{Known: known}); err == nil || !strings.Contains(err.Error(), "d.yaml:1: there is pixelbox@1.2.0 already") {
		t.Errorf("%v", err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "starter", "passwd")); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir, Options{}); err == nil || !strings.Contains(err.Error(), "passwd is no regular file") {
		t.Errorf("%v", err)
	}
	if _, err := Load(filepath.Join(dir, "nowhere"), Options{}); err == nil {
		t.Error("a folder that is not there")
	}
}

// The examples are declarations that work.
func TestExamples(t *testing.T) {
	t.Parallel()
	list, err := Load("../../deploy/engines", Options{Longest: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, e := range list {
		refs = append(refs, engines.Ref(e))
	}
	if !slices.Equal(refs, []string{"defold@1.9.1", "unity@2022.3.10f1", "unreal@5.4.4"}) {
		t.Fatal(refs)
	}
	files, err := list[0].Starter(engines.Design{Title: "Fox"})
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		plan, err := list[0].Plan(engines.BuildRequest{Title: "Fox", Files: files, Mode: mode})
		if err != nil || len(plan.Command.Steps) != 2 {
			t.Errorf("%+v %v", plan.Command, err)
		}
	}
	for _, f := range files {
		if strings.Contains(string(f.Data), "{{") {
			t.Errorf("%s: %s", f.Path, f.Data)
		}
	}
}
