-- A crab: claws up, eyes on stalks. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { 0.3, -0.36 }, size = { 0.12, 0.22 }, tilt = 0.4, swing = 0.08, z = -0.02, fill = "main-", mirror = true },
  { shape = "ball", at = { 0.15, -0.38 }, size = { 0.12, 0.2 }, swing = -0.08, fill = "main-", mirror = true },
  { shape = "ball", at = { 0.5, 0.12 }, size = { 0.3, 0.28 }, wag = 0.3, z = 0.02, fill = "main", mirror = true },
  { shape = "cone", at = { 0.54, 0.24 }, size = { 0.1, 0.16 }, tilt = 3.14, z = 0.06, fill = "ink", flat = true, mirror = true },
  { shape = "box", at = { 0.16, 0.22 }, size = { 0.06, 0.22 }, z = 0.02, fill = "main-", mirror = true },
  { shape = "ball", at = { 0, -0.1 }, size = { 0.82, 0.52 }, z = 0.04, fill = "main" },
  { shape = "ball", at = { 0.16, 0.34 }, size = { 0.2, 0.2 }, z = 0.08, fill = "white", mirror = true },
  { shape = "ball", at = { 0.13, 0.33 }, size = { 0.1, 0.11 }, z = 0.2, fill = "ink", flat = true, mirror = true },
  { shape = "box", at = { 0, -0.16 }, size = { 0.28, 0.05 }, z = 0.32, fill = "ink", flat = true },
}
