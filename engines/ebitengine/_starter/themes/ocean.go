package main

// theme is the bottom of a warm sea.
var theme = Theme{
	far: hills(150, [3]float64{3, 40, 0}, [3]float64{7, 16, 1}), near: domes(9, 0.42),
	sun: discInTheSky(rgb("#d8fbff"), false), block: soil, prop: kelp,
	speck: rgb("#e8fdff"), glow: true, drift: [2]float64{0.1, 0.7},
}
