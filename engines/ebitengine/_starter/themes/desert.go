package main

// theme is dunes under a low sun.
var theme = Theme{
	far: hills(150, [3]float64{2, 50, 1}, [3]float64{5, 20, 0}), near: hills(110, [3]float64{3, 36, 2}, [3]float64{8, 10, 1}),
	sun: discInTheSky(rgb("#fff0a0"), false), block: bricks, prop: cactus,
	speck: rgb("#fff2cf"), glow: false, drift: [2]float64{-0.5, 0.05},
}
