package main

import (
	"math"
	"strings"
	"syscall/js"
)

// publish is the hook for embedding pages and tests; see README.md.
func (g *Game) publish() {
	s := g.world.status()
	js.Global().Set("__spark", map[string]any{
		"state": g.state, "paused": g.paused, "muted": g.sound.muted, "score": s.Score, "goal": s.Goal,
		"player": map[string]any{"x": s.X, "y": s.Y}, "fps": math.Round(g.fps),
	})
}

// taps are keys that went down since the last call, by the engine's names, and whether the mouse or a finger was put down.
// The engine looks once a frame and does not see what goes down and up in between, as it happens on slow machines.
func (in *Input) taps() (keys []string, click bool) {
	if !in.listening {
		in.listening = true
		js.Global().Call("addEventListener", "keydown", js.FuncOf(func(_ js.Value, args []js.Value) any {
			if e := args[0]; !e.Get("repeat").Bool() {
				in.typed = append(in.typed, strings.TrimPrefix(e.Get("code").String(), "Key"))
			}
			return nil
		}))
		down := js.FuncOf(func(_ js.Value, args []js.Value) any {
			if target := args[0].Get("target").Get("tagName"); target.Type() != js.TypeString || target.String() != "BUTTON" {
				in.clicked = true
			}
			return nil
		})
		js.Global().Call("addEventListener", "mousedown", down)
		js.Global().Call("addEventListener", "touchstart", down)
	}
	keys, click = in.typed, in.clicked
	in.typed, in.clicked = nil, false
	return keys, click
}

// preferences are what the page knows of the player: whether fingers play, who wants less motion, and silence.
func preferences() (touch, calm, muted bool) {
	p := js.Global().Get("__sparkPrefers")
	if p.Type() != js.TypeObject {
		return false, false, false
	}
	return p.Get("touch").Truthy(), p.Get("calm").Truthy(), p.Get("muted").Truthy()
}

// away tells whether the player looks at something else.
func away() bool { return js.Global().Get("document").Get("hidden").Bool() }
