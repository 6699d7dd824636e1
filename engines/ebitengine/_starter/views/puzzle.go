package main

import (
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// View draws the puzzle: a board in front of the sky, with pieces that fall, swell and burst.
type View struct {
	particles     Particles
	shake         Shake
	clock         float64
	size, ox, oy  float64 // of the cell in column 0 and row 0
	width, height float64
}

func newView() *View { return &View{size: 40} }

func (v *View) reset(*World) {
	*v = View{size: v.size, ox: v.ox, oy: v.oy, width: v.width, height: v.height}
}

func (v *View) x(x float64) float64 { return v.ox + x*v.size }
func (v *View) y(y float64) float64 { return v.oy - y*v.size }

func (v *View) toWorld(x, y float64) (float64, float64) {
	return (x - v.ox) / v.size, (v.oy - y) / v.size
}

func (v *View) event(e Event, _ *World) {
	x, y, u := e.X*v.size, -e.Y*v.size, v.size
	switch e.Kind {
	case "collect":
		v.particles.burst(x, y, u, colors.collect, 12, true)
		v.particles.ripple(x, y, u*0.8, colors.collect)
	case "pop":
		v.particles.burst(x, y, u, pieceColors[e.N], 9, true)
	case "stomp":
		v.shake.hit(0.15, 0.12)
		v.particles.burst(x, y, u, colors.enemy, 22, true)
	case "burst":
		v.shake.hit(0.25, 0.25)
		v.particles.burst(x, y, u, colors.accent, 40, true)
		v.particles.ripple(x, y, u*2, colors.accent)
	case "power":
		v.particles.ripple(x, y, u*1.2, white)
	case "won":
		for i := range 6 {
			v.particles.burst(float64(i)*u, -3*u, u, colors.collect, 26, true)
		}
	}
}

func (v *View) draw(dst *ebiten.Image, sky *Backdrop, w *World, dt float64, state string) {
	v.clock += dt
	v.width, v.height = float64(dst.Bounds().Dx()), float64(dst.Bounds().Dy())
	v.size = min(v.width/(columns+0.8), v.height/(rows+2.1))
	sx, sy := v.shake.offset(dt, v.size)
	v.ox = v.width/2 - (columns-1)/2.0*v.size + sx
	v.oy = v.height - v.size*0.95 + sy
	sky.draw(dst, v.clock*14, 1, dt)
	u := v.size
	edge := 0.16 * u
	left, top := v.x(-0.5), v.y(rows-0.5)
	roundBar(dst, left-edge*1.5, top-edge*1.5, columns*u+edge*3, rows*u+edge*3, 0.4*u, alpha(lighter(colors.accent, 0.2), 0.6))
	roundBar(dst, left-edge, top-edge, columns*u+edge*2, rows*u+edge*2, 0.34*u, alpha(darker(colors.sky, 0.55), 0.9))
	for c := range columns {
		for r := range rows {
			if (c+r)%2 == 0 {
				roundBar(dst, v.x(float64(c)-0.46), v.y(float64(r)+0.46), 0.92*u, 0.92*u, 0.2*u, alpha(white, 0.06))
			}
		}
	}
	v.marks(dst, w, state)
	for _, p := range w.grid {
		if p != nil {
			v.piece(dst, w, p)
		}
	}
	v.particles.draw(dst, dt, v.x(0), v.y(0), u)
}

// marks show the cursor, what is picked, and a hint for who has not moved for a while.
func (v *View) marks(dst *ebiten.Image, w *World, state string) {
	if state != "playing" {
		return
	}
	frame := func(at cell, grow, a float64) {
		x, y, r := v.x(float64(at.c)), v.y(float64(at.r)), 0.5*v.size*grow
		circle(dst, x, y, r, r, 0.07*v.size, alpha(lighter(colors.accent, 0.4), a))
	}
	frame(w.player, 1+0.04*math.Sin(v.clock*5), 0.9)
	if w.picked != nil {
		x, y := v.x(float64(w.picked.c)), v.y(float64(w.picked.r))
		put(dst, sprites.dot, Look{X: x, Y: y, Size: 1.9 * v.size * unit / 64, Tint: &colors.accent, Alpha: 0.7, Lighten: true})
	}
	if w.hint != nil {
		for _, at := range w.hint {
			frame(at, 0.9+0.08*math.Sin(v.clock*7), 0.5)
		}
	}
}

func (v *View) piece(dst *ebiten.Image, w *World, p *Piece) {
	if p.y > rows+0.5 {
		return
	}
	size, turn := 0.8, 0.0
	if w.picked != nil && w.picked.c == p.c && w.picked.r == p.r {
		size, turn = 0.9, 0.1*math.Sin(v.clock*9)
	}
	size *= 1 + 0.4*p.going*(1-p.going)*4
	if p.going > 0.5 {
		size *= 2 - 2*p.going
	}
	img := sprites.enemy.frame(v.clock*0.8 + float64(p.c)*0.2)
	if p.kind != foe {
		img = sprites.pieces[p.kind]
	}
	x, y := v.x(p.x), v.y(p.y)
	if p.charged {
		put(dst, sprites.dot, Look{X: x, Y: y, Size: (1.5 + 0.2*math.Sin(v.clock*6)) * v.size * unit / 64, Tint: &white, Alpha: 0.75, Lighten: true})
		turn += 0.12 * math.Sin(v.clock*4)
	}
	put(dst, img, Look{X: x, Y: y, Size: size * v.size, Turn: turn})
}
