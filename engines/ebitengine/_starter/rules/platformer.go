package main

import (
	"fmt"
	"math"
)

// The rules of the platformer: run, jump (twice), stomp, gather and reach the portal. No drawing, no clock, no chance: the
// same level and the same input always play the same. Units: x to the right, y up, a hero is about one unit tall.
const (
	stepHeight = 0.05
	gravity    = 38
	running    = 7
	jumping    = 14.6 // reaches 2.8 units
	airJump    = 12.2
	halfW      = 0.34
	halfH      = 0.45
	pit        = -6
)

var pads = []string{"left", "right", "jump"} // on touch screens

func describe(d Design) Words {
	return Words{
		Goal: fmt.Sprintf("Collect %s to open the portal, then leap through it. Mind the %s!", plural(d.Collect), plural(d.Enemy)),
		How: [][2]string{{"← →  or  A D", "run"}, {"Space  or  ↑", "jump, again in the air"},
			{"land on " + withArticle(d.Enemy), "squash it"}},
		Touch: "Use the buttons on the screen",
		Won:   fmt.Sprintf("The %s made it home!", d.Hero),
		Lost:  fmt.Sprintf("The %s got the better of you.", plural(d.Enemy)),
	}
}

// Player is who is played.
type Player struct {
	x, y, vx, vy, face             float64
	onGround, held                 bool
	jumps                          int
	coyote, buffer, safe, hurtTime float64
}

// World is the whole state of a game.
type World struct {
	level             Level
	hearts, maxHearts int
	time              float64
	over              bool
	run, pull, lift   float64 // how fast the hero runs, falls and leaps
	score, chain      int
	chainTime         float64
	player            Player
	safe              xy // where a fall leads back to
	open, told        bool
	events            []Event
}

func newWorld(d Design, _ float64) *World {
	level := makeLevel(d)
	hearts := heartsFor(d, 5, 3, 2)
	return &World{level: level, hearts: hearts, maxHearts: hearts, safe: xy{0, halfH + level.start},
		run: running * d.Tuning.Speed, pull: gravity * d.Tuning.Gravity, lift: math.Sqrt(d.Tuning.Jump * d.Tuning.Gravity), // so that jump is a height
		player: Player{y: halfH + level.start, face: 1, onGround: true, jumps: 2}}
}

func (w *World) status() Status {
	return Status{Score: w.score, Goal: w.level.goal, Hearts: w.hearts, MaxHearts: w.maxHearts, Moves: -1, Boss: -1,
		X: w.player.x, Y: w.player.y, Time: w.time}
}

func (w *World) tell(kind string, x, y float64) *Event {
	w.events = append(w.events, Event{Kind: kind, X: x, Y: y})
	return &w.events[len(w.events)-1]
}

func (w *World) step(dt float64, in Controls) []Event {
	w.events = nil
	if w.over {
		return nil
	}
	w.time += dt
	w.chainTime -= dt
	w.movePlayer(dt, in)
	w.moveEnemies(dt)
	w.meetEnemies()
	w.gather()
	w.enterPortal()
	return w.events
}

func (w *World) movePlayer(dt float64, in Controls) {
	p := &w.player
	p.hurtTime = max(0, p.hurtTime-dt)
	p.coyote -= dt
	if p.onGround {
		p.coyote = 0.1 // a jump just after the edge still counts
	}
	p.buffer -= dt
	if in.any("up", "action", "jump") {
		p.buffer = 0.13 // and one just before the landing
	}
	grip := 42 * dt
	if p.onGround {
		grip = 70 * dt
	}
	p.vx += clamp(in.X*w.run-p.vx, -grip, grip)
	if in.X != 0 {
		p.face = sign(in.X)
	}
	if p.buffer > 0 && (p.coyote > 0 || p.jumps > 0) {
		kind := "flip"
		p.vy, p.jumps = airJump*w.lift, 0
		if p.coyote > 0 {
			kind = "jump"
			p.vy, p.jumps = jumping*w.lift, 1
		}
		p.coyote, p.buffer, p.held = 0, 0, true
		w.tell(kind, p.x, p.y-halfH)
	}
	p.held = p.held && in.Jump && p.vy > 0
	if p.vy > 0 && !p.held {
		p.vy -= w.pull * dt * 1.7 // let go early for a small hop
	} else {
		p.vy -= w.pull * dt
	}
	p.vy = max(p.vy, -20)

	p.x += p.vx * dt
	for _, s := range w.level.solids {
		if s.thin || !p.overlaps(s) {
			continue
		}
		if p.vx > 0 {
			p.x = s.x - halfW
		} else {
			p.x = s.x + s.w + halfW
		}
		p.vx = 0
	}
	p.x = clamp(p.x, w.level.left+halfW, w.level.right-halfW)
	w.fall(dt)
	if p.y < pit {
		w.hurt()
		p.x, p.y, p.vx, p.vy = w.safe[0], w.safe[1]+1, 0, 0
	}
}

