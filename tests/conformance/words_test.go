package conformance

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/ebitengine"
	"github.com/spark-games/spark/engines/godot"
	"github.com/spark-games/spark/engines/love"
	"github.com/spark-games/spark/engines/phaser"
)

// nouns are all that the generator knows, and others that people may use.
func nouns() []string {
	list := strings.Split("hour,honest thief,UFO,x-ray,NPC,T-rex,U-boat,8-ball,11,18,9-tail,one-eyed ogre,euro,ewe,uninvited guest,user,élan,лис,狐,"+
		"human,shaman,child,Tax Collector,stars,FOX,glass,gas,bus,buzz,piano,torpedo,knife,half-elf,soliloquy,mother-in-law,a,é", ",")
	for _, words := range []map[string]string{engines.Heroes, engines.Collectibles, engines.Enemies} {
		list = append(list, slices.Sorted(maps.Keys(words))...)
	}
	return list
}

// The starters speak English by the same rules in each of their languages.
func TestStartersAgreeOnWords(t *testing.T) {
	t.Parallel()
	design := engines.Design{Genre: engines.GenreRunner, Theme: "forest"}
	list := nouns()
	input, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var want [][2]string
	for _, n := range list {
		want = append(want, [2]string{engines.WithArticle(n), engines.Plural(n)})
	}
	check := func(t *testing.T, out []byte) {
		t.Helper()
		var got [][2]string
		if err := json.Unmarshal(out, &got); err != nil || len(got) != len(want) {
			t.Fatalf("%v: %s", err, out)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: %q, want %q", list[i], got[i], want[i])
			}
		}
	}
	run := func(t *testing.T, e engines.Engine, files map[string]string, program string, args ...string) []byte {
		t.Helper()
		dir := t.TempDir()
		writeProject(t, dir, e, design, func(path string) bool { return strings.HasPrefix(filepath.Base(path), "words.") })
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Dir, cmd.Stdin = dir, bytes.NewReader(input)
		cmd.Env = append(os.Environ(), "SPARK_NOUNS="+string(input))
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s%s", err, out, stderr.Bytes())
		}
		return out
	}
	t.Run("JavaScript", func(t *testing.T) {
		t.Parallel()
		check(t, run(t, phaser.Engine{}, map[string]string{"package.json": `{"type":"module"}`, "main.js": `
			import { plural, withArticle } from './src/words.js';
			console.log(JSON.stringify(JSON.parse(process.env.SPARK_NOUNS).map((n) => [withArticle(n), plural(n)])));`}, "node", "main.js"))
	})
	t.Run("Go", func(t *testing.T) {
		t.Parallel()
		check(t, run(t, ebitengine.Engine{}, map[string]string{"go.mod": "module words\n\ngo 1.22\n", "main.go": `package main
			import ("encoding/json"; "os")
			func main() {
				var list []string
				if err := json.NewDecoder(os.Stdin).Decode(&list); err != nil { panic(err) }
				out := [][2]string{}
				for _, n := range list { out = append(out, [2]string{withArticle(n), plural(n)}) }
				_ = json.NewEncoder(os.Stdout).Encode(out)
			}`}, "go", "run", "."))
	})
	t.Run("Lua", func(t *testing.T) {
		t.Parallel()
		files, err := love.Engine{}.Starter(design)
		if err != nil {
			t.Fatal(err)
		}
		state := lua.NewState()
		defer state.Close()
		for _, f := range files {
			if f.Path == "words.lua" {
				if err := state.DoString(string(f.Data)); err != nil {
					t.Fatal(err)
				}
			}
		}
		words := state.CheckTable(-1)
		call := func(name, noun string) string {
			if err := state.CallByParam(lua.P{Fn: words.RawGetString(name), NRet: 1, Protect: true}, lua.LString(noun)); err != nil {
				t.Fatal(err)
			}
			defer state.Pop(1)
			return state.Get(-1).String()
		}
		for i, n := range list {
			if got := [2]string{call("withArticle", n), call("plural", n)}; got != want[i] {
				t.Errorf("%q: %q, want %q", n, got, want[i])
			}
		}
	})
	t.Run("GDScript", func(t *testing.T) {
		t.Parallel()
		needPrograms(t, godot.Engine{})
		out := run(t, godot.Engine{}, map[string]string{"project.godot": "config_version=4\n", "nouns.json": string(input), "main.gd": `extends SceneTree
const Words = preload("res://words.gd")
func _init():
	var out = []
	var file = File.new()
	if file.open("res://nouns.json", File.READ) != OK:
		push_error("no nouns")
	for n in parse_json(file.get_as_text()):
		out.append([Words.with_article(n), Words.plural(n)])
	print("words: ", to_json(out))
	quit()
`}, "godot3-server", "--no-window", "-s", "main.gd")
		_, found, _ := bytes.Cut(out, []byte("words: "))
		line, _, _ := bytes.Cut(found, []byte("\n"))
		check(t, line)
	})
}
