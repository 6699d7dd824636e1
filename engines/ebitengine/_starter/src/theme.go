package main

import (
	"image/color"
	"math"
)

// Theme is what a world looks like beside its colours. theme, in look.go, is the one of this game.
type Theme struct {
	far, near func(c Canvas, r *Random, shift float64, fill color.RGBA)
	sun       func(c Canvas)
	block     func(c Canvas, r *Random)
	prop      func(c Canvas, r *Random)
	speck     color.RGBA
	glow      bool       // the specks shine
	drift     [2]float64 // how they move
}

// ---- what layers are made of ----

// hills are waves that fit the width a whole number of times.
func hills(base float64, waves ...[3]float64) func(Canvas, *Random, float64, color.RGBA) {
	return func(c Canvas, _ *Random, shift float64, fill color.RGBA) {
		if shift != 0 {
			return // it has no seam
		}
		pts := []xy{{0, layerHeight}}
		for x := 0.0; x <= layerWidth; x += 4 {
			y := base
			for _, w := range waves {
				y += w[1] * math.Sin(x/layerWidth*w[0]*2*math.Pi+w[2])
			}
			pts = append(pts, xy{x, layerHeight - y})
		}
		c.fill(fade(layerHeight-base*1.4, layerHeight, lighter(fill, 0.12), fill), append(pts, xy{layerWidth, layerHeight}))
	}
}

// peaks are mountains; with snow their tops are white.
func peaks(n int, tall float64, snow bool) func(Canvas, *Random, float64, color.RGBA) {
	return func(c Canvas, r *Random, shift float64, fill color.RGBA) {
		for i := range n {
			x := float64(i)/float64(n)*layerWidth + r.between(-20, 20) + shift
			h, w := layerHeight*r.between(tall*0.6, tall), layerWidth/float64(n)*r.between(0.8, 1.2)
			c.fill(fade(layerHeight-h, layerHeight, lighter(fill, 0.16), fill), []xy{{x - w, layerHeight}, {x, layerHeight - h}, {x + w, layerHeight}})
			if snow {
				s := 0.28
				c.fill(plain(alpha(white, 0.85)), []xy{{x - w*s, layerHeight - h*(1-s)}, {x, layerHeight - h}, {x + w*s, layerHeight - h*(1-s)},
					{x + w*s*0.3, layerHeight - h*(1-s*0.8)}, {x - w*s*0.2, layerHeight - h*(1-s*1.25)}})
			}
		}
	}
}

// towers are houses with lit windows.
func towers(n int, tall float64, pointed bool) func(Canvas, *Random, float64, color.RGBA) {
	return func(c Canvas, r *Random, shift float64, fill color.RGBA) {
		lights := []color.RGBA{colors.accent, colors.collect, colors.hero}
		for i := range n {
			x := float64(i)/float64(n)*layerWidth + r.between(0, 20) + shift
			w, h := layerWidth/float64(n)*r.between(0.6, 1.05), layerHeight*r.between(tall*0.45, tall)
			c.fill(fade(layerHeight-h, layerHeight, lighter(fill, 0.14), fill), rect(x, layerHeight-h, w, h))
			if pointed {
				c.fill(plain(lighter(fill, 0.1)), []xy{{x - 6, layerHeight - h}, {x + w/2, layerHeight - h - w*0.8}, {x + w + 6, layerHeight - h}})
			} else {
				c.fill(plain(alpha(pick(r, lights...), 0.9)), rect(x, layerHeight-h, w, 3))
			}
			for wy := layerHeight - h + 14; wy < layerHeight-10; wy += 20 {
				for wx := x + 8; wx < x+w-10; wx += 16 {
					if r.chance(0.36) {
						c.fill(plain(alpha(pick(r, lights...), r.between(0.25, 0.8))), rect(wx, wy, 6, 9))
					}
				}
			}
		}
	}
}

