extends Reference

# A heart. Parts: x right, y up, about one unit tall, facing right.
const PARTS = [
	{shape = "poly", at = Vector2(0, 0), size = Vector2(0.84, 0.8), fill = "main", points = [Vector2(0, 0.242), Vector2(0.005, 0.274), Vector2(0.04, 0.351), Vector2(0.118, 0.43), Vector2(0.232, 0.465), Vector2(0.355, 0.433), Vector2(0.449, 0.339), Vector2(0.485, 0.21), Vector2(0.449, 0.072), Vector2(0.355, -0.056), Vector2(0.232, -0.174), Vector2(0.118, -0.282), Vector2(0.04, -0.376), Vector2(0.005, -0.443), Vector2(0, -0.468), Vector2(-0.005, -0.443), Vector2(-0.04, -0.376), Vector2(-0.118, -0.282), Vector2(-0.232, -0.174), Vector2(-0.355, -0.056), Vector2(-0.449, 0.072), Vector2(-0.485, 0.21), Vector2(-0.449, 0.339), Vector2(-0.355, 0.433), Vector2(-0.232, 0.465), Vector2(-0.118, 0.43), Vector2(-0.04, 0.351), Vector2(-0.005, 0.274)]},
	{shape = "ball", at = Vector2(-0.17, 0.16), size = Vector2(0.14, 0.1), tilt = 0.6, z = 0.06, fill = "main+", flat = true},
]
