-- A ghost: a round head over a wavy hem, and a friendly face. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { -0.26, -0.38 }, size = { 0.28, 0.26 }, swing = 0.06, fill = "main" },
  { shape = "ball", at = { 0, -0.4 }, size = { 0.28, 0.26 }, swing = -0.06, z = 0.01, fill = "main" },
  { shape = "ball", at = { 0.26, -0.38 }, size = { 0.28, 0.26 }, swing = 0.06, fill = "main" },
  { shape = "ball", at = { -0.42, -0.04 }, size = { 0.24, 0.18 }, tilt = 0.5, wag = 0.4, z = 0.05, fill = "main" },
  { shape = "ball", at = { 0.42, -0.04 }, size = { 0.24, 0.18 }, tilt = -0.5, wag = -0.4, z = 0.05, fill = "main" },
  { shape = "ball", at = { 0, 0.05 }, size = { 0.8, 0.9 }, z = 0.05, fill = "main" },
  { shape = "ball", at = { -0.07, 0.16 }, size = { 0.15, 0.21 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { 0.21, 0.16 }, size = { 0.15, 0.21 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { -0.04, 0.21 }, size = { 0.06, 0.07 }, z = 0.41, fill = "white", flat = true },
  { shape = "ball", at = { 0.24, 0.21 }, size = { 0.06, 0.07 }, z = 0.41, fill = "white", flat = true },
  { shape = "ball", at = { 0.08, -0.03 }, size = { 0.13, 0.1 }, z = 0.36, fill = "ink", flat = true },
  { shape = "ball", at = { -0.18, 0.02 }, size = { 0.13, 0.07 }, z = 0.33, fill = "accent", flat = true },
  { shape = "ball", at = { 0.33, 0.02 }, size = { 0.13, 0.07 }, z = 0.31, fill = "accent", flat = true },
}
