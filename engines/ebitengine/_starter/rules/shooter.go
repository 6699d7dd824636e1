package main

import (
	"fmt"
	"math"
)

// The rules of the shooter: fly, fire, gather what foes drop, then beat the boss. No drawing and no clock of its own;
// chance comes from the design's seed only. Units: x to the right, y up; the field is w by h around its own corner (0, 0).
const (
	flying = 8.5
	shots  = 6.5 // a second
)

var pads []string

func describe(d Design) Words {
	return Words{
		Goal:  fmt.Sprintf("Shoot the %s, catch the %s they drop, then beat the boss.", plural(d.Enemy), plural(d.Collect)),
		How:   [][2]string{{"← ↑ ↓ →  or  W A S D", "fly"}, {"Space", "hold to fire"}, {plural(d.Collect), "make you stronger"}},
		Touch: "Drag anywhere: you fly along and fire",
		Won:   fmt.Sprintf("The sky belongs to the %s!", d.Hero),
		Lost:  fmt.Sprintf("Too many %s.", plural(d.Enemy)),
	}
}

// Shot is the player's, or a foe's.
type Shot struct {
	x, y, vx, vy float64
	dead         bool
}

// Foe comes in formations.
type Foe struct {
	kind                         string
	x, y, home, time, stop, next float64
	flash, wait                  float64
	hp                           int
	dead                         bool
}

// Item is what a foe drops.
type Item struct {
	x, y, vx, vy float64
	heart, dead  bool
}

// Boss comes last.
type Boss struct {
	x, y, time, next, flash float64
	hp, full, turn          int
}

// World is the whole state of a game.
type World struct {
	rnd               *Random
	hard, w, h        float64
	tune              Tuning
	hearts, maxHearts int
	over              bool
	time, waveTime    float64
	score, goal       int
	wave, kills       int
	queue, foes       []*Foe
	shots, bullets    []*Shot
	items             []*Item
	boss              *Boss
	player            struct {
		x, y, vx, vy, hurt, cool float64
		power                    int
		drag                     *xy
	}
	events []Event
}

func newWorld(d Design, aspect float64) *World {
	// A wide window gets a wide field, a tall one a tall field.
	w, h := min(24, 12*aspect), 12.0
	if aspect < 1 {
		w, h = 10, clamp(8.4/aspect, 12, 17)
	}
	hearts := heartsFor(d, 6, 4, 3)
	world := &World{rnd: newRandom(d.Seed), hard: d.Difficulty, w: w, h: h, hearts: hearts, maxHearts: hearts, waveTime: 1.2,
		tune: d.Tuning, goal: goalFor(d, 60*(0.6+0.4*d.Difficulty))}
	world.player.x, world.player.y, world.player.power = w*0.18, h/2, 1
	return world
}

