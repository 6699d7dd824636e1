-- A fish: fins, a tail that beats and a big eye. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "poly", at = { -0.52, 0 }, size = { 0.34, 0.56 }, wag = 0.4, z = -0.05, fill = "accent", points = { { 0.5, 0 }, { -0.5, 0.5 }, { -0.2, 0 }, { -0.5, -0.5 } } },
  { shape = "poly", at = { -0.06, 0.36 }, size = { 0.44, 0.26 }, z = -0.04, fill = "accent", points = { { 0.5, -0.5 }, { -0.1, 0.5 }, { -0.5, 0.3 }, { -0.5, -0.5 } } },
  { shape = "ball", at = { 0, 0 }, size = { 0.94, 0.68 }, fill = "main" },
  { shape = "ball", at = { 0.12, -0.12 }, size = { 0.6, 0.38 }, z = 0.12, fill = "cream" },
  { shape = "ball", at = { -0.1, 0.08 }, size = { 0.1, 0.5 }, z = 0.18, fill = "main+", flat = true },
  { shape = "ball", at = { -0.04, -0.1 }, size = { 0.28, 0.16 }, tilt = 0.5, wag = 0.5, z = 0.28, fill = "accent" },
  { shape = "ball", at = { 0.26, 0.1 }, size = { 0.24, 0.26 }, z = 0.26, fill = "white", flat = true },
  { shape = "ball", at = { 0.3, 0.1 }, size = { 0.12, 0.16 }, z = 0.31, fill = "ink", flat = true },
  { shape = "ball", at = { 0.32, 0.14 }, size = { 0.04, 0.05 }, z = 0.35, fill = "white", flat = true },
  { shape = "ball", at = { 0.42, -0.1 }, size = { 0.12, 0.05 }, z = 0.24, fill = "ink", flat = true },
}
