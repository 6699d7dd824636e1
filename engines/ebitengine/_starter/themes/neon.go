package main

// theme is a city at night, under a banded sun.
var theme = Theme{
	far: towers(11, 0.85, false), near: towers(8, 0.75, false),
	sun: discInTheSky(colors.accent, true), block: glow, prop: lamp,
	speck: colors.accent, glow: true, drift: [2]float64{-0.3, 0.25},
}
