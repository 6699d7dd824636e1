package main

import (
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"
)

// Everything plain is drawn from one picture, a white disc: its middle is flat colour, its quarters are round corners. So
// the engine can hand all of it to the graphics card at once, and edges are soft without a second pass.
const (
	discSize = 128
	discR    = discSize/2 - 1
	middle   = discSize / 2
)

func vertex(x, y, sx, sy float64, c color.RGBA) ebiten.Vertex {
	return ebiten.Vertex{DstX: float32(x), DstY: float32(y), SrcX: float32(sx), SrcY: float32(sy),
		ColorR: float32(c.R) / 255, ColorG: float32(c.G) / 255, ColorB: float32(c.B) / 255, ColorA: float32(c.A) / 255}
}

var twoTriangles = []uint16{0, 1, 2, 0, 2, 3}

func triangles(dst *ebiten.Image, v []ebiten.Vertex, i []uint16) {
	op := ebiten.DrawTrianglesOptions{ColorScaleMode: ebiten.ColorScaleModePremultipliedAlpha, Filter: ebiten.FilterLinear}
	dst.DrawTriangles(v, i, sprites.disc, &op)
}

// quad draws four corners, each with a colour of its own.
func quad(dst *ebiten.Image, corners [4]xy, cols [4]color.RGBA) {
	var v [4]ebiten.Vertex
	for i, c := range corners {
		v[i] = vertex(c[0], c[1], middle, middle, cols[i])
	}
	triangles(dst, v[:], twoTriangles)
}

func one(c color.RGBA) [4]color.RGBA { return [4]color.RGBA{c, c, c, c} }

// bar draws a rectangle.
func bar(dst *ebiten.Image, x, y, w, h float64, c color.RGBA) {
	quad(dst, [4]xy{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, one(c))
}

// shade draws a rectangle that changes from its top to its bottom.
func shade(dst *ebiten.Image, x, y, w, h float64, top, bottom color.RGBA) {
	quad(dst, [4]xy{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, [4]color.RGBA{top, top, bottom, bottom})
}

// roundBar draws a rectangle with round corners, as three by three pieces of the disc.
func roundBar(dst *ebiten.Image, x, y, w, h, r float64, c color.RGBA) {
	r = min(r, w/2, h/2)
	xs, ys := [4]float64{x, x + r, x + w - r, x + w}, [4]float64{y, y + r, y + h - r, y + h}
	src := [4]float64{middle - discR, middle, middle, middle + discR}
	v := make([]ebiten.Vertex, 0, 16)
	for j := range 4 {
		for i := range 4 {
			v = append(v, vertex(xs[i], ys[j], src[i], src[j], c))
		}
	}
	list := make([]uint16, 0, 54)
	for j := range uint16(3) {
		for i := range uint16(3) {
			a := j*4 + i
			list = append(list, a, a+1, a+5, a, a+5, a+4)
		}
	}
	triangles(dst, v, list)
}

// circle draws a ring, or with no width a disc.
func circle(dst *ebiten.Image, x, y, rx, ry, width float64, c color.RGBA) {
	if width == 0 {
		const a, b = middle - discR, middle + discR
		v := []ebiten.Vertex{vertex(x-rx, y-ry, a, a, c), vertex(x+rx, y-ry, b, a, c), vertex(x+rx, y+ry, b, b, c), vertex(x-rx, y+ry, a, b, c)}
		triangles(dst, v, twoTriangles)
		return
	}
	at := place{x: x, y: y, sx: 1, sy: 1}
	outer, inner := oval(at, 2*rx, 2*ry), oval(at, 2*max(0, rx-width), 2*max(0, ry-width))
	n := uint16(len(outer))
	v := make([]ebiten.Vertex, 0, 2*n)
	list := make([]uint16, 0, 6*n)
	for i := range n {
		v = append(v, vertex(outer[i][0], outer[i][1], middle, middle, c), vertex(inner[i][0], inner[i][1], middle, middle, c))
		j := (i + 1) % n
		list = append(list, 2*i, 2*j, 2*j+1, 2*i, 2*j+1, 2*i+1)
	}
	triangles(dst, v, list)
}
