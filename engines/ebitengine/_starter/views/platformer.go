package main

import (
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// View draws the platformer: tiled ground, walking figures, a camera that runs ahead of the hero.
type View struct {
	particles     Particles
	spring        Spring
	shake         Shake
	clock         float64
	lookX, lookY  float64
	size          float64 // pixels for one unit of the world
	width, height float64
	turn          float64 // of the hero, who flips in the air
	props         []prop
}

type prop struct{ x, y, tall float64 }

func newView() *View { return &View{size: 60} }

func (v *View) reset(w *World) {
	*v = View{size: v.size, width: v.width, height: v.height, lookX: w.player.x + 3, lookY: w.player.y + 1.5}
	r := newRandom(3)
	for _, s := range w.level.solids {
		if s.thin {
			continue
		}
		for x := s.x + 0.8; x < s.x+s.w-0.8; x += r.between(2.2, 4.5) {
			v.props = append(v.props, prop{x, s.top, r.between(1.5, 3.2)})
		}
	}
}

func (v *View) x(x float64) float64 { return v.width/2 + (x-v.lookX)*v.size }
func (v *View) y(y float64) float64 { return v.height*0.58 - (y-v.lookY)*v.size }

func (v *View) toWorld(x, y float64) (float64, float64) { return x, y }

func (v *View) event(e Event, _ *World) {
	x, y, u := e.X*v.size, -e.Y*v.size, v.size
	switch e.Kind {
	case "jump":
		v.spring.kick(5)
		v.particles.burst(x, y, u, white, 6, false)
	case "flip":
		v.spring.kick(4)
		v.turn = 2 * math.Pi
		v.particles.burst(x, y, u, colors.accent, 12, true)
	case "land":
		v.spring.kick(-min(7, e.Force*0.4))
		v.particles.burst(x, y, u, white, 5, false)
	case "collect":
		v.particles.burst(x, y, u, colors.collect, 14, true)
		v.particles.ripple(x, y, u*0.7, colors.collect)
	case "stomp":
		v.spring.kick(6)
		v.shake.hit(0.11, 0.2)
		v.particles.burst(x, y, u, colors.enemy, 22, true)
	case "hurt":
		v.shake.hit(0.24, 0.4)
		v.particles.burst(x, y, u, colors.hero, 20, true)
	case "open":
		v.particles.ripple(x, y, u*2.4, colors.accent)
		v.particles.ripple(x, y, u*1.4, colors.collect)
	case "won":
		for i := range 4 {
			v.particles.burst(x+(float64(i)-1.5)*u, y-u, u, colors.collect, 24, true)
		}
	}
}

func (v *View) draw(dst *ebiten.Image, sky *Backdrop, w *World, dt float64, state string) {
	v.clock += dt
	v.width, v.height = float64(dst.Bounds().Dx()), float64(dst.Bounds().Dy())
	v.size = clamp(min(v.height/9.5, v.width/11), 18, 130)
	p := &w.player
	if state == "title" {
		v.lookX += dt * 0.8
	} else {
		ease := min(1, dt*4)
		v.lookX += (p.x + p.face*1.6 + p.vx*0.16 - v.lookX) * ease
		v.lookY += (p.y + 1.2 - v.lookY) * min(1, dt*3)
	}
	half := v.width / 2 / v.size
	v.lookX = clamp(v.lookX, w.level.left+half, max(w.level.left+half, w.level.right-half))
	sky.draw(dst, v.lookX*v.size, 1, dt)
	sx, sy := v.shake.offset(dt, v.size)
	defer func(x, y float64) { v.lookX, v.lookY = x, y }(v.lookX, v.lookY)
	v.lookX += sx / v.size
	v.lookY += sy / v.size

	for _, o := range v.props {
		if math.Abs(o.x-v.lookX) < half+3 {
			put(dst, sky.prop, Look{X: v.x(o.x), Y: v.y(o.y) + 2, Size: o.tall * v.size / 2, FromBottom: true, Alpha: 0.92})
		}
	}
	for _, s := range w.level.solids {
		if s.x < v.lookX+half+1 && s.x+s.w > v.lookX-half-1 {
			v.solid(dst, sky, s)
		}
	}
	v.portal(dst, w)
	for _, i := range w.level.items {
		i.age += dt
		if math.Abs(i.x-v.lookX) > half+1 {
			continue
		}
		grow := 1.0
		if i.dropped {
			grow = min(1, i.age*3)
		}
		put(dst, sprites.collect, Look{X: v.x(i.x), Y: v.y(i.y + math.Sin(v.clock*2.6+i.x)*0.1), Size: 0.64 * grow * v.size,
			SX: math.Cos(v.clock*2.2 + i.x*0.7), SY: 1})
	}
	for _, e := range w.level.enemies {
		pulse := math.Sin(v.clock*6+e.from) * 0.03
		put(dst, sprites.enemy.frame(v.clock*1.6+e.from), Look{X: v.x(e.x), Y: v.y(e.y + 0.05), Size: v.size, SX: e.dir * (0.98 + pulse), SY: 0.98 - pulse})
	}
	v.hero(dst, w, dt, state)
	v.particles.draw(dst, dt, v.x(0), v.y(0), v.size)
}

func (v *View) solid(dst *ebiten.Image, sky *Backdrop, s Solid) {
	x, y, wide, high := v.x(s.x), v.y(s.top), s.w*v.size, min(s.h*v.size, v.height-v.y(s.top))
	if high > 0 {
		tile(dst, sky.block, x, y, wide, high, v.size*0.96)
		if s.thin {
			shade(dst, x, y, wide, high, alpha(black, 0), alpha(black, 0.35))
		} else {
			shade(dst, x, y, wide, high, alpha(black, 0.05), alpha(black, 0.4))
		}
	}
	edge := v.size * 0.2
	roundBar(dst, x-edge*0.4, y-edge*0.3, wide+edge*0.8, edge, edge/2, topColor())
	roundBar(dst, x, y-edge*0.15, wide, edge*0.28, edge*0.14, alpha(white, 0.35))
}

// portal swirls when it is open.
func (v *View) portal(dst *ebiten.Image, w *World) {
	x, y := v.x(w.level.portal[0]), v.y(w.level.portal[1])
	u, glow := v.size, 0.18
	if w.open {
		glow = 0.75 + math.Sin(v.clock*5)*0.2
	}
	put(dst, sprites.dot, Look{X: x, Y: y, Size: u * 5 * unit / 64, Tint: &colors.accent, Alpha: glow, Lighten: true})
	grow := 0.85
	if w.open {
		grow = 1 + math.Sin(v.clock*4)*0.05
	}
	circle(dst, x, y, 0.7*u*grow, 1.05*u*grow, 0, alpha(rgb("#0c0a1c"), 0.75))
	circle(dst, x, y, 0.7*u*grow, 1.05*u*grow, 0.1*u, colors.accent)
	inner := 0.5
	if w.open {
		inner = 0.6 + math.Mod(v.clock*0.8, 0.6)
	}
	circle(dst, x, y, 0.45*u*inner, 0.7*u*inner, 0.06*u, colors.collect)
}

func (v *View) hero(dst *ebiten.Image, w *World, dt float64, state string) {
	p := &w.player
	squash := v.spring.step(dt)
	walking := p.onGround && math.Abs(p.vx) > 0.5
	img, breathe := sprites.hero.frame(0.25), 0.0
	switch {
	case walking:
		img = sprites.hero.frame(p.x * 0.55)
	case p.onGround:
		img, breathe = sprites.hero.frame(0), math.Sin(v.clock*3.4)*0.02
	}
	v.turn = max(0, v.turn-dt*18)
	a := 1.0
	if p.hurtTime > 0 && math.Sin(v.clock*40) > 0 && state == "playing" {
		a = 0.35
	}
	if p.onGround {
		circle(dst, v.x(p.x), v.y(p.y-halfH), 0.36*v.size, 0.07*v.size, 0, alpha(black, 0.28))
	}
	put(dst, img, Look{X: v.x(p.x), Y: v.y(p.y) - 0.04*v.size, Size: v.size, SX: p.face * (1 - squash*0.35 - breathe),
		SY: 1 + squash*0.35 + breathe, Turn: -v.turn * p.face, Alpha: a, Clear: state == "lost"})
}
