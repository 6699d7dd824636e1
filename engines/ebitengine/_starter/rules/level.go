package main

import "math"

// Level is laid out from the design's seed. Every gap and step is smaller than what the hero can jump, and the things on the
// main path alone are enough to open the portal, so each level can be finished.
type Level struct {
	solids             []Solid
	items              []*Item
	enemies            []*Enemy
	start, left, right float64
	portal             xy
	goal               int
}

// Solid can be stood on. A thin one can be jumped through from below.
type Solid struct {
	x, w, top, h float64
	thin         bool
}

// Item is what is gathered.
type Item struct {
	x, y           float64
	taken, dropped bool
	age            float64 // for the view
}

// Enemy walks, or flies, between two places.
type Enemy struct {
	x, y, base, from, to, dir, speed float64
	flies, dead                      bool
}

const levelLength = 190

type builder struct {
	rnd    *Random
	level  Level
	x, top float64
	main   int
	hard   float64
	tune   Tuning
}

func makeLevel(d Design) Level {
	b := &builder{rnd: newRandom(d.Seed), level: Level{left: -7}, x: -8, hard: d.Difficulty, tune: d.Tuning}
	b.ground(14)
	b.item(3, 1, true)
	b.item(4.2, 1, true)
	chunks := []func(*builder){meadow, gap, islands, stairs, lookout}
	last := -1
	for b.x < levelLength {
		var others []int
		for i := range chunks {
			if i != last {
				others = append(others, i)
			}
		}
		last = pick(b.rnd, others...)
		chunks[last](b)
	}
	x := b.x
	b.ground(14)
	b.level.portal = xy{x + 8, b.top + 1.2}
	b.level.right = x + 13.5
	goal := d.Tuning.Goal
	if goal == 0 {
		goal = int(math.Round(float64(max(8, int(math.Round(float64(b.main)*0.64)))) * d.Tuning.GoalTimes))
	}
	b.level.goal = max(1, min(b.main, goal))
	return b.level
}

func (b *builder) ground(w float64) {
	b.level.solids = append(b.level.solids, Solid{x: b.x, w: w, top: b.top, h: b.top + 12})
	b.x += w
}

func (b *builder) ledge(x, w, top float64) {
	b.level.solids = append(b.level.solids, Solid{x: x, w: w, top: top, h: 0.5, thin: true})
}

func (b *builder) item(x, y float64, main bool) {
	b.level.items = append(b.level.items, &Item{x: x, y: y})
	if main {
		b.main++
	}
}

func (b *builder) enemy(x, from, to, top float64, flies bool) {
	speed, dir := b.rnd.between(1.2, 2)*b.tune.EnemySpeed, -1.0
	if b.rnd.chance(0.5) {
		dir = 1
	}
	base := top + 0.45
	if flies {
		base = top + 2.2
	}
	b.level.enemies = append(b.level.enemies, &Enemy{x: x, y: base, base: base, from: from, to: to, dir: dir, speed: speed, flies: flies})
}

func never() bool { return false }

// enemies lets one walk where chance has it, or as many times as the design wants: each other one begins nearer to where
// they turn.
func (b *builder) enemies(chance, x, from, to float64, flies func() bool) {
	n := min(1, chance*b.hard) * b.tune.Enemies
	count := int(n)
	if b.rnd.next() < n-math.Floor(n) {
		count++
	}
	for i := range count {
		b.enemy(x+(from-x)*(float64(i)/float64(count)), from, to, b.top, flies())
	}
}

// climb is a new height at most one step up, kept between the bottom and the top of the world.
func (b *builder) climb(by int) { b.top = clamp(b.top+float64(by), -1, 5) }

// meadow is flat land with something walking on it, sometimes with a ledge above.
func meadow(b *builder) {
	w, x := b.rnd.between(8, 11), b.x
	b.ground(w)
	for i := range 3 {
		b.item(x+w/2-1.3+float64(i)*1.3, b.top+0.9, true)
	}
	b.enemies(0.75, x+w*0.6, x+2, x+w-0.8, never)
	if b.rnd.chance(0.5) {
		b.ledge(x+2.5, 4, b.top+2.3)
		for i := range 3 {
			b.item(x+3.3+float64(i)*1.2, b.top+3.2, false)
		}
	}
}

func gap(b *builder) {
	w := b.rnd.between(2.4, 3.5)
	for i := range 3 {
		b.item(b.x+w*(float64(i)+0.5)/3, b.top+[3]float64{1.9, 2.5, 1.9}[i], true)
	}
	b.x += w
	b.climb(b.rnd.whole(-1, 1))
	b.ground(b.rnd.between(4.5, 6.5))
}

// islands are small and lie over a pit.
func islands(b *builder) {
	for range b.rnd.whole(2, 3) {
		b.x += b.rnd.between(2, 2.7)
		b.climb(b.rnd.whole(-1, 1))
		w := b.rnd.between(2.6, 3.6)
		b.ledge(b.x, w, b.top)
		b.item(b.x+w/2, b.top+0.9, true)
		b.x += w
	}
	b.x += b.rnd.between(2, 2.6)
	b.climb(b.rnd.whole(-1, 0))
	b.ground(b.rnd.between(5, 7))
	b.enemies(0.35, b.x-3, b.x-4.5, b.x-1, func() bool { return true })
}

func stairs(b *builder) {
	for range 3 {
		b.climb(1)
		b.item(b.x+1.4, b.top+0.9, true)
		b.ground(2.8)
	}
	b.climb(-2)
	x := b.x
	b.ground(7)
	b.enemies(0.8, x+5, x+1.5, x+6.2, never)
}

// lookout is a climb over ledges to a hoard above, and something that flies around it.
func lookout(b *builder) {
	x := b.x
	b.ground(11)
	b.ledge(x+2, 2.6, b.top+2)
	b.ledge(x+5, 3.2, b.top+3.8)
	b.item(x+3.3, b.top+2.9, false)
	for i := range 3 {
		b.item(x+5.5+float64(i)*1.1, b.top+4.7, false)
	}
	b.item(x+6.6, b.top+0.9, true)
	b.item(x+8, b.top+0.9, true)
	b.enemies(0.7, x+9, x+4, x+10.2, func() bool { return b.rnd.chance(0.4) })
}
