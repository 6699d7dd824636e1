-- A robot: a square head with a lit visor, an antenna, round feet. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "box", at = { -0.17, -0.42 }, size = { 0.24, 0.16 }, swing = 0.13, z = 0.03, fill = "steel" },
  { shape = "box", at = { 0.17, -0.42 }, size = { 0.24, 0.16 }, swing = -0.13, z = 0.05, fill = "steel" },
  { shape = "ball", at = { -0.38, -0.14 }, size = { 0.18, 0.3 }, wag = 0.5, z = -0.05, fill = "steel" },
  { shape = "box", at = { 0, -0.18 }, size = { 0.56, 0.42 }, fill = "main-" },
  { shape = "ball", at = { 0.06, -0.18 }, size = { 0.18, 0.18 }, z = 0.24, fill = "accent" },
  { shape = "ball", at = { 0.38, -0.14 }, size = { 0.18, 0.3 }, wag = -0.5, z = 0.1, fill = "steel" },
  { shape = "box", at = { 0, 0.48 }, size = { 0.05, 0.22 }, fill = "steel" },
  { shape = "ball", at = { 0, 0.6 }, size = { 0.15, 0.15 }, z = 0.02, fill = "accent" },
  { shape = "box", at = { 0.02, 0.2 }, size = { 0.72, 0.48 }, z = 0.1, round = 0.3, fill = "main" },
  { shape = "box", at = { 0.08, 0.21 }, size = { 0.5, 0.26 }, z = 0.34, round = 0.45, fill = "ink", flat = true },
  { shape = "ball", at = { -0.03, 0.21 }, size = { 0.12, 0.14 }, z = 0.39, fill = "accent+", flat = true },
  { shape = "ball", at = { 0.2, 0.21 }, size = { 0.12, 0.14 }, z = 0.39, fill = "accent+", flat = true },
}
