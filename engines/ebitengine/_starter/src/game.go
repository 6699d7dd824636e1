package main

import (
	"math"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// step is the length of one step of the rules, in seconds. It is fixed, so that a game plays the same on every machine.
const step = 1.0 / 120

// Game is the conductor: title, play, pause, win and lose. It steps the rules and hands the world to the view for drawing.
type Game struct {
	input  Input
	sound  *Sound
	screen *Screen
	view   *View
	sky    *Backdrop

	world  *World
	state  string // "title", "playing", "won" or "lost"
	paused bool

	width, height float64
	last          time.Time
	dt            float64 // seconds since the last frame
	rest          float64 // time that is not yet stepped
	freeze        float64 // a short stop on a hit gives it weight
	since         float64 // seconds in this state
	fps           float64
	frames        int
	counted       float64
	scale         float64 // pixels drawn for one of the window's own
	quality       float64 // how many pixels are drawn for one of the screen, in each direction
}

func newGame() *Game {
	g := &Game{state: "title", width: 960, height: 600, last: time.Now(), scale: 1, quality: 1}
	paintAll()
	touch, muted := false, false
	touch, calm, muted = preferences()
	g.sound = newSound(design.Seed, design.Pace)
	if muted {
		g.sound.toggle()
	}
	g.screen = newScreen()
	g.screen.fingers = touch
	g.sky = newBackdrop()
	g.view = newView()
	g.newWorld()
	g.publish()
	return g
}

func (g *Game) newWorld() {
	g.world = newWorld(design, g.width/math.Max(1, g.height))
	g.rest, g.freeze = 0, 0
	g.view.reset(g.world)
}

func (g *Game) enter(state string) {
	g.state, g.since = state, 0
	g.sound.music(state == "playing")
}

func (g *Game) begin() {
	g.newWorld()
	g.input.clear()
	g.screen.clear()
	g.enter("playing")
	g.sound.play("start", 0)
}

func (g *Game) pause(yes bool) {
	if g.state == "playing" && g.paused != yes {
		g.paused = yes
		g.input.clear()
		g.sound.suspend(yes)
	}
}

// advance goes on from wherever we are: a click, a tap, Enter or Space.
func (g *Game) advance() {
	switch {
	case g.paused:
		g.pause(false)
	case g.state == "title", g.state != "playing" && g.since > 0.5:
		g.begin()
	}
}

// Layout is not asked: LayoutF is there.
func (g *Game) Layout(width, height int) (int, int) { return width, height }

// LayoutF takes the window's size in pixels of the screen, so that everything is sharp. Without a graphics card there are
// fewer of them.
func (g *Game) LayoutF(width, height float64) (float64, float64) {
	g.scale = math.Min(2, ebiten.Monitor().DeviceScaleFactor()) * g.quality
	w, h := math.Max(1, math.Ceil(width*g.scale)), math.Max(1, math.Ceil(height*g.scale))
	if w != g.width || h != g.height {
		g.width, g.height = w, h
		if g.state == "title" {
			g.newWorld() // the field may depend on the window's shape
		}
	}
	return w, h
}

// Update is called sixty times a second.
func (g *Game) Update() error {
	g.input.gather(g.screen.padAt)
	for _, hit := range g.input.taken() {
		switch hit {
		case "mute":
			g.sound.toggle()
		case "restart":
			if g.state != "title" {
				g.paused = false
				g.begin()
			}
		case "pause":
			g.pause(!g.paused)
		case "advance":
			g.advance()
		}
	}
	if away() && g.state == "playing" {
		g.pause(true)
	}
	g.since += 1.0 / 60
	if g.state != "playing" || g.paused {
		return nil
	}
	if g.freeze -= 1.0 / 60; g.freeze <= 0 {
		g.rest += design.Pace / 60
	}
	for g.rest >= step && g.state == "playing" {
		g.rest -= step
		in := g.input.read(g.view.toWorld)
		for _, e := range g.world.step(step, in) {
			g.react(e)
		}
	}
	return nil
}

func (g *Game) react(e Event) {
	g.sound.play(e.Kind, e.N)
	g.view.event(e, g.world)
	if e.Say != "" {
		g.screen.say(e.Say)
	}
	switch e.Kind {
	case "hurt":
		if !calm {
			g.freeze = 0.07
		}
		g.screen.flash()
	case "won", "lost":
		g.enter(e.Kind)
	}
}

// Draw is called once for each frame of the screen.
func (g *Game) Draw(dst *ebiten.Image) {
	now := time.Now()
	passed := now.Sub(g.last).Seconds()
	g.last = now
	g.dt = math.Min(0.1, passed)
	g.frames++
	if g.counted += passed; g.counted > 0.5 {
		g.fps = float64(g.frames) / g.counted
		if g.fps < 24 && g.since > 1 {
			g.quality = math.Max(0.5, g.quality*0.8)
		}
		g.frames, g.counted = 0, 0
	}
	dt := g.dt
	if g.paused {
		dt = 0
	}
	g.view.draw(dst, g.sky, g.world, dt, g.state)
	g.screen.draw(dst, g, g.dt)
	g.publish()
}
