package main

import (
	"fmt"
	"math"
)

// The rules of the runner: three lanes, things to gather, things to dodge or jump. No drawing and no clock of its own;
// chance comes from the design's seed only. Units: z forward along the road, x to the right, y up.
const (
	laneWidth = 2.1
	gravity   = 34
	jumping   = 11.2 // reaches 1.85 units
	ahead     = 90   // how far the road is laid out
)

var pads []string

func describe(d Design) Words {
	return Words{
		Goal:  fmt.Sprintf("Gather %s along the road. Dodge what blocks it and jump over the %s.", plural(d.Collect), plural(d.Enemy)),
		How:   [][2]string{{"← →  or  A D", "change lane"}, {"Space  or  ↑", "jump"}, {"land on " + withArticle(d.Enemy), "two extra"}},
		Touch: "Swipe to the side, swipe up or tap to jump",
		Won:   fmt.Sprintf("What a run! The %s has them all.", d.Hero),
		Lost:  fmt.Sprintf("The %s is out of breath.", d.Hero),
	}
}

// Block is something in the way.
type Block struct {
	kind string
	lane int
	x, z float64
	gone bool
}

// Item is what is gathered.
type Item struct {
	x, y, z float64
	gone    bool
}

// World is the whole state of a game.
type World struct {
	rnd               *Random
	hard              float64
	hearts, maxHearts int
	over              bool
	time, speed, laid float64
	tune              Tuning
	pull, lift        float64 // how the hero falls and leaps
	score, goal       int
	chain, open       int // open is the lane that always leads on
	player            struct {
		x, y, z, vy, hurt, buffer float64
		lane                      int
		onGround                  bool
	}
	blocks []*Block
	items  []*Item
	events []Event
}

func newWorld(d Design, _ float64) *World {
	hearts := heartsFor(d, 5, 3, 2)
	w := &World{rnd: newRandom(d.Seed), hard: d.Difficulty, hearts: hearts, maxHearts: hearts, speed: 11 * d.Tuning.Speed, laid: 26,
		tune: d.Tuning, pull: gravity * d.Tuning.Gravity, lift: jumping * math.Sqrt(d.Tuning.Jump*d.Tuning.Gravity), // so that jump is a height
		goal: goalFor(d, 130*(0.7+0.3*d.Difficulty))}
	w.player.onGround = true
	w.layRoad()
	return w
}

func (w *World) status() Status {
	return Status{Score: w.score, Goal: w.goal, Hearts: w.hearts, MaxHearts: w.maxHearts, Moves: -1, Boss: -1,
		X: w.player.x, Y: w.player.y, Time: w.time}
}

func (w *World) tell(kind string, x, y, z float64) *Event {
	w.events = append(w.events, Event{Kind: kind, X: x, Y: y, Z: z})
	return &w.events[len(w.events)-1]
}

func (w *World) step(dt float64, in Controls) []Event {
	w.events = nil
	if w.over {
		return nil
	}
	w.time += dt
	want := (11 + min(8, w.time*0.12)) * w.tune.Speed
	if w.player.hurt > 1 {
		want *= 0.6
	}
	w.speed += (want - w.speed) * min(1, dt*3)
	w.run(dt, in)
	for _, b := range w.blocks {
		if b.kind == "enemy" {
			b.z -= 2.5 * w.tune.EnemySpeed * dt
		}
	}
	w.meet()
	w.gather()
	w.layRoad()
	z := w.player.z - 8
	w.blocks = keep(w.blocks, func(b *Block) bool { return b.z > z && !b.gone })
	w.items = keep(w.items, func(i *Item) bool { return i.z > z && !i.gone })
	return w.events
}

func (w *World) run(dt float64, in Controls) {
	p := &w.player
	if turn := in.turn("left", "right"); turn != 0 && p.lane+turn >= -1 && p.lane+turn <= 1 {
		p.lane += turn
		w.tell("move", p.x, p.y, p.z)
	}
	p.hurt = max(0, p.hurt-dt)
	p.x += (float64(p.lane)*laneWidth - p.x) * min(1, dt*15)
	p.z += w.speed * dt
	p.buffer -= dt
	if in.any("up", "action", "tap") {
		p.buffer = 0.15
	}
	if p.onGround && (p.buffer > 0 || in.Jump && w.time > 0.3) {
		p.vy, p.onGround, p.buffer = w.lift, false, 0
		w.tell("jump", p.x, p.y, p.z)
	}
	if p.onGround {
		return
	}
	if in.Y < 0 || in.any("down") {
		p.vy = min(p.vy, -16) // down again at once
	}
	p.vy -= w.pull * dt
	p.y += p.vy * dt
	if p.y > 0 {
		return
	}
	p.y, p.vy, p.onGround = 0, 0, true
	w.tell("land", p.x, 0, p.z).Force = 10
}

