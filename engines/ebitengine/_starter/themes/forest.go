package main

// theme is a wood in the morning.
var theme = Theme{
	far: trees(9, 0.95, false), near: trees(13, 0.7, false),
	sun: discInTheSky(rgb("#fff3b0"), false), block: soil, prop: tree,
	speck: rgb("#fff7c2"), glow: true, drift: [2]float64{0.2, 0.3},
}
