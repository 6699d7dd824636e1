-- A drone: one red eye, two rotors. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { -0.42, 0.26 }, size = { 0.46, 0.08 }, wag = 0.2, z = -0.02, fill = "steel" },
  { shape = "ball", at = { 0.42, 0.26 }, size = { 0.46, 0.08 }, wag = -0.2, z = -0.02, fill = "steel" },
  { shape = "box", at = { -0.4, 0.14 }, size = { 0.08, 0.24 }, fill = "main-" },
  { shape = "box", at = { 0.4, 0.14 }, size = { 0.08, 0.24 }, fill = "main-" },
  { shape = "box", at = { 0, 0.04 }, size = { 0.86, 0.14 }, z = 0.02, fill = "main-" },
  { shape = "ball", at = { 0, -0.04 }, size = { 0.62, 0.56 }, z = 0.04, fill = "main" },
  { shape = "ball", at = { 0, -0.06 }, size = { 0.34, 0.34 }, z = 0.24, fill = "ink", flat = true },
  { shape = "ball", at = { 0, -0.06 }, size = { 0.19, 0.19 }, z = 0.32, fill = "#ff3b5c", flat = true },
  { shape = "ball", at = { 0.04, -0.02 }, size = { 0.06, 0.06 }, z = 0.4, fill = "white", flat = true },
}
