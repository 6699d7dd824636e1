package main

import (
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"
)

// tile fills a rectangle with a picture, as often as it takes.
func tile(dst, img *ebiten.Image, x, y, w, h, size float64) {
	n := float32(img.Bounds().Dx())
	corner := func(cx, cy float64) ebiten.Vertex {
		return ebiten.Vertex{DstX: float32(cx), DstY: float32(cy), SrcX: float32(cx-x) / float32(size) * n, SrcY: float32(cy-y) / float32(size) * n,
			ColorR: 1, ColorG: 1, ColorB: 1, ColorA: 1}
	}
	v := []ebiten.Vertex{corner(x, y), corner(x+w, y), corner(x+w, y+h), corner(x, y+h)}
	dst.DrawTriangles(v, []uint16{0, 1, 2, 0, 2, 3}, img, &ebiten.DrawTrianglesOptions{Address: ebiten.AddressRepeat, Filter: ebiten.FilterLinear})
}

// topColor is that of the ground's upper edge.
func topColor() color.RGBA {
	switch design.Theme {
	case "neon", "space", "lava":
		return colors.accent
	case "snow", "candy":
		return lighter(colors.ground, 0.75)
	}
	return lighter(colors.ground, 0.25)
}
