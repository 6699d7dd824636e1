package main

import (
	"image/color"
	"math"
	"slices"

	"github.com/hajimehoshi/ebiten/v2"
)

const (
	behind = 6 // the camera's distance behind the hero
	far    = 80
	stripe = 5 // length of a band of the road
)

// View draws the runner: a road that runs to the horizon, projected by hand. What is at distance d appears focal/d as large.
type View struct {
	particles              Particles
	spring                 Spring
	shake                  Shake
	clock, x, z            float64 // the camera's own place
	focal, horizon, camera float64
	width, height          float64
}

func newView() *View { return &View{} }

func (v *View) reset(w *World) {
	*v = View{width: v.width, height: v.height, focal: v.focal, horizon: v.horizon, camera: v.camera, z: w.player.z}
}

func (v *View) toWorld(x, y float64) (float64, float64) { return x, y }

func (v *View) project(x, y, z float64) (px, py, scale, d float64) {
	d = max(0.4, z-v.z+behind)
	scale = v.focal / d
	return v.width/2 + (x-v.x)*scale, v.horizon + (v.camera-y)*scale, scale, d
}

func (v *View) event(e Event, _ *World) {
	x, y, _, _ := v.project(e.X, e.Y+0.5, e.Z)
	u := v.focal / behind
	switch e.Kind {
	case "jump":
		v.spring.kick(5)
		v.particles.burst(x, y+u*0.3, u, white, 8, false)
	case "land":
		v.spring.kick(-5)
		v.particles.burst(x, y+u*0.4, u, white, 6, false)
	case "move":
		v.spring.kick(2)
	case "collect":
		v.particles.burst(x, y, u, colors.collect, 12, true)
	case "stomp":
		v.spring.kick(6)
		v.shake.hit(0.1, 0.15)
		v.particles.burst(x, y, u, colors.enemy, 24, true)
		v.particles.ripple(x, y, u, colors.accent)
	case "hurt":
		v.shake.hit(0.32, 0.4)
		v.particles.burst(x, y, u, colors.hero, 26, true)
	case "won":
		for i := range 5 {
			v.particles.burst(x+(float64(i)-2)*u, y-u, u, []color.RGBA{colors.collect, colors.accent, colors.hero}[i%3], 28, true)
		}
	}
}

func (v *View) draw(dst *ebiten.Image, sky *Backdrop, w *World, dt float64, state string) {
	v.clock += dt
	v.width, v.height = float64(dst.Bounds().Dx()), float64(dst.Bounds().Dy())
	atHero := min(v.width*0.96/(laneWidth*3.9), v.height*0.15)
	v.focal, v.horizon, v.camera = atHero*behind, v.height*0.4, v.height*0.44/atHero
	p := &w.player
	heroZ := p.z
	if state == "playing" {
		v.z = p.z
	} else {
		v.z += dt * 4 // the road rolls on behind the title
		heroZ = v.z
	}
	v.x += (p.x*0.55 - v.x) * min(1, dt*8)
	sky.draw(dst, v.x*60+v.z*2, 0.4, dt)
	v.road(dst)
	sx, sy := v.shake.offset(dt, atHero)
	v.horizon += sy
	v.width += sx * 2

	var list []thing
	add := func(z float64, draw func()) { list = append(list, thing{z, draw}) }
	v.props(dst, sky, add)
	if state != "title" {
		for _, i := range w.items {
			add(i.z, func() {
				v.put(dst, sprites.collect, i.x, i.y+math.Sin(v.clock*3+i.z)*0.06, i.z, 0.72, math.Cos(v.clock*2.4+i.z*0.3), false)
			})
		}
		for _, b := range w.blocks {
			add(b.z, func() { v.block(dst, b) })
		}
	}
	add(heroZ, func() { v.hero(dst, w, dt, heroZ, state) })
	slices.SortStableFunc(list, func(a, b thing) int {
		if a.z > b.z {
			return -1
		}
		return 1
	})
	for _, t := range list {
		t.draw()
	}
	v.particles.draw(dst, dt, 0, 0, atHero)
}

type thing struct {
	z    float64
	draw func()
}

// put draws a picture that is size units large; far things come out of the haze.
func (v *View) put(dst, img *ebiten.Image, x, y, z, size, sx float64, foot bool) {
	px, py, scale, d := v.project(x, y, z)
	if d > 0.8 && d < far {
		put(dst, img, Look{X: px, Y: py, Size: size * scale, SX: sx, SY: 1, Alpha: clamp((far-d)/16, 0.01, 1), FromBottom: foot})
	}
}

