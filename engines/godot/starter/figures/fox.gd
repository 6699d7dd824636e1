extends Reference

# A fox: big ears, white cheeks, a tail with a light tip. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "ball", at = Vector2(-0.46, -0.14), size = Vector2(0.5, 0.28), tilt = -0.7, wag = 0.25, z = -0.22, fill = "main"},
	{shape = "ball", at = Vector2(-0.6, 0.04), size = Vector2(0.24, 0.2), tilt = -0.7, wag = 0.25, z = -0.2, fill = "cream"},
	{shape = "ball", at = Vector2(-0.15, -0.42), size = Vector2(0.2, 0.18), swing = 0.14, z = 0.05, fill = "ink"},
	{shape = "ball", at = Vector2(0.17, -0.42), size = Vector2(0.2, 0.18), swing = -0.14, z = 0.07, fill = "ink"},
	{shape = "ball", at = Vector2(0, -0.2), size = Vector2(0.6, 0.5), fill = "main"},
	{shape = "ball", at = Vector2(0.07, -0.22), size = Vector2(0.34, 0.34), z = 0.2, fill = "cream"},
	{shape = "cone", at = Vector2(-0.16, 0.44), size = Vector2(0.26, 0.36), tilt = 0.22, z = 0.02, fill = "main"},
	{shape = "cone", at = Vector2(0.24, 0.44), size = Vector2(0.26, 0.36), tilt = -0.22, z = 0.02, fill = "main"},
	{shape = "cone", at = Vector2(-0.15, 0.42), size = Vector2(0.13, 0.2), tilt = 0.22, z = 0.1, fill = "ink", flat = true},
	{shape = "cone", at = Vector2(0.23, 0.42), size = Vector2(0.13, 0.2), tilt = -0.22, z = 0.1, fill = "ink", flat = true},
	{shape = "ball", at = Vector2(0.04, 0.18), size = Vector2(0.7, 0.52), z = 0.12, fill = "main"},
	{shape = "ball", at = Vector2(0.16, 0.06), size = Vector2(0.46, 0.28), z = 0.28, fill = "cream"},
	{shape = "ball", at = Vector2(-0.03, 0.23), size = Vector2(0.1, 0.15), z = 0.36, fill = "ink", flat = true},
	{shape = "ball", at = Vector2(0.25, 0.23), size = Vector2(0.1, 0.15), z = 0.36, fill = "ink", flat = true},
	{shape = "ball", at = Vector2(-0.01, 0.26), size = Vector2(0.04, 0.05), z = 0.4, fill = "white", flat = true},
	{shape = "ball", at = Vector2(0.27, 0.26), size = Vector2(0.04, 0.05), z = 0.4, fill = "white", flat = true},
	{shape = "ball", at = Vector2(0.17, 0.13), size = Vector2(0.12, 0.09), z = 0.4, fill = "ink", flat = true},
]
