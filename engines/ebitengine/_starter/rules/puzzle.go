package main

import (
	"fmt"
	"math"
)

// The rules of the puzzle: swap two neighbours so that three or more of a kind meet. Clear enough of the wanted kind before
// the moves run out. Four in a row leave a charged piece that bursts; foes sit on the board until a match next to them. No
// drawing; chance comes from the design's seed only. Units: a cell is 1 by 1, column 0 and row 0 are at the bottom left.
const (
	columns = 7
	rows    = 7
	kinds   = 5 // kind 0 is the one to gather
	foe     = -1
)

var pads []string

func describe(d Design) Words {
	return Words{
		Goal: fmt.Sprintf("Match three or more. Gather the %s before your moves run out.", plural(d.Collect)),
		How: [][2]string{{"← ↑ ↓ →", "choose"}, {"Space, then an arrow", "swap"},
			{"four in a row", "a burst"}, {"beside " + withArticle(d.Enemy), "wins 2 moves"}},
		Touch: "Drag a piece to its neighbour, or tap both",
		Won:   fmt.Sprintf("A feast of %s!", plural(d.Collect)),
		Lost:  "No moves left. So close!",
	}
}

// Piece lies in a cell, c and r, and is seen at x and y on its way there.
type Piece struct {
	kind, c, r int
	x, y, vy   float64
	charged    bool
	going      float64 // how far it is cleared, 0 to 1
}

// cell is a place on the board.
type cell struct{ c, r int }

// Swap is two pieces on their way to each other's place.
type Swap struct {
	a, b       *Piece
	t          float64
	back, undo bool
}

// World is the whole state of a game.
type World struct {
	rnd                *Random
	over               bool
	time, wait, idle   float64
	score, goal, moves int
	phase              string // "idle", "swap", "clear" or "fall"
	swap               *Swap
	combo              int
	settled            bool
	hint               *[2]cell
	grid               [columns * rows]*Piece
	player             cell
	picked, grab       *cell
	events             []Event
}

func newWorld(d Design, _ float64) *World {
	moves := d.Tuning.Moves
	if moves == 0 {
		moves = int(math.Round(22 / (0.55 + 0.45*d.Difficulty)))
	}
	w := &World{rnd: newRandom(d.Seed), goal: goalFor(d, 36), moves: moves, phase: "fall", player: cell{3, 3}}
	for c := range columns {
		for r := range rows {
			kind := w.rnd.whole(0, kinds-1)
			for w.same(kind, cell{c - 1, r}, cell{c - 2, r}) || w.same(kind, cell{c, r - 1}, cell{c, r - 2}) {
				kind = w.rnd.whole(0, kinds-1)
			}
			// It drops in at the start.
			w.put(c, r, &Piece{kind: kind, x: float64(c), y: float64(r) + rows + 1 + float64(c)*0.35 + float64(r)*0.5})
		}
	}
	for range int(math.Round(3 * d.Difficulty * d.Tuning.Enemies)) {
		c := w.rnd.whole(0, columns-1)
		w.piece(c, w.rnd.whole(1, rows-2)).kind = foe
	}
	if len(w.runs()) > 0 || w.findMove() == nil {
		w.shuffle()
	}
	return w
}

func (w *World) status() Status {
	return Status{Score: w.score, Goal: w.goal, Moves: w.moves, Boss: -1, X: float64(w.player.c), Y: float64(w.player.r), Time: w.time}
}

func (w *World) tell(kind string, c, r int) *Event {
	w.events = append(w.events, Event{Kind: kind, X: float64(c), Y: float64(r)})
	return &w.events[len(w.events)-1]
}

func (w *World) piece(c, r int) *Piece {
	if c < 0 || c >= columns || r < 0 || r >= rows {
		return nil
	}
	return w.grid[c*rows+r]
}

func (w *World) put(c, r int, p *Piece) {
	w.grid[c*rows+r] = p
	if p != nil {
		p.c, p.r = c, r
	}
}

func (w *World) same(kind int, cells ...cell) bool {
	for _, at := range cells {
		if p := w.piece(at.c, at.r); p == nil || p.kind != kind {
			return false
		}
	}
	return true
}

func (w *World) step(dt float64, in Controls) []Event {
	w.events = nil
	if w.over {
		return nil
	}
	w.time += dt
	w.choose(in)
	switch {
	case w.phase == "swap":
		w.swapping(dt)
	case w.phase == "clear":
		w.clearing(dt)
	case w.phase == "fall":
		w.falling(dt)
	case !w.settled:
		w.settle()
	}
	if w.phase == "idle" && w.settled {
		w.idle += dt
	}
	if w.phase != "idle" || w.idle <= 5 {
		w.hint = nil
	} else if w.hint == nil {
		w.hint = w.findMove()
	}
	return w.events
}

