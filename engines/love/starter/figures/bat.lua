-- A bat: wings that beat, two fangs. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "poly", at = { 0.42, 0.08 }, size = { 0.56, 0.5 }, wag = 0.5, z = -0.05, fill = "main-", mirror = true, points = { { -0.5, -0.1 }, { -0.3, 0.35 }, { 0.5, 0.5 }, { 0.35, -0.3 }, { 0.1, -0.1 }, { -0.1, -0.4 } } },
  { shape = "cone", at = { 0.15, 0.34 }, size = { 0.18, 0.26 }, tilt = -0.2, z = -0.01, fill = "main", mirror = true },
  { shape = "ball", at = { 0, 0 }, size = { 0.56, 0.56 }, z = 0.03, fill = "main" },
  { shape = "ball", at = { 0.12, 0.07 }, size = { 0.15, 0.17 }, z = 0.28, fill = "#ffe14d", flat = true, mirror = true },
  { shape = "ball", at = { 0.1, 0.06 }, size = { 0.06, 0.12 }, z = 0.33, fill = "ink", flat = true, mirror = true },
  { shape = "cone", at = { 0.07, -0.14 }, size = { 0.08, 0.12 }, tilt = 3.14, z = 0.28, fill = "white", flat = true, mirror = true },
}
