extends Reference

# A round fruit with a stalk and a leaf. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "box", at = Vector2(0.03, 0.38), size = Vector2(0.06, 0.24), tilt = -0.2, z = -0.02, fill = "#6b4423"},
	{shape = "ball", at = Vector2(0.2, 0.42), size = Vector2(0.3, 0.14), tilt = 0.3, fill = "#5ecb4a"},
	{shape = "ball", at = Vector2(0, -0.06), size = Vector2(0.74, 0.72), z = 0.02, fill = "main"},
	{shape = "ball", at = Vector2(-0.16, 0.1), size = Vector2(0.16, 0.11), tilt = 0.6, z = 0.34, fill = "main+", flat = true},
]
