-- A young dragon: wings that beat, horns, a spiked tail. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "cone", at = { -0.5, -0.2 }, size = { 0.22, 0.5 }, tilt = 1.15, wag = 0.2, z = -0.15, fill = "main-" },
  { shape = "poly", at = { -0.34, 0.2 }, size = { 0.6, 0.6 }, wag = 0.45, z = -0.2, fill = "accent", points = { { 0.5, -0.5 }, { -0.5, 0.5 }, { -0.45, 0 }, { -0.2, -0.1 }, { -0.1, -0.4 } } },
  { shape = "ball", at = { -0.14, -0.42 }, size = { 0.2, 0.18 }, swing = 0.13, z = 0.05, fill = "main-" },
  { shape = "ball", at = { 0.16, -0.42 }, size = { 0.2, 0.18 }, swing = -0.13, z = 0.07, fill = "main-" },
  { shape = "ball", at = { 0, -0.18 }, size = { 0.58, 0.54 }, fill = "main" },
  { shape = "ball", at = { 0.08, -0.2 }, size = { 0.34, 0.38 }, z = 0.2, fill = "cream" },
  { shape = "cone", at = { -0.1, 0.5 }, size = { 0.12, 0.28 }, tilt = 0.4, z = 0.05, fill = "cream" },
  { shape = "cone", at = { 0.2, 0.52 }, size = { 0.12, 0.28 }, tilt = -0.1, z = 0.05, fill = "cream" },
  { shape = "ball", at = { 0.05, 0.22 }, size = { 0.58, 0.48 }, z = 0.12, fill = "main" },
  { shape = "ball", at = { 0.3, 0.12 }, size = { 0.36, 0.27 }, z = 0.2, fill = "main+" },
  { shape = "ball", at = { 0.4, 0.17 }, size = { 0.05, 0.05 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { 0.27, 0.17 }, size = { 0.05, 0.05 }, z = 0.37, fill = "ink", flat = true },
  { shape = "ball", at = { 0.06, 0.3 }, size = { 0.16, 0.19 }, z = 0.33, fill = "white", flat = true },
  { shape = "ball", at = { 0.09, 0.3 }, size = { 0.08, 0.13 }, z = 0.38, fill = "ink", flat = true },
}
