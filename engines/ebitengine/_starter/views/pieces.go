package main

import (
	"image/color"
	"math"
)

// What the pieces of the puzzle look like: kind 0 is the one to gather, 1 to 4 are the others.
var pieceColors = func() (list [5]color.RGBA) {
	candidates := []color.RGBA{rgb("#ff4f64"), rgb("#3fb8ff"), rgb("#5fd35f"), rgb("#b06bff"), rgb("#ff9c38"), rgb("#ffd93b"), rgb("#ff7ad1")}
	list[0] = colors.collect
	// Those that are least like what is chosen already.
	for n := 1; n < len(list); n++ {
		best := -1.0
		for _, c := range candidates {
			worth := math.Inf(1)
			for _, chosen := range list[:n] {
				worth = min(worth, unlike(c, chosen))
			}
			if worth > best {
				best, list[n] = worth, c
			}
		}
	}
	return list
}()

func unlike(a, b color.RGBA) float64 {
	d := func(x, y uint8) float64 { return float64(x) - float64(y) }
	return math.Sqrt(d(a.R, b.R)*d(a.R, b.R)+d(a.G, b.G)*d(a.G, b.G)+d(a.B, b.B)*d(a.B, b.B)) + 120*math.Abs(brightness(a)-brightness(b))
}

func paintPieces() {
	for i, figure := range [5][]part{collectFigure, piece1Figure, piece2Figure, piece3Figure, piece4Figure} {
		sprites.pieces[i] = still(figure, pieceColors[i], mix(pieceColors[i], white, 0.5))
	}
}
