package main

// theme is hills of sweets.
var theme = Theme{
	far: domes(7, 0.75), near: domes(11, 0.5),
	sun: discInTheSky(white, false), block: sweet, prop: lolly,
	speck: white, glow: false, drift: [2]float64{0.15, -0.3},
}
