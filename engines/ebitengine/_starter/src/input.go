package main

import (
	"math"
	"slices"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/inpututil"
)

// Input folds keyboard, mouse, touch and the buttons on the screen into one.
type Input struct {
	held    map[string]bool
	fresh   map[string]bool // went down since the last step
	hits    []string        // what is not for the rules but for the game
	pointer Pointer
	from    [2]float64 // where the pointer went down
	swiped  bool
	touch   bool // fingers are in use

	listening, clicked bool // see taps
	typed              []string
}

var keys = map[ebiten.Key]string{
	ebiten.KeyArrowLeft: "left", ebiten.KeyA: "left", ebiten.KeyArrowRight: "right", ebiten.KeyD: "right",
	ebiten.KeyArrowUp: "up", ebiten.KeyW: "up", ebiten.KeyArrowDown: "down", ebiten.KeyS: "down",
	ebiten.KeySpace: "action", ebiten.KeyEnter: "enter",
}

var commands = map[ebiten.Key]string{
	ebiten.KeySpace: "advance", ebiten.KeyEnter: "advance", ebiten.KeyM: "mute", ebiten.KeyR: "restart",
	ebiten.KeyP: "pause", ebiten.KeyEscape: "pause",
}

// gather looks at the devices. padAt names the button of the screen that is at a place.
func (in *Input) gather(padAt func(x, y float64) string) {
	if in.fresh == nil {
		in.fresh = map[string]bool{}
	}
	in.held = map[string]bool{}
	typed, clicked := in.taps()
	hit := func(key ebiten.Key) bool {
		return inpututil.IsKeyJustPressed(key) || slices.Contains(typed, key.String())
	}
	for key, name := range keys {
		if ebiten.IsKeyPressed(key) {
			in.held[name] = true
		}
		if hit(key) {
			in.fresh[name] = true
		}
	}
	for key, name := range commands {
		if hit(key) && !slices.Contains(in.hits, name) {
			in.hits = append(in.hits, name)
		}
	}
	x, y, down, pressed := in.point(padAt)
	if clicked && !down && !in.pointer.Down {
		in.hits = append(in.hits, "advance")
		in.fresh["tap"] = true
	}
	p := &in.pointer
	switch {
	case pressed:
		*p = Pointer{X: x, Y: y, Down: true, Pressed: true}
		in.from, in.swiped = [2]float64{x, y}, false
		in.hits = append(in.hits, "advance")
	case down:
		p.X, p.Y = x, y
		in.swipe(x-in.from[0], y-in.from[1])
	case p.Down:
		p.Down, p.Released = false, true
		if !in.swiped {
			in.fresh["tap"] = true
		}
	}
}

// point is where the mouse or the finger is that does not press a button of the screen.
func (in *Input) point(padAt func(x, y float64) string) (x, y float64, down, pressed bool) {
	fresh := inpututil.AppendJustPressedTouchIDs(nil)
	for _, id := range ebiten.AppendTouchIDs(nil) {
		in.touch = true
		tx, ty := ebiten.TouchPosition(id)
		isNew := false
		for _, f := range fresh {
			isNew = isNew || f == id
		}
		if pad := padAt(float64(tx), float64(ty)); pad != "" {
			in.held[pad] = true
			if isNew {
				in.fresh[pad] = true
			}
			continue
		}
		if !down {
			x, y, down, pressed = float64(tx), float64(ty), true, isNew
		}
	}
	if in.touch {
		return x, y, down, pressed
	}
	mx, my := ebiten.CursorPosition()
	return float64(mx), float64(my), ebiten.IsMouseButtonPressed(ebiten.MouseButtonLeft),
		inpututil.IsMouseButtonJustPressed(ebiten.MouseButtonLeft)
}

// swipe tells one direction for each touch.
func (in *Input) swipe(dx, dy float64) {
	if in.swiped || math.Max(math.Abs(dx), math.Abs(dy)) < 28 {
		return
	}
	in.swiped = true
	switch {
	case math.Abs(dx) > math.Abs(dy) && dx > 0:
		in.fresh["right"] = true
	case math.Abs(dx) > math.Abs(dy):
		in.fresh["left"] = true
	case dy > 0:
		in.fresh["down"] = true
	default:
		in.fresh["up"] = true
	}
}

// taken are the commands since the last call.
func (in *Input) taken() []string {
	hits := in.hits
	in.hits = nil
	return hits
}

func (in *Input) clear() {
	clear(in.fresh)
	in.pointer = Pointer{}
}

// read is what the rules see. What was pressed is told, then forgotten.
func (in *Input) read(toWorld func(x, y float64) (float64, float64)) Controls {
	axis := func(less, more string) (v float64) {
		if in.held[more] {
			v++
		}
		if in.held[less] {
			v--
		}
		return v
	}
	c := Controls{X: axis("left", "right"), Y: axis("down", "up"), Jump: in.held["up"] || in.held["action"] || in.held["jump"],
		Action: in.held["action"], Hit: in.fresh, Pointer: in.pointer}
	c.Pointer.X, c.Pointer.Y = toWorld(in.pointer.X, in.pointer.Y)
	in.fresh = map[string]bool{}
	in.pointer.Pressed, in.pointer.Released = false, false
	return c
}
