extends Reference

# A bat: wings that beat, two fangs. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "poly", at = Vector2(0.42, 0.08), size = Vector2(0.56, 0.5), wag = 0.5, z = -0.05, fill = "main-", mirror = true, points = [Vector2(-0.5, -0.1), Vector2(-0.3, 0.35), Vector2(0.5, 0.5), Vector2(0.35, -0.3), Vector2(0.1, -0.1), Vector2(-0.1, -0.4)]},
	{shape = "cone", at = Vector2(0.15, 0.34), size = Vector2(0.18, 0.26), tilt = -0.2, z = -0.01, fill = "main", mirror = true},
	{shape = "ball", at = Vector2(0, 0), size = Vector2(0.56, 0.56), z = 0.03, fill = "main"},
	{shape = "ball", at = Vector2(0.12, 0.07), size = Vector2(0.15, 0.17), z = 0.28, fill = "#ffe14d", flat = true, mirror = true},
	{shape = "ball", at = Vector2(0.1, 0.06), size = Vector2(0.06, 0.12), z = 0.33, fill = "ink", flat = true, mirror = true},
	{shape = "cone", at = Vector2(0.07, -0.14), size = Vector2(0.08, 0.12), tilt = 3.14, z = 0.28, fill = "white", flat = true, mirror = true},
]
