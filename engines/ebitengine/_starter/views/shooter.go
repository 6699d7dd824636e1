package main

import (
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// View draws the shooter: a field that is always wholly on the screen, with the sky rushing by.
type View struct {
	particles     Particles
	spring        Spring
	shake         Shake
	clock         float64
	size, ox, oy  float64
	width, height float64
	gone          bool
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
	case "shoot":
		v.spring.kick(-1)
	case "spark":
		v.particles.burst(x, y, u, colors.collect, 4, true)
	case "collect":
		v.particles.burst(x, y, u, colors.collect, 10, true)
	case "heart", "power":
		v.spring.kick(5)
		v.particles.ripple(x, y, u*1.2, colors.accent)
	case "burst":
		n := 24
		if e.Big {
			n = 90
			v.shake.hit(0.6, 0.5)
			v.particles.ripple(x, y, u*3.4, colors.accent)
		}
		v.particles.burst(x, y, u*(1+float64(n)/90), colors.enemy, n, true)
		v.particles.ripple(x, y, u, colors.enemy)
	case "hurt":
		v.shake.hit(0.3, 0.4)
		v.particles.burst(x, y, u, colors.hero, 26, true)
	case "foeShot":
		v.particles.burst(x, y, u*0.5, colors.enemy, 3, true)
	case "lost":
		v.gone = true
	}
}

func (v *View) draw(dst *ebiten.Image, sky *Backdrop, w *World, dt float64, state string) {
	v.clock += dt
	v.width, v.height = float64(dst.Bounds().Dx()), float64(dst.Bounds().Dy())
	v.size = min(v.width/w.w, v.height/w.h)
	v.ox, v.oy = (v.width-w.w*v.size)/2, v.height-(v.height-w.h*v.size)/2
	sky.draw(dst, v.clock*130, 1, dt)
	sx, sy := v.shake.offset(dt, v.size)
	v.ox += sx
	v.oy += sy
	if state == "title" {
		v.hero(dst, w.w*0.18, w.h/2+math.Sin(v.clock*2)*0.5, 1, dt)
		return
	}
	for _, i := range w.items {
		img := sprites.collect
		if i.heart {
			img = sprites.heart
		}
		put(dst, img, Look{X: v.x(i.x), Y: v.y(i.y + math.Sin(v.clock*4+i.y)*0.06), Size: 0.62 * v.size, SX: math.Cos(v.clock*3 + i.y), SY: 1})
	}
	for _, s := range w.shots {
		x, y := v.x(s.x), v.y(s.y)
		put(dst, sprites.dot, Look{X: x, Y: y, Size: 0.9 * v.size * unit / 64, SX: 1.6, SY: 0.55, Tint: &colors.accent, Alpha: 0.8, Lighten: true})
		roundBar(dst, x-0.3*v.size, y-0.06*v.size, 0.6*v.size, 0.12*v.size, 0.06*v.size, lighter(colors.accent, 0.7))
	}
	for _, f := range w.foes {
		v.foe(dst, f.x, f.y, 1.05, f.time, f.flash)
	}
	if b := w.boss; b != nil {
		put(dst, sprites.dot, Look{X: v.x(b.x), Y: v.y(b.y), Size: 6 * v.size * unit / 64, Tint: &colors.enemy, Alpha: 0.4, Lighten: true})
		if b.hp > 0 {
			v.foe(dst, b.x, b.y, 3.6, b.time*0.6, b.flash)
		}
	}
	for _, s := range w.bullets {
		x, y, r := v.x(s.x), v.y(s.y), 0.17*v.size
		put(dst, sprites.dot, Look{X: x, Y: y, Size: v.size * unit / 64, Tint: &colors.enemy, Alpha: 0.9, Lighten: true})
		circle(dst, x, y, r, r, 0, darker(colors.enemy, 0.3))
		circle(dst, x, y, r*0.6, r*0.6, 0, white)
	}
	a := 1.0
	if w.player.hurt > 0 && math.Sin(v.clock*40) > 0 && state == "playing" {
		a = 0.35
	}
	if !v.gone {
		v.hero(dst, w.player.x, w.player.y, a, dt)
	}
	v.particles.draw(dst, dt, v.x(0), v.y(0), v.size)
}

func (v *View) foe(dst *ebiten.Image, x, y, size, time, flash float64) {
	look := Look{X: v.x(x), Y: v.y(y), Size: size * v.size, SX: -1, SY: 1}
	put(dst, sprites.enemy.frame(time), look)
	if flash > 0 {
		look.Lighten, look.Alpha = true, 0.7
		put(dst, sprites.enemy.frame(time), look)
	}
}

func (v *View) hero(dst *ebiten.Image, x, y, a, dt float64) {
	squash := v.spring.step(dt)
	flame := 0.5 + 0.2*math.Sin(v.clock*40)
	put(dst, sprites.dot, Look{X: v.x(x - 0.6), Y: v.y(y), Size: flame * 1.4 * v.size * unit / 64, SX: 1.8, SY: 0.8, Tint: &colors.accent, Alpha: 0.9, Lighten: true})
	put(dst, sprites.hero.frame(v.clock*1.6), Look{X: v.x(x), Y: v.y(y), Size: 1.15 * v.size, SX: 1 - squash*0.2, SY: 1 + squash*0.2, Alpha: a})
}
