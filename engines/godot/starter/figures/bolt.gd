extends Reference

# A bolt of energy. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "poly", at = Vector2(0, 0), size = Vector2(0.72, 0.96), fill = "main", points = [Vector2(0.12, 0.5), Vector2(-0.45, -0.08), Vector2(-0.06, -0.08), Vector2(-0.16, -0.5), Vector2(0.45, 0.1), Vector2(0.04, 0.1), Vector2(0.38, 0.5)]},
]