func (w *World) choose(in Controls) {
	dx := in.turn("left", "right")
	dy := 0
	if dx == 0 {
		dy = in.turn("down", "up")
	}
	at := cell{int(math.Round(in.Pointer.X)), int(math.Round(in.Pointer.Y))}
	switch {
	case in.Pressed && w.piece(at.c, at.r) != nil:
		from := w.picked
		w.player, w.grab = at, &at
		if from != nil && distance(*from, at) == 1 {
			w.trySwap(*from, at)
			return
		}
		w.picked = &at
		w.tell("move", at.c, at.r)
	case w.grab != nil && in.Down && at != *w.grab:
		px, py := in.Pointer.X-float64(w.grab.c), in.Pointer.Y-float64(w.grab.r)
		to := cell{w.grab.c, w.grab.r + int(sign(py))}
		if math.Abs(px) > math.Abs(py) {
			to = cell{w.grab.c + int(sign(px)), w.grab.r}
		}
		w.trySwap(*w.grab, to)
	}
	if in.Released {
		w.grab = nil
	}
	if in.Down || in.Released {
		return // a swipe also reads as an arrow: it has been dealt with
	}
	p := w.player
	switch {
	case dx != 0 || dy != 0:
		to := cell{p.c + dx, p.r + dy}
		if w.piece(to.c, to.r) == nil {
			return
		}
		if w.picked != nil {
			w.trySwap(*w.picked, to)
		} else {
			w.tell("move", to.c, to.r)
		}
		w.player = to
	case in.any("action", "enter"):
		if w.picked != nil {
			w.picked = nil
		} else {
			w.picked = &p
		}
		w.tell("move", p.c, p.r)
	}
}

func distance(a, b cell) int {
	dc, dr := a.c-b.c, a.r-b.r
	return max(dc, -dc) + max(dr, -dr)
}

func (w *World) trySwap(a, b cell) {
	w.grab, w.picked = nil, nil
	first, second := w.piece(a.c, a.r), w.piece(b.c, b.r)
	if w.phase != "idle" || !w.settled || first == nil || second == nil {
		return
	}
	w.player, w.idle = b, 0
	if first.kind == foe || second.kind == foe {
		w.tell("no", b.c, b.r)
		return
	}
	w.phase = "swap"
	w.swap = &Swap{a: first, b: second}
	w.exchange(first, second)
	w.swap.back = len(w.runs()) == 0
	w.tell("flip", b.c, b.r)
}

func (w *World) exchange(first, second *Piece) {
	c, r := first.c, first.r
	w.put(second.c, second.r, first)
	w.put(c, r, second)
}

func (w *World) swapping(dt float64) {
	s := w.swap
	s.t += dt / 0.16
	t := min(1, s.t)
	ease := t * t * (3 - 2*t)
	for _, pair := range [][2]*Piece{{s.a, s.b}, {s.b, s.a}} {
		p, other := pair[0], pair[1]
		p.x = float64(other.c) + float64(p.c-other.c)*ease
		p.y = float64(other.r) + float64(p.r-other.r)*ease
	}
	if s.t < 1 {
		return
	}
	w.swap = nil
	if s.back {
		w.exchange(s.a, s.b)
		w.swap = &Swap{a: s.a, b: s.b, undo: true}
		w.tell("no", s.a.c, s.a.r)
		return
	}
	w.phase, w.combo = "idle", 0
	if !s.undo {
		w.moves--
		w.mark()
	}
}

// mark marks every run for clearing, and everything that a charged piece or a neighbouring match takes with it.
func (w *World) mark() bool {
	found := w.runs()
	if len(found) == 0 {
		return false
	}
	going := map[*Piece]bool{}
	var order []*Piece
	var take func(p *Piece)
	take = func(p *Piece) {
		if p == nil || going[p] {
			return
		}
		going[p] = true
		order = append(order, p)
		if !p.charged {
			return
		}
		w.tell("burst", p.c, p.r).Big = true
		for dc := -1; dc <= 1; dc++ {
			for dr := -1; dr <= 1; dr++ {
				take(w.piece(p.c+dc, p.r+dr))
			}
		}
	}
	for _, run := range found {
		for _, p := range run {
			take(p)
		}
	}
	for _, p := range order {
		if p.kind == foe {
			continue
		}
		for _, d := range []cell{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			if n := w.piece(p.c+d.c, p.r+d.r); n != nil && n.kind == foe {
				going[n] = true
			}
		}
	}
	for _, run := range found {
		if len(run) < 4 {
			continue
		}
		for _, p := range run {
			if p.charged {
				continue
			}
			delete(going, p)
			p.charged = true
			w.tell("power", p.c, p.r)
			if p.kind == 0 {
				w.count(p) // it stays, but it counts
			}
			break
		}
	}
	for p := range going {
		p.going = 0.001
	}
	w.combo++
	w.phase, w.wait = "clear", 0.24
	if w.combo > 1 {
		e := w.tell("combo", columns/2, rows/2)
		e.N, e.Say = w.combo, []string{"Nice!", "Sweet!", "Superb!", "Wow!"}[min(3, w.combo-2)]
	}
	return true
}