func (w *World) status() Status {
	boss := -1.0
	if w.boss != nil {
		boss = clamp(float64(w.boss.hp)/float64(w.boss.full), 0, 1)
	}
	return Status{Score: w.score, Goal: w.goal, Hearts: w.hearts, MaxHearts: w.maxHearts, Moves: -1, Boss: boss,
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
	w.fly(dt, in)
	w.fire(dt, in)
	w.sendFoes(dt)
	for _, f := range w.foes {
		w.moveFoe(f, dt)
	}
	if w.boss != nil {
		w.moveBoss(dt)
	}
	for _, list := range [][]*Shot{w.shots, w.bullets} {
		for _, s := range list {
			s.x += s.vx * dt
			s.y += s.vy * dt
		}
	}
	w.hits()
	w.gather(dt)
	inside := func(x, y float64) bool { return x > -2 && x < w.w+6 && y > -2 && y < w.h+2 }
	w.shots = keep(w.shots, func(s *Shot) bool { return !s.dead && inside(s.x, s.y) })
	w.bullets = keep(w.bullets, func(s *Shot) bool { return !s.dead && inside(s.x, s.y) })
	w.foes = keep(w.foes, func(f *Foe) bool { return !f.dead && inside(f.x, f.y) })
	w.items = keep(w.items, func(i *Item) bool { return !i.dead && inside(i.x, i.y) })
	return w.events
}

func (w *World) fly(dt float64, in Controls) {
	p := &w.player
	p.hurt = max(0, p.hurt-dt)
	dx, dy := in.X, in.Y
	if dx != 0 && dy != 0 {
		dx, dy = dx*0.707, dy*0.707
	}
	ease := min(1, dt*14)
	p.vx += (dx*flying*w.tune.Speed - p.vx) * ease
	p.vy += (dy*flying*w.tune.Speed - p.vy) * ease
	p.x += p.vx * dt
	p.y += p.vy * dt
	if in.Pressed {
		p.drag = &xy{p.x - in.Pointer.X, p.y - in.Pointer.Y} // the finger need not cover the hero
	}
	if !in.Down {
		p.drag = nil
	}
	if p.drag != nil {
		pull := min(1, dt*16)
		p.x += (in.Pointer.X + p.drag[0] - p.x) * pull
		p.y += (in.Pointer.Y + p.drag[1] - p.y) * pull
	}
	p.x, p.y = clamp(p.x, 0.7, w.w-0.7), clamp(p.y, 0.7, w.h-0.7)
}

var fans = [][]float64{{0}, {-0.16, 0.16}, {-0.22, 0, 0.22}, {-0.3, -0.1, 0.1, 0.3}}

func (w *World) fire(dt float64, in Controls) {
	p := &w.player
	if p.cool -= dt; p.cool > 0 || !in.Action && !in.Down {
		return
	}
	p.cool = 1 / (shots * w.tune.FireRate)
	for _, a := range fans[p.power-1] {
		s := &Shot{x: p.x + 0.7, y: p.y + a, vx: 19}
		if p.power > 2 {
			s.vy = a * 7
		}
		w.shots = append(w.shots, s)
	}
	w.tell("shoot", p.x+0.8, p.y)
}

// sendFoes lets the next formation come when the last is gone, or after a while.
func (w *World) sendFoes(dt float64) {
	if w.score >= w.goal {
		if w.boss == nil && len(w.foes) == 0 {
			hp := int(math.Round(70 * (0.6 + 0.4*w.hard)))
			w.boss = &Boss{x: w.w + 3, y: w.h / 2, hp: hp, full: hp, next: 2.4}
			w.tell("alarm", w.w, w.h/2).Say = "The boss is here!"
		}
		w.queue = nil
		return
	}
	w.waveTime -= dt
	for _, f := range w.queue {
		if f.wait -= dt; f.wait <= 0 {
			w.foes = append(w.foes, f)
		}
	}
	w.queue = keep(w.queue, func(f *Foe) bool { return f.wait > 0 })
	if len(w.queue) > 0 || len(w.foes) > 0 && w.waveTime > 0 {
		return
	}
	w.wave++
	w.waveTime = 6.5
	n := max(1, int(math.Round(min(4+float64(w.wave)*0.6, 9)*(0.7+0.3*w.hard)*w.tune.Enemies)))
	kinds := []string{"wave", "dive", "guard"}
	switch {
	case w.wave < 2:
		kinds = kinds[:1]
	case w.wave < 4:
		kinds = kinds[:2]
	}
	kind, y, form := pick(w.rnd, kinds...), w.rnd.between(2.5, w.h-2.5), pick(w.rnd, "line", "vee", "snake")
	for i := range n {
		row := math.Ceil(float64(i) / 2)
		spread, wait := 0.0, float64(i)*0.06
		switch form {
		case "vee":
			spread, wait = row*0.9, row*0.3
			if i%2 == 0 {
				spread = -spread
			}
		case "line":
			spread = (float64(i) - float64(n)/2) * 1.2
		case "snake":
			wait = float64(i) * 0.34
		}
		f := &Foe{kind: kind, x: w.w + 1.5, y: clamp(y+spread, 1, w.h-1), hp: 1, time: float64(i) * 0.2, wait: wait}
		f.home, f.stop, f.next = f.y, w.w*w.rnd.between(0.6, 0.9), w.rnd.between(1, 2.5)
		switch {
		case kind == "guard":
			f.hp = 3
		case w.wave > 5:
			f.hp = 2
		}
		w.queue = append(w.queue, f)
	}
}

func (w *World) moveFoe(f *Foe, dt float64) {
	f.time += dt
	f.flash -= dt
	switch f.kind {
	case "wave":
		f.x -= (2.6 + float64(w.wave)*0.08) * w.tune.EnemySpeed * dt
		f.y = f.home + math.Sin(f.time*2.6)*1.2
	case "dive":
		speed := 5.2
		if f.time < 1.3 {
			speed = 3
		}
		f.x -= speed * w.tune.EnemySpeed * dt
		f.y += clamp(w.player.y-f.y, -1.6, 1.6) * dt * 0.9
	case "guard":
		f.x += (f.stop - f.x) * min(1, dt*1.4)
		f.y = f.home + math.Sin(f.time*1.3)*0.8
		if f.next -= dt * w.hard; f.next <= 0 {
			f.next = 2.6
			w.shootAt(f.x, f.y, 4.6, 0)
			w.tell("foeShot", f.x, f.y)
		}
		return
	}
	if f.x <= -1.4 { // it got past, and comes around once more
		f.x, f.time = w.w+1.5, 0
		f.y = w.rnd.between(1.5, w.h-1.5)
		f.home = f.y
	}
}

func (w *World) shootAt(x, y, speed, turn float64) {
	sin, cos := math.Sincos(math.Atan2(w.player.y-y, w.player.x-x) + turn)
	w.bullets = append(w.bullets, &Shot{x: x - 0.5, y: y, vx: cos * speed, vy: sin * speed})
}

func (w *World) moveBoss(dt float64) {
	b := w.boss
	b.time += dt
	b.flash -= dt
	b.x += (w.w - 2.6 - b.x) * min(1, dt*1.5)
	b.y = w.h/2 + math.Sin(b.time*0.8)*(w.h/2-2.4)
	if b.next -= dt; b.next > 0 {
		return
	}
	b.turn++
	b.next = 1.5 / (0.7 + 0.3*w.hard)
	if b.hp < b.full/2 {
		b.next *= 0.75
	}
	from, gap, speed := -1, 0.13, 5.4
	if b.turn%3 == 0 {
		from, gap, speed = -3, 0.24, 4.2
	}
	for i := from; i <= -from; i++ {
		w.shootAt(b.x, b.y, speed, float64(i)*gap)
	}
	w.tell("foeShot", b.x-1, b.y)
}

func (w *World) hits() {
	for _, s := range w.shots {
		w.hit(s)
		if w.over {
			return
		}
	}
	p := &w.player
	if p.hurt > 0 || !w.touched() {
		return
	}
	p.hurt, p.power = 1.7, max(1, p.power-1)
	w.hearts--
	w.tell("hurt", p.x, p.y)
	if w.hearts > 0 {
		return
	}
	w.over = true
	w.tell("burst", p.x, p.y).Big = true
	w.tell("lost", p.x, p.y)
}

// hit lets one shot of the player hit what it meets.
func (w *World) hit(s *Shot) {
	for _, f := range w.foes {
		if f.dead || math.Hypot(s.x-f.x, s.y-f.y) >= 0.75 {
			continue
		}
		s.dead, f.flash = true, 0.1
		if f.hp--; f.hp <= 0 {
			w.down(f)
		} else {
			w.tell("spark", s.x, s.y)
		}
		return
	}
	b := w.boss
	if b == nil || math.Hypot(s.x-b.x, s.y-b.y) >= 1.7 {
		return
	}
	s.dead, b.flash = true, 0.1
	b.hp--
	w.tell("spark", s.x, s.y)
	if b.hp <= 0 {
		w.over = true
		w.tell("burst", b.x, b.y).Big = true
		w.tell("won", b.x, b.y)
	}
}

// touched tells whether something touches the player; foes and bullets are gone then.
func (w *World) touched() bool {
	p := &w.player
	for _, f := range w.foes {
		if !f.dead && math.Hypot(p.x-f.x, p.y-f.y) < 0.85 {
			f.dead = true
			return true
		}
	}
	for _, b := range w.bullets {
		if math.Hypot(p.x-b.x, p.y-b.y) < 0.52 {
			b.dead = true
			return true
		}
	}
	return w.boss != nil && math.Hypot(p.x-w.boss.x, p.y-w.boss.y) < 1.9
}

func (w *World) down(f *Foe) {
	f.dead = true
	w.kills++
	w.tell("burst", f.x, f.y)
	w.items = append(w.items, &Item{x: f.x, y: f.y, vx: -1.2, vy: w.rnd.between(-0.6, 0.6),
		heart: w.kills%14 == 0 && w.hearts < w.maxHearts})
}

func (w *World) gather(dt float64) {
	p := &w.player
	for _, i := range w.items {
		d := math.Hypot(p.x-i.x, p.y-i.y)
		pull := 0.0
		if d < 3.2 {
			pull = 9 * dt / max(d, 0.01) // things nearby come along by themselves
		}
		i.x += i.vx*dt + (p.x-i.x)*pull
		i.y += i.vy*dt + (p.y-i.y)*pull
		if d > 0.9 {
			continue
		}
		i.dead = true
		if i.heart {
			w.hearts++
			w.tell("heart", i.x, i.y)
			continue
		}
		w.score++
		w.tell("collect", i.x, i.y).N = w.score % 8
		if w.score%8 == 0 && p.power < 4 {
			p.power++
			w.tell("power", p.x, p.y).Say = fmt.Sprintf("Fire power %d", p.power)
		}
	}
}
