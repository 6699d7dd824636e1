-- A slime that scowls. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { 0, -0.34 }, size = { 0.98, 0.28 }, fill = "main-" },
  { shape = "ball", at = { 0, -0.1 }, size = { 0.82, 0.68 }, wag = 0.06, z = 0.03, fill = "main" },
  { shape = "ball", at = { -0.2, 0.1 }, size = { 0.16, 0.1 }, tilt = 0.6, z = 0.28, fill = "main+", flat = true },
  { shape = "ball", at = { -0.16, -0.06 }, size = { 0.18, 0.22 }, z = 0.33, fill = "white", flat = true },
  { shape = "ball", at = { 0.16, -0.06 }, size = { 0.18, 0.22 }, z = 0.33, fill = "white", flat = true },
  { shape = "ball", at = { -0.13, -0.08 }, size = { 0.09, 0.12 }, z = 0.38, fill = "ink", flat = true },
  { shape = "ball", at = { 0.13, -0.08 }, size = { 0.09, 0.12 }, z = 0.38, fill = "ink", flat = true },
  { shape = "box", at = { -0.17, 0.07 }, size = { 0.22, 0.05 }, tilt = -0.4, z = 0.39, fill = "ink", flat = true },
  { shape = "box", at = { 0.17, 0.07 }, size = { 0.22, 0.05 }, tilt = 0.4, z = 0.39, fill = "ink", flat = true },
}
