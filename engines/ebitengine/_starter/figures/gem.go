package main

// A cut gem with bright facets. Parts: x right, y up, about one unit tall, facing right.
var roleFigure = []part{
	{shape: poly, at: xy{0, 0}, size: xy{0.8, 0.82}, fill: "main", points: []xy{{-0.3, 0.45}, {0.3, 0.45}, {0.5, 0.14}, {0, -0.5}, {-0.5, 0.14}}},
	{shape: poly, at: xy{0, 0.24}, size: xy{0.5, 0.2}, z: 0.04, fill: "main+", flat: true, points: []xy{{-0.3, 0.5}, {0.3, 0.5}, {0.5, -0.5}, {-0.5, -0.5}}},
	{shape: poly, at: xy{0.16, -0.08}, size: xy{0.3, 0.5}, z: 0.03, fill: "main-", flat: true, points: []xy{{-0.5, 0.5}, {0.5, 0.5}, {-0.5, -0.5}}},
}
