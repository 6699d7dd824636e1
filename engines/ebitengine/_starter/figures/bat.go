package main

// A bat: wings that beat, two fangs. Parts: x right, y up, about one unit tall, facing right.
var roleFigure = []part{
	{shape: poly, at: xy{0.42, 0.08}, size: xy{0.56, 0.5}, wag: 0.5, z: -0.05, fill: "main-", mirror: true, points: []xy{{-0.5, -0.1}, {-0.3, 0.35}, {0.5, 0.5}, {0.35, -0.3}, {0.1, -0.1}, {-0.1, -0.4}}},
	{shape: cone, at: xy{0.15, 0.34}, size: xy{0.18, 0.26}, tilt: -0.2, z: -0.01, fill: "main", mirror: true},
	{shape: ball, at: xy{0, 0}, size: xy{0.56, 0.56}, z: 0.03, fill: "main"},
	{shape: ball, at: xy{0.12, 0.07}, size: xy{0.15, 0.17}, z: 0.28, fill: "#ffe14d", flat: true, mirror: true},
	{shape: ball, at: xy{0.1, 0.06}, size: xy{0.06, 0.12}, z: 0.33, fill: "ink", flat: true, mirror: true},
	{shape: cone, at: xy{0.07, -0.14}, size: xy{0.08, 0.12}, tilt: 3.14, z: 0.28, fill: "white", flat: true, mirror: true},
}