// trees stand in a row; with cones they are firs.
func trees(n int, tall float64, firs bool) func(Canvas, *Random, float64, color.RGBA) {
	return func(c Canvas, r *Random, shift float64, fill color.RGBA) {
		c.fill(plain(fill), rect(0, layerHeight*0.86, layerWidth, layerHeight*0.14))
		for i := range n {
			x := float64(i)/float64(n)*layerWidth + r.between(-12, 12) + shift
			h := layerHeight * r.between(tall*0.6, tall)
			w := h * r.between(0.3, 0.42)
			top := layerHeight - h
			c.fill(plain(darker(fill, 0.25)), rect(x-w*0.06, top+h*0.4, w*0.12, h*0.6))
			light := fade(top, layerHeight, lighter(fill, 0.2), fill)
			if firs {
				for k := range 3 {
					y, s := top+h*0.22*float64(k), 0.5+0.25*float64(k)
					c.fill(light, []xy{{x - w*s*0.7, y + h*0.36}, {x, y}, {x + w*s*0.7, y + h*0.36}})
				}
				continue
			}
			c.fill(light, disc(x, top+h*0.3, w*0.62))
			c.fill(light, disc(x-w*0.4, top+h*0.42, w*0.44))
			c.fill(light, disc(x+w*0.42, top+h*0.4, w*0.42))
		}
	}
}

// domes are round things: bubbles, sweets, planets' hills.
func domes(n int, tall float64) func(Canvas, *Random, float64, color.RGBA) {
	return func(c Canvas, r *Random, shift float64, fill color.RGBA) {
		for i := range n {
			x := float64(i)/float64(n)*layerWidth + r.between(-20, 20) + shift
			h := layerHeight * r.between(tall*0.5, tall)
			c.fill(fade(layerHeight-h, layerHeight, lighter(fill, 0.3), fill), oval(place{x: x, y: layerHeight, sx: 1, sy: 1}, h*1.5, h*2))
			c.fill(plain(alpha(white, 0.16)), oval(place{x: x - h*0.25, y: layerHeight - h*0.6, tilt: -0.5, sx: 1, sy: 1}, h*0.4, h*0.2))
		}
	}
}

// ---- what stands in the sky ----

func discInTheSky(col color.RGBA, stripes bool) func(Canvas) {
	return func(c Canvas) {
		c.halo(128, 128, 126, col, 0.55)
		c.fill(fade(78, 178, lighter(col, 0.5), col), disc(128, 128, 50))
		if stripes {
			for i := range 5 {
				y := float64(i) * 10
				half := math.Sqrt(50*50-y*y) + 1
				c.fill(plain(mix(colors.sky, colors.skyLow, 0.7)), rect(128-half, 128+y, 2*half, 2+float64(i)*1.6))
			}
		}
	}
}

func moon(c Canvas) {
	c.halo(128, 128, 120, rgb("#fff6d8"), 0.4)
	c.fill(plain(rgb("#fff6d8")), disc(128, 128, 40))
	for _, v := range [][3]float64{{114, 118, 9}, {140, 138, 7}, {132, 110, 5}} {
		c.fill(plain(rgb("#e6dbb4")), disc(v[0], v[1], v[2]))
	}
}

func planet(c Canvas) {
	c.halo(128, 128, 110, colors.accent, 0.35)
	c.fill(fade(88, 168, lighter(colors.accent, 0.3), darker(colors.accent, 0.5)), disc(128, 128, 40))
	hole := oval(place{x: 128, y: 128, tilt: -0.4, sx: 1, sy: 1}, 130, 22)
	for i, j := 0, len(hole)-1; i < j; i, j = i+1, j-1 {
		hole[i], hole[j] = hole[j], hole[i]
	}
	c.fill(plain(alpha(lighter(colors.collect, 0.2), 0.8)), oval(place{x: 128, y: 128, tilt: -0.4, sx: 1, sy: 1}, 146, 36), hole)
}

