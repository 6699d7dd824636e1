package main

// A five-pointed star. Parts: x right, y up, about one unit tall, facing right.
var roleFigure = []part{
	{shape: poly, at: xy{0, 0}, size: xy{0.9, 0.9}, fill: "main", points: []xy{{0, 0.52}, {0.15, 0.2}, {0.5, 0.16}, {0.24, -0.08}, {0.31, -0.43}, {0, -0.25}, {-0.31, -0.43}, {-0.24, -0.08}, {-0.5, 0.16}, {-0.15, 0.2}}},
	{shape: poly, at: xy{0, 0.01}, size: xy{0.5, 0.5}, z: 0.05, fill: "main+", flat: true, points: []xy{{0, 0.52}, {0.15, 0.2}, {0.5, 0.16}, {0.24, -0.08}, {0.31, -0.43}, {0, -0.25}, {-0.31, -0.43}, {-0.24, -0.08}, {-0.5, 0.16}, {-0.15, 0.2}}},
}
