package main

import (
	"image/color"
	"math"
	"math/rand/v2"

	"github.com/hajimehoshi/ebiten/v2"
)

// calm is for players who want less motion: fewer particles, and nothing shakes.
var calm bool

// Particles are the bursts and ripples of a view, in pixels of its own picture.
type Particles struct{ list []particle }

type particle struct {
	x, y, vx, vy, size, age, life float64
	c                             color.RGBA
	ripple, glow                  bool
}

// burst throws n pieces about.
func (p *Particles) burst(x, y, size float64, c color.RGBA, n int, glow bool) {
	if calm {
		n = (n + 3) / 4
	}
	for range n {
		sin, cos := math.Sincos(rand.Float64() * 2 * math.Pi)
		v := size * (1.5 + 5*rand.Float64())
		p.list = append(p.list, particle{x: x, y: y, vx: cos * v, vy: sin*v - size, size: size * (0.08 + 0.13*rand.Float64()),
			life: 0.35 + 0.4*rand.Float64(), c: c, glow: glow})
	}
}

// ripple is a ring that grows and fades.
func (p *Particles) ripple(x, y, size float64, c color.RGBA) {
	p.list = append(p.list, particle{x: x, y: y, size: size, life: 0.45, c: c, ripple: true})
}

func (p *Particles) clear() { p.list = nil }

// draw moves and draws them; ox and oy is where the view's picture begins.
func (p *Particles) draw(dst *ebiten.Image, dt, ox, oy, size float64) {
	p.list = keep(p.list, func(q particle) bool { return q.age < q.life })
	for i := range p.list {
		q := &p.list[i]
		q.age += dt
		left := clamp(1-q.age/q.life, 0, 1)
		if q.ripple {
			r := q.size * (1.2 - left)
			circle(dst, q.x+ox, q.y+oy, r, r, max(1, q.size*0.12*left), alpha(q.c, left))
			continue
		}
		q.vy += size * 9 * dt
		q.vx *= 1 - 2*dt
		q.x += q.vx * dt
		q.y += q.vy * dt
		put(dst, sprites.dot, Look{X: q.x + ox, Y: q.y + oy, Size: q.size * 3 * left * unit / 64, Tint: &q.c, Alpha: left, Lighten: q.glow})
	}
}

// Spring is damped and around zero, for squash and stretch. Small fixed steps keep it calm at any frame rate.
type Spring struct{ value, speed, rest float64 }

func (s *Spring) kick(by float64) { s.speed += by * 2.2 }

func (s *Spring) step(dt float64) float64 {
	for s.rest += dt; s.rest > 0; s.rest -= 1.0 / 240 {
		s.speed += (-s.value*320 - s.speed*15) / 240
		s.value += s.speed / 240
	}
	return clamp(s.value, -0.8, 0.8)
}

// Shake moves the picture about after a hit.
type Shake struct{ left, force float64 }

func (s *Shake) hit(seconds, force float64) {
	if !calm {
		s.left, s.force = seconds, force
	}
}

func (s *Shake) offset(dt, size float64) (x, y float64) {
	if s.left -= dt; s.left <= 0 {
		return 0, 0
	}
	return (rand.Float64() - 0.5) * s.force * size, (rand.Float64() - 0.5) * s.force * size
}