// ---- blocks of the ground ----

func bricks(c Canvas, _ *Random) {
	c.fill(fade(0, unit, lighter(colors.ground, 0.08), darker(colors.ground, 0.3)), rect(0, 0, unit, unit))
	for row := range 4 {
		y := float64(row) * unit / 4
		c.fill(plain(alpha(darker(colors.ground, 0.5), 0.6)), rect(0, y, unit, 2))
		x := float64(row%2) * unit / 4
		for ; x < unit; x += unit / 2 {
			c.fill(plain(alpha(darker(colors.ground, 0.5), 0.6)), rect(x, y, 2, unit/4))
		}
	}
}

func soil(c Canvas, r *Random) {
	base := darker(mix(colors.ground, rgb("#6b4423"), 0.35), 0.15)
	c.fill(fade(0, unit, lighter(base, 0.1), darker(base, 0.18)), rect(0, 0, unit, unit))
	for range 9 {
		x, y, s := r.between(8, unit-8), r.between(8, unit-8), r.between(3, 8)
		c.fill(plain(alpha(pick(r, lighter(base, 0.25), darker(base, 0.3)), 0.7)), oval(place{x: x, y: y, sx: 1, sy: 1}, s*2, s*1.4))
	}
}

func glow(c Canvas, _ *Random) {
	c.fill(fade(0, unit, lighter(colors.ground, 0.08), darker(colors.ground, 0.35)), rect(0, 0, unit, unit))
	for i := range 3 {
		at := float64(i) * (unit - 2) / 2
		c.fill(plain(alpha(colors.accent, 0.45)), rect(at, 0, 2, unit))
		c.fill(plain(alpha(colors.accent, 0.45)), rect(0, at, unit, 2))
	}
}

func sweet(c Canvas, _ *Random) {
	c.fill(plain(lighter(colors.ground, 0.1)), rect(0, 0, unit, unit))
	for i := -2; i < 5; i++ {
		x := float64(i) * unit / 2
		c.fill(plain(alpha(white, 0.3)), []xy{{x, 0}, {x + unit/4, 0}, {x + unit/4 - unit/2, unit}, {x - unit/2, unit}})
	}
}

// ---- what stands about ----

const propSize = 2 * unit

func tree(c Canvas, _ *Random) {
	trunk, leaf := rgb("#6b4423"), mix(colors.ground, rgb("#2f9e44"), 0.5)
	c.fill(plain(trunk), rect(propSize*0.45, propSize*0.5, propSize*0.1, propSize*0.5))
	for _, v := range [][3]float64{{0.5, 0.3, 0.24}, {0.32, 0.42, 0.17}, {0.68, 0.42, 0.17}} {
		c.fill(fade(0, propSize*0.7, lighter(leaf, 0.3), darker(leaf, 0.15)), disc(propSize*v[0], propSize*v[1], propSize*v[2]))
	}
}

func fir(c Canvas, _ *Random) {
	leaf := mix(darker(colors.ground, 0.45), rgb("#2f6f5e"), 0.6)
	c.fill(plain(rgb("#5a3d28")), rect(propSize*0.46, propSize*0.8, propSize*0.08, propSize*0.2))
	for k := range 3 {
		y, w := propSize*(0.1+0.24*float64(k)), propSize*(0.2+0.08*float64(k))
		c.fill(fade(y, y+propSize*0.34, lighter(leaf, 0.2), leaf), []xy{{propSize/2 - w, y + propSize*0.34}, {propSize / 2, y}, {propSize/2 + w, y + propSize*0.34}})
		c.fill(plain(alpha(white, 0.7)), []xy{{propSize/2 - w*0.3, y + propSize*0.1}, {propSize / 2, y}, {propSize/2 + w*0.3, y + propSize*0.1}})
	}
}

