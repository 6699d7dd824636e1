-- A plump bird: a beak, a crest and wings that beat. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "poly", at = { -0.5, -0.06 }, size = { 0.36, 0.34 }, wag = 0.15, z = -0.15, fill = "main-", points = { { 0.5, 0.2 }, { -0.5, 0.5 }, { -0.35, 0 }, { -0.5, -0.4 }, { 0.5, -0.3 } } },
  { shape = "ball", at = { -0.08, -0.46 }, size = { 0.2, 0.1 }, swing = 0.12, z = 0.05, fill = "gold" },
  { shape = "ball", at = { 0.14, -0.46 }, size = { 0.2, 0.1 }, swing = -0.12, z = 0.07, fill = "gold" },
  { shape = "cone", at = { -0.06, 0.48 }, size = { 0.12, 0.3 }, tilt = 0.5, wag = 0.15, z = -0.02, fill = "accent" },
  { shape = "cone", at = { 0.06, 0.52 }, size = { 0.12, 0.3 }, tilt = 0.1, wag = 0.15, z = -0.01, fill = "accent" },
  { shape = "ball", at = { 0, 0 }, size = { 0.84, 0.84 }, fill = "main" },
  { shape = "ball", at = { 0.14, -0.12 }, size = { 0.5, 0.52 }, z = 0.2, fill = "cream" },
  { shape = "cone", at = { 0.46, 0.1 }, size = { 0.2, 0.26 }, tilt = -1.57, z = 0.3, fill = "gold" },
  { shape = "ball", at = { 0.2, 0.2 }, size = { 0.24, 0.26 }, z = 0.34, fill = "white", flat = true },
  { shape = "ball", at = { 0.24, 0.2 }, size = { 0.11, 0.15 }, z = 0.39, fill = "ink", flat = true },
  { shape = "ball", at = { 0.26, 0.24 }, size = { 0.04, 0.05 }, z = 0.43, fill = "white", flat = true },
  { shape = "ball", at = { -0.2, -0.04 }, size = { 0.46, 0.3 }, tilt = -0.3, wag = 0.6, z = 0.36, fill = "main-" },
}
