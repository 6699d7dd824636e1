extends Reference

# A crab: claws up, eyes on stalks. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "ball", at = Vector2(0.3, -0.36), size = Vector2(0.12, 0.22), tilt = 0.4, swing = 0.08, z = -0.02, fill = "main-", mirror = true},
	{shape = "ball", at = Vector2(0.15, -0.38), size = Vector2(0.12, 0.2), swing = -0.08, fill = "main-", mirror = true},
	{shape = "ball", at = Vector2(0.5, 0.12), size = Vector2(0.3, 0.28), wag = 0.3, z = 0.02, fill = "main", mirror = true},
	{shape = "cone", at = Vector2(0.54, 0.24), size = Vector2(0.1, 0.16), tilt = 3.14, z = 0.06, fill = "ink", flat = true, mirror = true},
	{shape = "box", at = Vector2(0.16, 0.22), size = Vector2(0.06, 0.22), z = 0.02, fill = "main-", mirror = true},
	{shape = "ball", at = Vector2(0, -0.1), size = Vector2(0.82, 0.52), z = 0.04, fill = "main"},
	{shape = "ball", at = Vector2(0.16, 0.34), size = Vector2(0.2, 0.2), z = 0.08, fill = "white", mirror = true},
	{shape = "ball", at = Vector2(0.13, 0.33), size = Vector2(0.1, 0.11), z = 0.2, fill = "ink", flat = true, mirror = true},
	{shape = "box", at = Vector2(0, -0.16), size = Vector2(0.28, 0.05), z = 0.32, fill = "ink", flat = true},
]
