extends Reference

# A cut gem with bright facets. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "poly", at = Vector2(0, 0), size = Vector2(0.8, 0.82), fill = "main", points = [Vector2(-0.3, 0.45), Vector2(0.3, 0.45), Vector2(0.5, 0.14), Vector2(0, -0.5), Vector2(-0.5, 0.14)]},
	{shape = "poly", at = Vector2(0, 0.24), size = Vector2(0.5, 0.2), z = 0.04, fill = "main+", flat = true, points = [Vector2(-0.3, 0.5), Vector2(0.3, 0.5), Vector2(0.5, -0.5), Vector2(-0.5, -0.5)]},
	{shape = "poly", at = Vector2(0.16, -0.08), size = Vector2(0.3, 0.5), z = 0.03, fill = "main-", flat = true, points = [Vector2(-0.5, 0.5), Vector2(0.5, 0.5), Vector2(-0.5, -0.5)]},
]
