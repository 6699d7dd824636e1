package main

// theme is volcanoes, and embers in the air.
var theme = Theme{
	far: peaks(5, 0.8, false), near: peaks(9, 0.5, false),
	sun: discInTheSky(colors.accent, false), block: bricks, prop: crystal,
	speck: colors.accent, glow: true, drift: [2]float64{0.15, 0.8},
}
