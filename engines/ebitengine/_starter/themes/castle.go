package main

// theme is towers under the moon.
var theme = Theme{
	far: towers(6, 0.8, true), near: hills(120, [3]float64{3, 36, 0}, [3]float64{8, 12, 1}),
	sun: moon, block: bricks, prop: banner,
	speck: colors.collect, glow: true, drift: [2]float64{0.1, 0.2},
}