// layRoad lays rows of things with time enough between them for one decision each. One lane, open, always leads on, and
// moves at most one lane from a row to the next.
func (w *World) layRoad() {
	r := w.rnd
	for w.laid < w.player.z+ahead {
		z := w.laid
		speed := (11 + min(8, w.time*0.12)) * w.tune.Speed
		kinds := []string{"one", "two", "two", "bar"}
		for range int(math.Round(2 * w.tune.Enemies)) {
			kinds = append(kinds, "enemy")
		}
		kinds = append(kinds, "stars")
		if w.laid < 60 {
			kinds = []string{"one", "stars"}
		}
		kind, from := pick(r, kinds...), w.open
		w.open = max(-1, min(1, w.open+r.whole(-1, 1)))
		var others []int
		for l := -1; l <= 1; l++ {
			if l != w.open {
				others = append(others, l)
			}
		}
		switch kind {
		case "one":
			low := "low"
			if r.chance(0.5) {
				low = "tall"
			}
			w.block(low, pick(r, others...), z)
		case "two":
			for _, l := range others {
				tall := "low"
				if r.chance(0.7) {
					tall = "tall"
				}
				w.block(tall, l, z)
			}
		case "bar":
			for l := -1; l <= 1; l++ {
				w.block("low", l, z)
			}
		case "enemy":
			w.block("enemy", w.open, z+4)
			if r.chance(0.6) {
				w.block("tall", pick(r, others...), z)
			}
		}
		w.lineOfItems(kind, from, z, speed)
		w.laid += speed * r.between(0.95, 1.25) / (0.75 + 0.25*w.hard)
	}
}

func (w *World) block(kind string, lane int, z float64) {
	w.blocks = append(w.blocks, &Block{kind: kind, lane: lane, x: float64(lane) * laneWidth, z: z})
}

func (w *World) lineOfItems(kind string, from int, z, speed float64) {
	n := 3
	if kind == "stars" {
		n = 5
	}
	for i := range n {
		t := float64(i) - float64(n-1)/2
		y := 0.7
		if kind == "bar" {
			y = 1.9 - math.Abs(t)*0.45
		}
		if kind != "enemy" {
			w.items = append(w.items, &Item{x: float64(w.open) * laneWidth, y: y, z: z + t*1.8})
		}
	}
	if from == w.open && !w.rnd.chance(0.4) {
		w.items = append(w.items, &Item{x: float64(from) * laneWidth, y: 0.7, z: z - speed*0.5})
	}
}

var heights = map[string]float64{"tall": 3, "low": 0.85, "enemy": 0.95}

func (w *World) meet() {
	p := &w.player
	for _, b := range w.blocks {
		if b.gone || math.Abs(b.z-p.z) > 0.75 || math.Abs(b.x-p.x) > 1.15 || p.y >= heights[b.kind] {
			continue
		}
		if b.kind == "enemy" && p.vy < 0 && p.y > 0.25 {
			b.gone = true
			p.vy = 9.5
			w.score += 2
			w.tell("stomp", b.x, 0.6, b.z)
			if w.finish() {
				return
			}
			continue
		}
		if p.hurt > 0 {
			continue
		}
		b.gone = true
		p.hurt, w.chain = 1.7, 0
		w.hearts--
		w.tell("hurt", p.x, p.y+0.6, p.z)
		if w.hearts > 0 {
			continue
		}
		w.over = true
		w.tell("lost", p.x, p.y, p.z)
		return
	}
}

func (w *World) gather() {
	p := &w.player
	if w.over {
		return
	}
	for _, i := range w.items {
		if math.Abs(i.z-p.z) > 0.9 || math.Abs(i.x-p.x) > 1.1 || math.Abs(i.y-p.y-0.6) > 1.15 {
			continue
		}
		i.gone = true
		w.score++
		w.tell("collect", i.x, i.y, i.z).N = w.chain % 15
		w.chain++
		if w.finish() {
			return
		}
	}
}

func (w *World) finish() bool {
	if w.score < w.goal {
		return false
	}
	w.score, w.over = w.goal, true
	w.tell("won", w.player.x, w.player.y, w.player.z)
	return true
}
