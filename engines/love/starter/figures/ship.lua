-- A small spaceship seen from the side: a long hull, a glass dome, fins and a flame. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { -0.58, -0.02 }, size = { 0.36, 0.2 }, swing = 0.05, z = -0.05, fill = "gold" },
  { shape = "ball", at = { -0.52, -0.02 }, size = { 0.2, 0.12 }, swing = 0.04, z = 0.06, fill = "cream", flat = true },
  { shape = "poly", at = { -0.28, 0.22 }, size = { 0.4, 0.4 }, z = -0.1, fill = "accent", points = { { -0.5, 0.5 }, { 0.5, -0.5 }, { -0.3, -0.5 } } },
  { shape = "poly", at = { -0.26, -0.24 }, size = { 0.44, 0.36 }, z = 0.16, fill = "accent", points = { { -0.5, -0.5 }, { 0.5, 0.5 }, { -0.3, 0.5 } } },
  { shape = "ball", at = { 0, 0 }, size = { 1, 0.42 }, fill = "main" },
  { shape = "ball", at = { 0.06, -0.08 }, size = { 0.8, 0.16 }, z = 0.08, fill = "main+", flat = true },
  { shape = "ball", at = { 0.12, 0.14 }, size = { 0.4, 0.32 }, z = 0.12, fill = "#9fe8ff" },
  { shape = "ball", at = { 0.17, 0.2 }, size = { 0.14, 0.08 }, z = 0.26, fill = "white", flat = true },
  { shape = "ball", at = { -0.22, 0.02 }, size = { 0.11, 0.11 }, z = 0.22, fill = "gold", flat = true },
}