func (w *World) clearing(dt float64) {
	w.wait -= dt
	for _, p := range w.grid {
		if p != nil && p.going > 0 {
			p.going = min(1, p.going+dt/0.24)
		}
	}
	if w.wait > 0 {
		return
	}
	for _, p := range w.grid {
		if p == nil || p.going == 0 {
			continue
		}
		switch p.kind {
		case foe:
			w.moves += 2
			w.tell("stomp", p.c, p.r).Say = "+2 moves"
		case 0:
			w.count(p)
		default:
			w.tell("pop", p.c, p.r).N = p.kind
		}
		w.put(p.c, p.r, nil)
	}
	w.drop()
	w.phase = "fall"
}

func (w *World) count(p *Piece) {
	w.score = min(w.goal, w.score+1)
	w.tell("collect", p.c, p.r).N = w.score % 10
}

func (w *World) drop() {
	for c := range columns {
		r := 0
		for from := range rows {
			if p := w.grid[c*rows+from]; p != nil {
				w.put(c, from, nil)
				w.put(c, r, p)
				r++
			}
		}
		for n := 0; r < rows; n++ {
			w.put(c, r, &Piece{kind: w.rnd.whole(0, kinds-1), x: float64(c), y: rows + 0.6 + float64(n)})
			r++
		}
	}
}

func (w *World) falling(dt float64) {
	moving := false
	for _, p := range w.grid {
		if p.y <= float64(p.r) {
			continue
		}
		p.vy += 42 * dt
		p.y -= p.vy * dt
		moving = true
		if p.y > float64(p.r) {
			continue
		}
		p.y, p.vy = float64(p.r), 0
		w.tell("land", p.c, p.r).Force = 4
	}
	if !moving {
		w.phase, w.settled = "idle", false
	}
}

// settle is for a board that lies still: another match by luck, the end, or the player's turn.
func (w *World) settle() {
	if w.mark() {
		return
	}
	w.settled, w.idle, w.combo = true, 0, 0
	switch {
	case w.score >= w.goal:
		w.over = true
		w.tell("won", w.player.c, w.player.r)
	case w.moves <= 0:
		w.over = true
		w.tell("lost", w.player.c, w.player.r)
	case w.findMove() == nil:
		w.shuffle()
		w.settled = false
		w.tell("alarm", 3, 3).Say = "No match left: shuffled"
	}
}

// runs are all lines of three or more of a kind.
func (w *World) runs() (found [][]*Piece) {
	scan := func(outer, inner int, at func(o, i int) *Piece) {
		for o := range outer {
			var run []*Piece
			for i := range inner + 1 {
				var p *Piece
				if i < inner {
					p = at(o, i)
				}
				if p != nil && p.kind >= 0 && len(run) > 0 && run[0].kind == p.kind {
					run = append(run, p)
					continue
				}
				if len(run) > 2 {
					found = append(found, run)
				}
				run = nil
				if p != nil && p.kind >= 0 {
					run = []*Piece{p}
				}
			}
		}
	}
	scan(columns, rows, w.piece)
	scan(rows, columns, func(r, c int) *Piece { return w.piece(c, r) })
	return found
}

// findMove is a swap that would match; nil when there is none.
func (w *World) findMove() *[2]cell {
	for c := range columns {
		for r := range rows {
			for _, d := range []cell{{1, 0}, {0, 1}} {
				a, b := w.piece(c, r), w.piece(c+d.c, r+d.r)
				if a == nil || b == nil || a.kind == foe || b.kind == foe {
					continue
				}
				w.exchange(a, b)
				found := len(w.runs()) > 0
				w.exchange(a, b)
				if found {
					return &[2]cell{{c, r}, {c + d.c, r + d.r}}
				}
			}
		}
	}
	return nil
}

// shuffle deals the kinds anew until there is a move and no run; foes stay where they are.
func (w *World) shuffle() {
	for range 500 {
		for _, p := range w.grid {
			if p != nil && p.kind != foe {
				p.kind = w.rnd.whole(0, kinds-1)
			}
		}
		if len(w.runs()) == 0 && w.findMove() != nil {
			return
		}
	}
}
