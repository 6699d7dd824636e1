package main

// A shining pearl with a ring around it. Parts: x right, y up, about one unit tall, facing right.
var roleFigure = []part{
	{shape: ball, at: xy{0, 0}, size: xy{0.66, 0.66}, fill: "main"},
	{shape: ring, at: xy{0, 0}, size: xy{0.92, 0.34}, tilt: 0.4, z: 0.3, tube: 0.06, fill: "main+", flat: true},
	{shape: ball, at: xy{-0.12, 0.14}, size: xy{0.16, 0.12}, tilt: 0.6, z: 0.32, fill: "white", flat: true},
}
