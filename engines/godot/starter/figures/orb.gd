extends Reference

# A shining pearl with a ring around it. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "ball", at = Vector2(0, 0), size = Vector2(0.66, 0.66), fill = "main"},
	{shape = "ring", at = Vector2(0, 0), size = Vector2(0.92, 0.34), tilt = 0.4, z = 0.3, tube = 0.06, fill = "main+", flat = true},
	{shape = "ball", at = Vector2(-0.12, 0.14), size = Vector2(0.16, 0.12), tilt = 0.6, z = 0.32, fill = "white", flat = true},
]
