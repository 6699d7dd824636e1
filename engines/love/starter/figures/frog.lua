-- A frog: a wide mouth and eyes on top of the head. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { -0.32, -0.38 }, size = { 0.32, 0.2 }, swing = 0.1, z = 0.02, fill = "main-" },
  { shape = "ball", at = { 0.32, -0.38 }, size = { 0.32, 0.2 }, swing = -0.1, z = 0.04, fill = "main-" },
  { shape = "ball", at = { 0, -0.12 }, size = { 0.84, 0.62 }, fill = "main" },
  { shape = "ball", at = { 0.04, -0.22 }, size = { 0.54, 0.38 }, z = 0.2, fill = "cream" },
  { shape = "ball", at = { -0.2, 0.26 }, size = { 0.3, 0.3 }, z = 0.1, fill = "main" },
  { shape = "ball", at = { 0.26, 0.26 }, size = { 0.3, 0.3 }, z = 0.1, fill = "main" },
  { shape = "ball", at = { -0.18, 0.27 }, size = { 0.2, 0.2 }, z = 0.22, fill = "white", flat = true },
  { shape = "ball", at = { 0.28, 0.27 }, size = { 0.2, 0.2 }, z = 0.22, fill = "white", flat = true },
  { shape = "ball", at = { -0.14, 0.27 }, size = { 0.1, 0.13 }, z = 0.3, fill = "ink", flat = true },
  { shape = "ball", at = { 0.32, 0.27 }, size = { 0.1, 0.13 }, z = 0.3, fill = "ink", flat = true },
  { shape = "ball", at = { 0.06, 0.02 }, size = { 0.5, 0.05 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { -0.26, 0 }, size = { 0.12, 0.08 }, z = 0.34, fill = "pink", flat = true },
  { shape = "ball", at = { 0.36, 0 }, size = { 0.12, 0.08 }, z = 0.34, fill = "pink", flat = true },
}
