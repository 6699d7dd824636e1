package main

// theme is green hills and a clear sky.
var theme = Theme{
	far: hills(170, [3]float64{2, 46, 0}, [3]float64{5, 18, 1}), near: trees(8, 0.55, false),
	sun: discInTheSky(rgb("#fff6b8"), false), block: soil, prop: tree,
	speck: white, glow: false, drift: [2]float64{0.3, 0.1},
}
