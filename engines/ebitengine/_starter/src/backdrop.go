package main

import (
	"image/color"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

const (
	layerWidth  = 1024
	layerHeight = 420
)

// Backdrop is what is far away: a sky, two layers that move at their own pace, and something that floats in the air.
type Backdrop struct {
	far, near *ebiten.Image
	sun       *ebiten.Image
	block     *ebiten.Image
	prop      *ebiten.Image
	specks    []speck
	clock     float64
}

type speck struct{ x, y, size, phase float64 }

func newBackdrop() *Backdrop {
	b := &Backdrop{far: layer(11, theme.far, mix(colors.skyLow, colors.sky, 0.5)),
		near: layer(12, theme.near, mix(darker(colors.ground, 0.25), colors.skyLow, 0.35))}
	sun := newCanvas(256, 256)
	theme.sun(sun)
	b.sun = ebiten.NewImageFromImage(sun)
	block := newCanvas(unit, unit)
	theme.block(block, newRandom(7))
	b.block = ebiten.NewImageFromImage(block)
	prop := newCanvas(2*unit, 2*unit)
	theme.prop(prop, newRandom(5))
	b.prop = ebiten.NewImageFromImage(prop)
	r := newRandom(3)
	for range 36 {
		b.specks = append(b.specks, speck{r.next(), r.next(), r.between(0.5, 1.4), r.between(0, 6)})
	}
	return b
}

// layer paints a picture that repeats sideways without a seam: it is painted three times, one width apart.
func layer(seed int64, paint func(c Canvas, r *Random, shift float64, fill color.RGBA), fill color.RGBA) *ebiten.Image {
	c := newCanvas(layerWidth, layerHeight)
	for _, shift := range []float64{-layerWidth, 0, layerWidth} {
		paint(c, newRandom(seed), shift, fill)
	}
	return ebiten.NewImageFromImage(c)
}

// draw fills the picture; x is how far the view has gone, in pixels, and horizon where the sky ends, 1 for the bottom.
func (b *Backdrop) draw(dst *ebiten.Image, x, horizon, dt float64) {
	b.clock += dt
	w, h := float64(dst.Bounds().Dx()), float64(dst.Bounds().Dy())
	end := h * horizon
	shade(dst, 0, 0, w, end*0.75, colors.sky, colors.skyLow)
	shade(dst, 0, end*0.75, w, h-end*0.75, colors.skyLow, mix(colors.skyLow, colors.ground, 0.35))
	size := h * 0.5
	put(dst, b.sun, Look{X: w * 0.7, Y: end * 0.34, Size: size * unit / 256})
	for i, img := range []*ebiten.Image{b.far, b.near} {
		scale := end / layerHeight * [2]float64{0.72, 0.5}[i]
		lw := layerWidth * scale
		from := -math.Mod(x*[2]float64{0.1, 0.28}[i], lw)
		if from > 0 {
			from -= lw
		}
		for ; from < w; from += lw {
			var op ebiten.DrawImageOptions
			op.Filter = ebiten.FilterLinear
			op.GeoM.Scale(scale, scale)
			op.GeoM.Translate(math.Floor(from), end-layerHeight*scale+1)
			dst.DrawImage(img, &op)
		}
	}
	for _, s := range b.specks {
		sx := math.Mod(s.x+b.clock*theme.drift[0]*0.05-x/w*0.2*s.size+1000, 1)
		sy := math.Mod(s.y-b.clock*theme.drift[1]*0.05+1000, 1)
		a := 0.35 + 0.35*math.Sin(b.clock*2+s.phase)
		put(dst, sprites.dot, Look{X: sx * w, Y: sy * end, Size: h * 0.018 * s.size * unit / 64, Tint: &theme.speck, Alpha: a, Lighten: theme.glow})
	}
}