func (v *View) road(dst *ebiten.Image) {
	haze := mix(colors.skyLow, colors.ground, 0.35)
	shade(dst, 0, v.horizon, v.width, v.height-v.horizon, haze, colors.ground)
	edge := laneWidth * 1.62
	dark := darker(mix(colors.ground, colors.sky, 0.6), 0.35)
	first := int(math.Floor((v.z - behind + 0.5) / stripe))
	for i := first + far/stripe; i >= first; i-- {
		from, to := max(v.z-behind+0.45, float64(i)*stripe), float64(i+1)*stripe
		if to <= from {
			continue
		}
		near := i&1 == 1
		dim := clamp((to-v.z)/far, 0, 0.8)
		bank, rim, tar := colors.ground, colors.text, dark
		if near {
			bank, rim, tar = lighter(colors.ground, 0.09), colors.accent, lighter(dark, 0.06)
		}
		v.band(dst, from, to, -40, 40, alpha(bank, 0.5*(1-dim)))
		v.band(dst, from, to, -edge-0.28, edge+0.28, alpha(rim, 1-dim))
		v.band(dst, from, to, -edge, edge, mix(tar, colors.skyLow, dim*0.7))
		if near {
			v.band(dst, from, to, -0.5*laneWidth-0.06, -0.5*laneWidth+0.06, alpha(colors.text, 0.5*(1-dim)))
			v.band(dst, from, to, 0.5*laneWidth-0.06, 0.5*laneWidth+0.06, alpha(colors.text, 0.5*(1-dim)))
		}
	}
}

func (v *View) band(dst *ebiten.Image, from, to, left, right float64, c color.RGBA) {
	var corners [4]xy
	for i, at := range [4]xy{{left, from}, {right, from}, {right, to}, {left, to}} {
		x, y, _, _ := v.project(at[0], 0, at[1])
		corners[i] = xy{x, y}
	}
	quad(dst, corners, one(c))
}

// props stand along the road, for ever.
func (v *View) props(dst *ebiten.Image, sky *Backdrop, add func(float64, func())) {
	for i := range 20 {
		side := float64(i%2*2 - 1)
		n := int(math.Floor((v.z-behind)/9)) + i/2 + 1
		away := float64(uint32(n)*2654435761) / 4294967296
		z := float64(n)*9 + side*2
		add(z, func() {
			v.put(dst, sky.prop, side*(laneWidth*1.62+1.8+away*2.6), 0, z, (2.6+away*1.8)/2, 1, true)
		})
	}
}

// block draws a low crate to jump over, a tall one to dodge, or a foe.
func (v *View) block(dst *ebiten.Image, b *Block) {
	if b.kind == "enemy" {
		v.put(dst, sprites.enemy.frame(v.clock*1.8+b.z*0.01), b.x, 0.62, b.z, 1.15, 1, false)
		return
	}
	high, fill := 0.85, colors.enemy
	if b.kind == "tall" {
		high, fill = 2.5, darker(colors.enemy, 0.35)
	}
	const half, deep = 0.86, 0.9
	x0, y0, scale, d := v.project(b.x-half, 0, b.z)
	x1, y1, _, _ := v.project(b.x+half, high, b.z)
	bx0, by, _, _ := v.project(b.x-half, high, b.z+deep)
	bx1, _, _, _ := v.project(b.x+half, high, b.z+deep)
	a := clamp((far-d)/16, 0, 1)
	if d < 0.8 || a <= 0 {
		return
	}
	quad(dst, [4]xy{{x0, y1}, {x1, y1}, {bx1, by}, {bx0, by}}, one(alpha(lighter(fill, 0.35), a)))
	shade(dst, x0, y1, x1-x0, y0-y1, alpha(lighter(fill, 0.1), a), alpha(darker(fill, 0.35), a))
	edge := 0.05 * scale
	dark := alpha(darker(fill, 0.7), a)
	for _, r := range [][4]float64{{x0, y1, x1 - x0, edge}, {x0, y0 - edge, x1 - x0, edge}, {x0, y1, edge, y0 - y1}, {x1 - edge, y1, edge, y0 - y1}} {
		bar(dst, r[0], r[1], r[2], r[3], dark)
	}
	eye := 0.13 * scale
	for _, side := range []float64{-0.28, 0.28} {
		ex, ey, _, _ := v.project(b.x+side, min(high-0.35, 1.2), b.z)
		circle(dst, ex, ey, eye, eye*1.2, 0, alpha(white, a))
		circle(dst, ex, ey+eye*0.2, eye*0.5, eye*0.7, 0, dark)
	}
}

func (v *View) hero(dst *ebiten.Image, w *World, dt, z float64, state string) {
	p := &w.player
	squash := v.spring.step(dt)
	fx, fy, scale, _ := v.project(p.x, 0, z)
	shadow := max(0.4, 1-p.y*0.25)
	circle(dst, fx, fy, 0.5*scale*shadow, 0.13*scale*shadow, 0, alpha(black, 0.35))
	img, bounce := sprites.heroBack.frame(0.25), 0.0
	if p.onGround {
		img, bounce = sprites.heroBack.frame(z*0.28), math.Abs(math.Sin(z*0.9))*0.09
	}
	a, turn := 1.0, (float64(p.lane)*laneWidth-p.x)*0.16
	if p.hurt > 0 && math.Sin(v.clock*40) > 0 && state == "playing" {
		a = 0.35
	}
	if state == "lost" {
		a, turn = 0.5, 1.4
	}
	x, y, scale, _ := v.project(p.x, p.y+0.66+bounce, z)
	put(dst, img, Look{X: x, Y: y, Size: 1.25 * scale, SX: 1 - squash*0.3, SY: 1 + squash*0.3, Turn: turn, Alpha: a})
}