func (w *World) fall(dt float64) {
	p := &w.player
	before, speed, wasOnGround := p.y-halfH, p.vy, p.onGround
	p.y += p.vy * dt
	p.onGround = false
	for _, s := range w.level.solids {
		switch {
		case !p.overlaps(s):
		case p.vy <= 0 && before >= s.top-stepHeight-0.12:
			p.y, p.vy, p.onGround, p.jumps = s.top+halfH, 0, true, 2
			if !wasOnGround && speed < -6 {
				w.tell("land", p.x, s.top).Force = -speed
			}
			if !s.thin && p.x > s.x+0.6 && p.x < s.x+s.w-0.6 {
				w.safe = xy{p.x, p.y}
			}
		case !s.thin && p.vy > 0:
			p.y, p.vy = s.top-s.h-halfH, 0
		}
	}
}

// overlaps is false for a player who stands against a wall, however the difference was rounded.
func (p *Player) overlaps(s Solid) bool {
	return p.x+halfW > s.x+0.0001 && p.x-halfW < s.x+s.w-0.0001 && p.y-halfH < s.top && p.y+halfH > s.top-s.h
}

func (w *World) moveEnemies(dt float64) {
	for _, e := range w.level.enemies {
		e.x += e.dir * e.speed * dt
		if e.x < e.from {
			e.dir = 1
		}
		if e.x > e.to {
			e.dir = -1
		}
		e.y = e.base
		if e.flies {
			e.y += math.Sin(w.time*2.2+e.from) * 0.7
		}
	}
}

func (w *World) meetEnemies() {
	p := &w.player
	for _, e := range w.level.enemies {
		switch {
		case e.dead || math.Abs(e.x-p.x) > 0.72 || math.Abs(e.y-p.y) > 0.8:
		case p.vy < -1 && p.y > e.y+0.25:
			e.dead = true
			p.vy, p.held, p.jumps = 11, true, 1
			w.tell("stomp", e.x, e.y)
			w.level.items = append(w.level.items, &Item{x: e.x, y: e.y + 1.4, dropped: true})
		case p.hurtTime <= 0:
			p.vx, p.vy = 9, 7
			if p.x < e.x {
				p.vx = -9
			}
			w.hurt()
		}
	}
	w.level.enemies = keep(w.level.enemies, func(e *Enemy) bool { return !e.dead })
}

func (w *World) hurt() {
	p := &w.player
	if p.hurtTime > 0 || w.over {
		return
	}
	w.hearts--
	p.hurtTime, w.chain = 1.6, 0
	w.tell("hurt", p.x, max(p.y, pit+2))
	if w.hearts <= 0 {
		w.over = true
		w.tell("lost", p.x, p.y)
	}
}

func (w *World) gather() {
	p := &w.player
	for _, s := range w.level.items {
		if math.Hypot(s.x-p.x, s.y-p.y) > 0.85 {
			continue
		}
		s.taken = true
		w.score++
		if w.chain++; w.chainTime <= 0 {
			w.chain = 0
		}
		w.chainTime = 1.4
		w.tell("collect", s.x, s.y).N = w.chain
		if w.score == w.level.goal {
			w.open = true
			w.tell("open", w.level.portal[0], w.level.portal[1]).Say = "The portal is open!"
		}
	}
	w.level.items = keep(w.level.items, func(i *Item) bool { return !i.taken })
}

func (w *World) enterPortal() {
	p, at := &w.player, w.level.portal
	near := math.Hypot(at[0]-p.x, at[1]-p.y) < 1.1
	switch {
	case w.over:
	case near && w.open:
		w.over = true
		w.tell("won", at[0], at[1])
	case near && !w.told:
		w.tell("no", p.x, p.y).Say = fmt.Sprintf("%d more to open the portal", w.level.goal-w.score)
	}
	w.told = near
}
