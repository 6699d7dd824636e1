package main

// theme is mountains in the snow.
var theme = Theme{
	far: peaks(6, 0.85, true), near: trees(14, 0.62, true),
	sun: discInTheSky(rgb("#fffbe6"), false), block: bricks, prop: fir,
	speck: white, glow: false, drift: [2]float64{-0.2, -0.7},
}
