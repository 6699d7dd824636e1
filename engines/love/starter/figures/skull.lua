-- A skull with burning eyes. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "box", at = { 0, -0.26 }, size = { 0.42, 0.28 }, swing = 0.01, round = 0.3, fill = "main" },
  { shape = "ball", at = { 0, 0.1 }, size = { 0.82, 0.7 }, z = 0.03, fill = "main" },
  { shape = "ball", at = { 0.18, 0.06 }, size = { 0.24, 0.26 }, z = 0.3, fill = "ink", flat = true, mirror = true },
  { shape = "ball", at = { 0.17, 0.05 }, size = { 0.1, 0.11 }, z = 0.37, fill = "#ff5a36", flat = true, mirror = true },
  { shape = "cone", at = { 0, -0.1 }, size = { 0.1, 0.12 }, z = 0.34, fill = "ink", flat = true },
  { shape = "box", at = { 0.07, -0.3 }, size = { 0.04, 0.18 }, z = 0.2, fill = "ink", flat = true, mirror = true },
}
