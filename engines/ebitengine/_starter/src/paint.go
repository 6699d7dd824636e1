package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"

	"golang.org/x/image/vector"
)

// Canvas is a picture that is painted once, with soft edges, before the engine gets it.
type Canvas struct{ *image.RGBA }

func newCanvas(w, h int) Canvas { return Canvas{image.NewRGBA(image.Rect(0, 0, w, h))} }

// place is where a shape goes: turned, scaled, then moved.
type place struct {
	x, y, tilt float64
	sx, sy     float64
}

func (p place) at(v xy) (x, y float64) {
	sin, cos := math.Sincos(p.tilt)
	rx, ry := v[0]*cos-v[1]*sin, v[0]*sin+v[1]*cos
	return p.x + rx*p.sx, p.y + ry*p.sy
}

// fill paints the inside of closed outlines. One outline within another, in the other direction, is a hole.
func (c Canvas) fill(paint func(x, y float64) color.RGBA, outlines ...[]xy) {
	low, high := xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}
	for _, o := range outlines {
		for _, v := range o {
			low, high = xy{min(low[0], v[0]), min(low[1], v[1])}, xy{max(high[0], v[0]), max(high[1], v[1])}
		}
	}
	box := image.Rect(int(math.Floor(low[0])), int(math.Floor(low[1])), int(math.Ceil(high[0]))+1, int(math.Ceil(high[1]))+1).
		Intersect(c.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	ox, oy := float64(box.Min.X), float64(box.Min.Y)
	for _, o := range outlines {
		for i, v := range o {
			if i == 0 {
				r.MoveTo(float32(v[0]-ox), float32(v[1]-oy))
			} else {
				r.LineTo(float32(v[0]-ox), float32(v[1]-oy))
			}
		}
		r.ClosePath()
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	r.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	for y := range box.Dy() {
		for x := range box.Dx() {
			a := uint32(mask.Pix[y*mask.Stride+x])
			if a == 0 {
				continue
			}
			s := paint(float64(x)+ox+0.5, float64(y)+oy+0.5)
			i := c.PixOffset(x+box.Min.X, y+box.Min.Y)
			keep := 255 - uint32(s.A)*a/255
			for k, v := range [4]uint8{s.R, s.G, s.B, s.A} {
				c.Pix[i+k] = uint8(min(255, uint32(v)*a/255+uint32(c.Pix[i+k])*keep/255))
			}
		}
	}
}

// plain is paint of one colour.
func plain(c color.RGBA) func(x, y float64) color.RGBA {
	return func(float64, float64) color.RGBA { return c }
}

// fade is paint that changes from one height to another.
func fade(top, bottom float64, from, to color.RGBA) func(x, y float64) color.RGBA {
	return func(_, y float64) color.RGBA { return blend(from, to, clamp((y-top)/(bottom-top), 0, 1)) }
}

// blend is mix for colours that may be see-through.
func blend(a, b color.RGBA, t float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}

func rect(x, y, w, h float64) []xy { return []xy{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}} }

// oval is an ellipse around a place.
func oval(p place, w, h float64) []xy {
	n := 40
	out := make([]xy, n)
	for i := range out {
		sin, cos := math.Sincos(float64(i) / float64(n) * 2 * math.Pi)
		x, y := p.at(xy{cos * w / 2, sin * h / 2})
		out[i] = xy{x, y}
	}
	return out
}

func disc(x, y, r float64) []xy { return oval(place{x: x, y: y, sx: 1, sy: 1}, 2*r, 2*r) }

// halo paints a soft light.
func (c Canvas) halo(x, y, r float64, col color.RGBA, strength float64) {
	c.fill(func(px, py float64) color.RGBA {
		t := 1 - math.Hypot(px-x, py-y)/r
		if t <= 0 {
			return color.RGBA{}
		}
		return alpha(col, strength*t*t)
	}, rect(x-r, y-r, 2*r, 2*r))
}

// Shapes of a figure's parts.
const (
	ball = iota // an ellipse
	box         // a rectangle with round corners
	cone        // a triangle
	ring        // an ellipse that is hollow
	poly        // any polygon
)

