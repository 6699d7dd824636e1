-- A bunny: two long ears, a round tail. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { -0.34, -0.22 }, size = { 0.22, 0.22 }, z = -0.15, fill = "white" },
  { shape = "ball", at = { -0.14, -0.42 }, size = { 0.26, 0.17 }, swing = 0.15, z = 0.05, fill = "main+" },
  { shape = "ball", at = { 0.18, -0.42 }, size = { 0.26, 0.17 }, swing = -0.15, z = 0.07, fill = "main+" },
  { shape = "ball", at = { 0, -0.2 }, size = { 0.54, 0.5 }, fill = "main" },
  { shape = "ball", at = { 0.06, -0.2 }, size = { 0.32, 0.34 }, z = 0.2, fill = "white" },
  { shape = "ball", at = { -0.1, 0.5 }, size = { 0.19, 0.5 }, tilt = 0.18, wag = 0.1, z = 0.02, fill = "main" },
  { shape = "ball", at = { 0.18, 0.5 }, size = { 0.19, 0.5 }, tilt = -0.12, wag = 0.1, z = 0.02, fill = "main" },
  { shape = "ball", at = { -0.1, 0.5 }, size = { 0.09, 0.36 }, tilt = 0.18, wag = 0.1, z = 0.08, fill = "pink", flat = true },
  { shape = "ball", at = { 0.18, 0.5 }, size = { 0.09, 0.36 }, tilt = -0.12, wag = 0.1, z = 0.08, fill = "pink", flat = true },
  { shape = "ball", at = { 0.04, 0.14 }, size = { 0.66, 0.54 }, z = 0.12, fill = "main" },
  { shape = "ball", at = { 0.14, 0.04 }, size = { 0.34, 0.22 }, z = 0.28, fill = "white" },
  { shape = "ball", at = { -0.05, 0.2 }, size = { 0.11, 0.16 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { 0.26, 0.2 }, size = { 0.11, 0.16 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { -0.03, 0.24 }, size = { 0.04, 0.05 }, z = 0.4, fill = "white", flat = true },
  { shape = "ball", at = { 0.28, 0.24 }, size = { 0.04, 0.05 }, z = 0.4, fill = "white", flat = true },
  { shape = "ball", at = { 0.14, 0.09 }, size = { 0.1, 0.07 }, z = 0.41, fill = "pink", flat = true },
}
