package main

// theme is another planet, among the stars.
var theme = Theme{
	far: peaks(6, 0.6, false), near: domes(7, 0.4),
	sun: planet, block: glow, prop: crystal,
	speck: white, glow: true, drift: [2]float64{-0.1, 0.02},
}
