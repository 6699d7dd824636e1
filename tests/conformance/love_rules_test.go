package conformance

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/love"
)

//go:embed testdata/replay.lua
var replayLua string

// The Lua rules behave like the JavaScript rules: games that bots won and lost with one end the same way with the other, step by
// step.
func TestLoveRules(t *testing.T) {
	t.Parallel()
	for _, genre := range engines.Genres() {
		t.Run(string(genre), func(t *testing.T) {
			t.Parallel()
			design := engines.Design{Genre: genre, Theme: "forest"}
			record, err := os.Open(recordGames(t, design, 3))
			if err != nil {
				t.Fatal(err)
			}
			defer record.Close()
			state := lua.NewState()
			defer state.Close()
			play := loadReplay(t, state, design)
			played := 0
			for dec := json.NewDecoder(record); ; played++ {
				var game map[string]any
				err := dec.Decode(&game)
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if err := state.CallByParam(lua.P{Fn: play, NRet: 1, Protect: true}, toLua(state, game)); err != nil {
					t.Fatal(err)
				}
				end, ok := state.Get(-1).(*lua.LTable)
				if !ok {
					t.Fatal("the replay returned no table")
				}
				state.Pop(1)
				for name, want := range game["end"].(map[string]any) {
					got := end.RawGetString(name)
					switch want := want.(type) {
					case string:
						if got.String() != want {
							t.Errorf("game %d, seed %v: %s is %v, recorded %v", played, game["seed"], name, got, want)
						}
					case float64:
						if n, isNumber := got.(lua.LNumber); !isNumber || math.Abs(float64(n)-want) > 1e-6 {
							t.Errorf("game %d, seed %v: %s is %v, recorded %v", played, game["seed"], name, got, want)
						}
					}
				}
			}
			if played < 6 {
				t.Errorf("a game won and a game lost for each of 3 seeds, got %d", played)
			}
		})
	}
}

// loadReplay loads the replay with the project's modules, which draw nothing and so need no LÖVE.
func loadReplay(t *testing.T, state *lua.LState, d engines.Design) *lua.LFunction {
	t.Helper()
	files, err := love.Engine{}.Starter(d)
	if err != nil {
		t.Fatal(err)
	}
	modules := state.GetField(state.GetGlobal("package"), "preload")
	for _, f := range files {
		if name, isLua := strings.CutSuffix(filepath.Base(f.Path), ".lua"); isLua && filepath.Dir(f.Path) == "." {
			chunk, err := state.Load(strings.NewReader(string(f.Data)), f.Path)
			if err != nil {
				t.Fatal(err)
			}
			state.SetField(modules, name, chunk)
		}
	}
	if err := state.DoString(replayLua); err != nil {
		t.Fatal(err)
	}
	play, ok := state.Get(-1).(*lua.LFunction)
	if !ok {
		t.Fatal("the replay is not a function")
	}
	return play
}

// toLua converts a JSON value to a Lua value.
func toLua(state *lua.LState, v any) lua.LValue {
	switch v := v.(type) {
	case map[string]any:
		table := state.NewTable()
		for key, item := range v {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, item := range v {
			table.Append(toLua(state, item))
		}
		return table
	case string:
		return lua.LString(v)
	case float64:
		return lua.LNumber(v)
	case bool:
		return lua.LBool(v)
	}
	return lua.LNil
}