// part is one simple shape of a figure. swing and wag move it as the figure walks; flat parts lie on others and have no
// shade; a part with mirror is there twice, left and right.
type part struct {
	shape                            int
	at, size                         xy
	tilt, wag, swing, z, round, tube float64
	fill                             string
	flat, mirror, flip               bool
	points                           []xy
}

// outlines traces a part that is grown on all sides, around its own middle.
func (p part) outlines(to place, grow float64) [][]xy {
	w, h := p.size[0]+2*grow, p.size[1]+2*grow
	var pts []xy
	switch p.shape {
	case ball:
		return [][]xy{oval(to, w, h)}
	case ring:
		hole := oval(to, w-p.tube-4*grow, h-p.tube-4*grow)
		slices.Reverse(hole)
		return [][]xy{oval(to, w+p.tube, h+p.tube), hole}
	case box:
		round := p.round
		if round == 0 {
			round = 0.25
		}
		r := min(w, h) * min(round, 0.5)
		for corner, c := range []xy{{w/2 - r, h/2 - r}, {r - w/2, h/2 - r}, {r - w/2, r - h/2}, {w/2 - r, r - h/2}} {
			for i := range 7 {
				sin, cos := math.Sincos((float64(corner) + float64(i)/6) * math.Pi / 2)
				pts = append(pts, xy{c[0] + r*cos, c[1] + r*sin})
			}
		}
	case cone:
		pts = []xy{{-w / 2, -h / 2}, {w / 2, -h / 2}, {0, h / 2}}
	default:
		for _, v := range p.points {
			x := v[0]
			if p.flip {
				x = -x
			}
			pts = append(pts, xy{x * w, v[1] * h})
		}
	}
	out := make([]xy, len(pts))
	for i, v := range pts {
		out[i][0], out[i][1] = to.at(v)
	}
	return [][]xy{out}
}

// expand adds the mirrored parts and sorts them, the farthest first.
func expand(figure []part, turn float64) []part {
	var all []part
	for _, p := range figure {
		all = append(all, p)
		if p.mirror {
			p.at[0], p.tilt, p.wag, p.swing, p.flip = -p.at[0], -p.tilt, -p.wag, -p.swing, true
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b part) int {
		switch d := turn * (a.z - b.z); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return all
}

// figure paints a figure with a dark outline, unit pixels to a unit, in a phase of its walk from 0 to 2π. From behind, the
// nearest parts are the farthest, so the face disappears behind the head by itself.
func (c Canvas) figure(figure []part, main, accent color.RGBA, x, y, unit, phase float64, behind bool) {
	turn := 1.0
	if behind {
		turn = -1
	}
	parts := expand(figure, turn)
	outline := darker(main, 0.72)
	pose := func(p part) place {
		sin, cos := math.Sincos(phase)
		px := p.at[0] + p.swing*sin
		py := p.at[1] + max(0, math.Abs(p.swing)*0.6*cos*sign(p.swing))
		return place{x: x + px*unit*turn, y: y - py*unit, tilt: p.tilt + p.wag*sin, sx: unit * turn, sy: -unit}
	}
	for _, p := range parts {
		if !p.flat {
			c.fill(plain(outline), p.outlines(pose(p), 0.0425)...)
		}
	}
	for _, p := range parts {
		at, col := pose(p), role(p.fill, main, accent)
		if p.flat || p.shape == ring {
			c.fill(plain(col), p.outlines(at, 0)...)
			continue
		}
		r := max(p.size[0], p.size[1]) * unit
		lx, ly := at.x-r*0.18, at.y-r*0.22
		light, dark := lighter(col, 0.35), darker(col, 0.28)
		c.fill(func(px, py float64) color.RGBA {
			d := math.Hypot(px-lx, py-ly) / (r * 0.78)
			if d < 0.45 {
				return mix(light, col, d/0.45)
			}
			return mix(col, dark, clamp((d-0.45)/0.55, 0, 1))
		}, p.outlines(at, 0)...)
	}
}

// over copies a picture onto another.
func (c Canvas) over(src Canvas, x, y int) {
	draw.Draw(c, src.Bounds().Add(image.Pt(x, y)), src, image.Point{}, draw.Over)
}
