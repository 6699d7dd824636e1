-- A cheerful blob with a sprout: the hero when the prompt names someone we have no picture of. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { -0.18, -0.42 }, size = { 0.24, 0.16 }, swing = 0.12, z = 0.03, fill = "main-" },
  { shape = "ball", at = { 0.18, -0.42 }, size = { 0.24, 0.16 }, swing = -0.12, z = 0.05, fill = "main-" },
  { shape = "box", at = { 0.02, 0.44 }, size = { 0.05, 0.22 }, wag = 0.15, z = -0.02, fill = "accent" },
  { shape = "ball", at = { 0.12, 0.54 }, size = { 0.24, 0.13 }, tilt = 0.5, wag = 0.2, fill = "accent" },
  { shape = "ball", at = { 0, -0.06 }, size = { 0.86, 0.8 }, z = 0.02, fill = "main" },
  { shape = "ball", at = { 0.06, -0.2 }, size = { 0.56, 0.36 }, z = 0.2, fill = "main+", flat = true },
  { shape = "ball", at = { -0.06, 0.08 }, size = { 0.2, 0.24 }, z = 0.34, fill = "white", flat = true },
  { shape = "ball", at = { 0.24, 0.08 }, size = { 0.2, 0.24 }, z = 0.34, fill = "white", flat = true },
  { shape = "ball", at = { -0.03, 0.07 }, size = { 0.1, 0.15 }, z = 0.39, fill = "ink", flat = true },
  { shape = "ball", at = { 0.27, 0.07 }, size = { 0.1, 0.15 }, z = 0.39, fill = "ink", flat = true },
  { shape = "ball", at = { 0.1, -0.12 }, size = { 0.17, 0.07 }, z = 0.39, fill = "ink", flat = true },
}
