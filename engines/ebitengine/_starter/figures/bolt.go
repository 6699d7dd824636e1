package main

// A bolt of energy. Parts: x right, y up, about one unit tall, facing right.
var roleFigure = []part{
	{shape: poly, at: xy{0, 0}, size: xy{0.72, 0.96}, fill: "main", points: []xy{{0.12, 0.5}, {-0.45, -0.08}, {-0.06, -0.08}, {-0.16, -0.5}, {0.45, 0.1}, {0.04, 0.1}, {0.38, 0.5}}},
}
