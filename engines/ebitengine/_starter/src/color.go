package main

import (
	"image/color"
	"strconv"
)

// rgb reads "#rrggbb".
func rgb(hex string) color.RGBA {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color.RGBA{255, 0, 255, 255}
	}
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

var white, black = color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}

func lighter(c color.RGBA, t float64) color.RGBA { return mix(c, white, t) }
func darker(c color.RGBA, t float64) color.RGBA  { return mix(c, black, t) }

// alpha makes a colour see-through. Colours of pictures are multiplied with their alpha.
func alpha(c color.RGBA, a float64) color.RGBA {
	m := func(x uint8) uint8 { return uint8(float64(x)*a + 0.5) }
	return color.RGBA{m(c.R), m(c.G), m(c.B), m(255)}
}

// brightness is 0 for black and 1 for white.
func brightness(c color.RGBA) float64 {
	return (0.3*float64(c.R) + 0.59*float64(c.G) + 0.11*float64(c.B)) / 255
}

// colors are those of the design.
var colors = struct{ sky, skyLow, ground, hero, collect, enemy, accent, text color.RGBA }{
	rgb(design.Palette.Sky), rgb(design.Palette.SkyLow), rgb(design.Palette.Ground), rgb(design.Palette.Hero),
	rgb(design.Palette.Collect), rgb(design.Palette.Enemy), rgb(design.Palette.Accent), rgb(design.Palette.Text),
}

// role is the colour that a figure's part names: a main colour with a darker and a lighter side, and a few fixed ones.
func role(name string, main, accent color.RGBA) color.RGBA {
	switch name {
	case "main":
		return main
	case "main-":
		return darker(main, 0.3)
	case "main+":
		return lighter(main, 0.45)
	case "accent":
		return accent
	case "accent+":
		return lighter(accent, 0.5)
	case "white":
		return white
	case "cream":
		return rgb("#fff3dc")
	case "ink":
		return rgb("#1c1830")
	case "pink":
		return rgb("#ff8fa8")
	case "steel":
		return rgb("#8d99b5")
	case "gold":
		return rgb("#ffc93c")
	}
	return rgb(name)
}