func lamp(c Canvas, _ *Random) {
	c.fill(plain(darker(colors.sky, 0.3)), rect(propSize*0.47, propSize*0.2, propSize*0.06, propSize*0.8))
	c.halo(propSize/2, propSize*0.2, propSize*0.2, colors.accent, 0.9)
	c.fill(plain(lighter(colors.accent, 0.6)), disc(propSize/2, propSize*0.2, propSize*0.07))
}

func cactus(c Canvas, _ *Random) {
	green := rgb("#3f8f4f")
	stem := fade(0, propSize, lighter(green, 0.2), darker(green, 0.2))
	for _, v := range [][4]float64{{0.42, 0.25, 0.16, 0.75}, {0.22, 0.42, 0.11, 0.26}, {0.22, 0.58, 0.26, 0.1}, {0.66, 0.34, 0.11, 0.3}, {0.52, 0.54, 0.25, 0.1}} {
		x, y, w, h := v[0]*propSize, v[1]*propSize, v[2]*propSize, v[3]*propSize
		p := part{shape: box, size: xy{w, h}, round: 0.5}
		c.fill(stem, p.outlines(place{x: x + w/2, y: y + h/2, sx: 1, sy: 1}, 0)...)
	}
}

func crystal(c Canvas, _ *Random) {
	for _, v := range [][3]float64{{0.5, 0.85, 0.14}, {0.32, 0.5, 0.1}, {0.67, 0.58, 0.1}} {
		x, h, w := v[0]*propSize, v[1]*propSize*0.9, v[2]*propSize
		c.fill(fade(propSize-h, propSize, lighter(colors.accent, 0.5), darker(colors.accent, 0.3)),
			[]xy{{x - w, propSize}, {x - w, propSize - h*0.7}, {x, propSize - h}, {x + w, propSize - h*0.7}, {x + w, propSize}})
		c.fill(plain(alpha(white, 0.3)), []xy{{x - w*0.6, propSize - h*0.1}, {x - w*0.6, propSize - h*0.68}, {x - w*0.1, propSize - h*0.85}, {x - w*0.2, propSize - h*0.1}})
	}
}

func lolly(c Canvas, _ *Random) {
	c.fill(plain(white), rect(propSize*0.48, propSize*0.4, propSize*0.04, propSize*0.6))
	for i, col := range []color.RGBA{colors.accent, white, colors.collect, white, colors.accent} {
		c.fill(plain(col), disc(propSize/2, propSize*0.3, propSize*(0.24-0.045*float64(i))))
	}
}

func banner(c Canvas, _ *Random) {
	c.fill(plain(rgb("#6e7489")), rect(propSize*0.46, propSize*0.1, propSize*0.05, propSize*0.9))
	c.fill(fade(propSize*0.12, propSize*0.5, lighter(colors.accent, 0.2), darker(colors.accent, 0.2)),
		[]xy{{propSize * 0.51, propSize * 0.12}, {propSize * 0.85, propSize * 0.2}, {propSize * 0.72, propSize * 0.3}, {propSize * 0.85, propSize * 0.4}, {propSize * 0.51, propSize * 0.46}})
	c.fill(plain(colors.collect), disc(propSize*0.485, propSize*0.09, propSize*0.04))
}

func kelp(c Canvas, _ *Random) {
	for k := range 3 {
		x := propSize * (0.3 + 0.2*float64(k))
		h := propSize * [3]float64{0.7, 0.95, 0.6}[k]
		var left, right []xy
		for i := range 20 {
			t := float64(i) / 19
			cx, w := x+math.Sin(t*7+float64(k))*propSize*0.05, propSize*0.045*(1.1-t)
			left = append(left, xy{cx - w, propSize - t*h})
			right = append([]xy{{cx + w, propSize - t*h}}, right...)
		}
		green := mix(colors.accent, rgb("#1f8a5b"), 0.6)
		c.fill(fade(propSize-h, propSize, lighter(green, 0.3), darker(green, 0.3)), append(left, right...))
	}
}
