extends Reference

# A cat: pointed ears, whiskers, a long raised tail. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "box", at = Vector2(-0.4, 0.02), size = Vector2(0.12, 0.56), tilt = 0.35, wag = 0.3, z = -0.22, round = 0.5, fill = "main-"},
	{shape = "ball", at = Vector2(-0.15, -0.42), size = Vector2(0.2, 0.17), swing = 0.14, z = 0.05, fill = "white"},
	{shape = "ball", at = Vector2(0.17, -0.42), size = Vector2(0.2, 0.17), swing = -0.14, z = 0.07, fill = "white"},
	{shape = "ball", at = Vector2(0, -0.2), size = Vector2(0.54, 0.5), fill = "main"},
	{shape = "cone", at = Vector2(-0.2, 0.42), size = Vector2(0.26, 0.28), tilt = 0.25, z = 0.02, fill = "main"},
	{shape = "cone", at = Vector2(0.28, 0.42), size = Vector2(0.26, 0.28), tilt = -0.25, z = 0.02, fill = "main"},
	{shape = "cone", at = Vector2(-0.19, 0.41), size = Vector2(0.13, 0.15), tilt = 0.25, z = 0.1, fill = "pink", flat = true},
	{shape = "cone", at = Vector2(0.27, 0.41), size = Vector2(0.13, 0.15), tilt = -0.25, z = 0.1, fill = "pink", flat = true},
	{shape = "ball", at = Vector2(0.04, 0.17), size = Vector2(0.74, 0.56), z = 0.12, fill = "main"},
	{shape = "ball", at = Vector2(0.12, 0.06), size = Vector2(0.34, 0.22), z = 0.28, fill = "cream"},
	{shape = "ball", at = Vector2(-0.06, 0.22), size = Vector2(0.17, 0.19), z = 0.34, fill = "accent+", flat = true},
	{shape = "ball", at = Vector2(0.27, 0.22), size = Vector2(0.17, 0.19), z = 0.34, fill = "accent+", flat = true},
	{shape = "ball", at = Vector2(-0.04, 0.22), size = Vector2(0.07, 0.16), z = 0.38, fill = "ink", flat = true},
	{shape = "ball", at = Vector2(0.29, 0.22), size = Vector2(0.07, 0.16), z = 0.38, fill = "ink", flat = true},
	{shape = "ball", at = Vector2(0.12, 0.11), size = Vector2(0.09, 0.06), z = 0.4, fill = "pink", flat = true},
	{shape = "box", at = Vector2(0.36, 0.07), size = Vector2(0.24, 0.018), tilt = 0.15, z = 0.36, fill = "white", flat = true},
	{shape = "box", at = Vector2(-0.14, 0.07), size = Vector2(0.24, 0.018), tilt = -0.15, z = 0.36, fill = "white", flat = true},
]
