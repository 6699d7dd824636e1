package pack

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

var love = engines.Pack{Archive: "game.love", Lua: []string{"conf.lua", "main.lua"}, Modules: []string{"love", "utf8", "socket"}}

// project makes files from paths and texts in turn.
func project(pairs ...string) (files []models.File) {
	for i := 0; i < len(pairs); i += 2 {
		files = append(files, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return files
}

func TestCheckLua(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files []models.File
		want  []string // "severity file:line:column: text", of which the text is a part
	}{
		"a game": {files: project("main.lua", "local a = require 'lib.a'\nlocal u = require(\"utf8\")\nrequire('socket.http')\nfunction love.load() end\n",
			"lib/a.lua", "local M = {}\nreturn M\n")},
		"a folder's init":  {files: project("main.lua", "require('lib')", "lib/init.lua", "return require('lib.part')", "lib/part.lua", "return 1")},
		"with slashes":     {files: project("main.lua", "require('lib/a')", "lib/a.lua", "return 1")},
		"syntax":           {files: project("main.lua", "local x = 1\nlocal broken = = 1\n"), want: []string{"error main.lua:2:16: syntax error near \"=\""}},
		"in what it loads": {files: project("main.lua", "require('a')", "a.lua", "\nx = = 1"), want: []string{"error a.lua:2:5: syntax error"}},
		"in what a function loads": {files: project("main.lua", "function love.load() require('a') end", "a.lua", "x = = 1"),
			want: []string{"error a.lua:1:5: syntax error"}},
		"in the settings":     {files: project("main.lua", "", "conf.lua", "function love.conf(t"), want: []string{"error conf.lua:1:0: ends too soon"}},
		"in something else":   {files: project("main.lua", "", "spec/a.lua", "x = = 1"), want: []string{"warning spec/a.lua:1:5: syntax error"}},
		"cut off":             {files: project("main.lua", "function f()\n  return 1\n\n"), want: []string{"error main.lua:2:0: ends too soon"}},
		"an open text":        {files: project("main.lua", "x = 'a\ny = 1"), want: []string{"error main.lua:"}},
		"a label":             {files: project("main.lua", "for i = 1, 2 do\n  goto next\n  ::next::\nend"), want: []string{"error main.lua:2:0: no goto", "error main.lua:3:0: no goto"}},
		"compiled":            {files: project("main.lua", "\x1bLuaQ\x00"), want: []string{"error main.lua:1:0: compiled Lua"}},
		"a byte order mark":   {files: project("main.lua", "\xef\xbb\xbfx = 1"), want: []string{"error main.lua:1:1: byte order mark"}},
		"a module that lacks": {files: project("main.lua", "\nlocal x = require 'lib.x'"), want: []string{"error main.lua:2:0: neither lib/x.lua nor lib/x/init.lua"}},
		"its name is another": {files: project("main.lua", "require 'lib.x'", "Lib/X.lua", ""), want: []string{"error main.lua:1:0: there is \"Lib/X.lua\": upper"}},
		"LuaJIT's":            {files: project("main.lua", "local ffi = require 'ffi'"), want: []string{"error main.lua:1:0: LuaJIT's"}},
		"a way out":           {files: project("main.lua", "local ok, x = pcall(require, 'x')\nlocal y = jit and require('y')\nif z then require('z') end\nlocal f = function() require('f') end")},
		"after a return":      {files: project("main.lua", "if jit then return end\nrequire 'ffi'")},
		"another path":        {files: project("main.lua", "package.path = 'lib/?.lua'\nrequire 'a'")},
		"LÖVE's path":         {files: project("main.lua", "love.filesystem.setRequirePath('lib/?.lua')\nrequire 'a'")},
		"a name put together": {files: project("main.lua", "local here = ...\nrequire(here .. '.a')")},
		"no Lua at all":       {files: project("main.lua", "", "a.txt", "x = = 1")},
		"deep":                {files: project("main.lua", "x = "+strings.Repeat("{", 5000)+strings.Repeat("}", 5000))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := checkLua(c.files, love)
			if len(found) != len(c.want) {
				t.Fatalf("found %+v", found)
			}
			for i, d := range found {
				place, text, _ := strings.Cut(c.want[i], ": ")
				if got := fmt.Sprintf("%s %s:%d:%d", d.Severity, d.File, d.Line, d.Column); !strings.HasPrefix(got, place) || !strings.Contains(d.Text, text) {
					t.Errorf("%s: %q, want %q", got, d.Text, c.want[i])
				}
			}
		})
	}
}

// However many mistakes there are, some are reported, and the game is not made.
func TestManyMistakes(t *testing.T) {
	t.Parallel()
	files := project("main.lua", strings.Repeat("goto a\n", 100_000), "b.lua", "x = = 1")
	if found := checkLua(files, love); len(found) != maxDiagnostics || found[0].Severity != severityError {
		t.Errorf("%d found", len(found))
	}
}

func TestMake(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "player.js"), []byte("play"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := love
	p.Root = "game"
	p.Files = project("index.html", "<p>")
	p.Copies = []engines.Copy{{From: "{toolchain}/player.js", To: "player.js"}}
	files := project("game/main.lua", "require 'a'", "game/a.lua", "return 1", "game/.git/x", "", "game/img/.DS_Store", "", "game/img/ä.png", "pixels", "README.md", "")
	var log []string
	packed := func(files []models.File) *Result {
		res, err := Make(Input{Pack: p, Files: files, Toolchain: dir, Log: func(line string) { log = append(log, line) }})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	res := packed(files)
	var names []string
	for _, f := range res.Outputs {
		names = append(names, f.Path)
	}
	if got := strings.Join(names, " "); got != "game.love index.html player.js" || len(log) != 1 {
		t.Fatalf("%s; log %q", got, log)
	}
	r, err := zip.NewReader(bytes.NewReader(res.Outputs[0].Data), int64(len(res.Outputs[0].Data)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in) // checks the sum
		if err != nil {
			t.Fatal(err)
		}
		content[f.Name] = string(data)
	}
	if len(content) != 3 || content["main.lua"] != "require 'a'" || content["img/ä.png"] != "pixels" {
		t.Errorf("packed %q", content)
	}
	slices.Reverse(files)
	if again := packed(files); !bytes.Equal(again.Outputs[0].Data, res.Outputs[0].Data) {
		t.Error("the same files gave another archive")
	}
	broken := packed(project("game/main.lua", "x = = 1"))
	if len(broken.Outputs) > 0 || len(broken.Diagnostics) != 1 || broken.Diagnostics[0].File != "game/main.lua" {
		t.Errorf("%+v", broken)
	}
	if _, err := Make(Input{Pack: p, Files: files, Toolchain: t.TempDir()}); err == nil {
		t.Error("packed without the player")
	}
}

func FuzzCheckLua(f *testing.F) {
	f.Add([]byte("local a = require 'b'\nfor i = 1, 2 do goto x ::x:: end"))
	f.Add([]byte("x = [==[ ]==] .. 0x1p4 -- --[[\n"))
	f.Add([]byte("return function(...) local t <const> = {...} end"))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, d := range checkLua([]models.File{{Path: "main.lua", Data: src}}, love) {
			if d.Line < 1 || d.Line > bytes.Count(src, []byte("\n"))+bytes.Count(src, []byte("\r"))+1 || d.Text == "" || d.Column < 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}
