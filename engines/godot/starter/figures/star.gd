extends Reference

# A five-pointed star. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "poly", at = Vector2(0, 0), size = Vector2(0.9, 0.9), fill = "main", points = [Vector2(0, 0.52), Vector2(0.15, 0.2), Vector2(0.5, 0.16), Vector2(0.24, -0.08), Vector2(0.31, -0.43), Vector2(0, -0.25), Vector2(-0.31, -0.43), Vector2(-0.24, -0.08), Vector2(-0.5, 0.16), Vector2(-0.15, 0.2)]},
	{shape = "poly", at = Vector2(0, 0.01), size = Vector2(0.5, 0.5), z = 0.05, fill = "main+", flat = true, points = [Vector2(0, 0.52), Vector2(0.15, 0.2), Vector2(0.5, 0.16), Vector2(0.24, -0.08), Vector2(0.31, -0.43), Vector2(0, -0.25), Vector2(-0.31, -0.43), Vector2(-0.24, -0.08), Vector2(-0.5, 0.16), Vector2(-0.15, 0.2)]},
]
