-- An alien: one big eye, two feelers, small fangs. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "box", at = { 0.17, 0.42 }, size = { 0.05, 0.3 }, tilt = -0.3, wag = 0.2, z = -0.03, fill = "main-", mirror = true },
  { shape = "ball", at = { 0.22, 0.57 }, size = { 0.15, 0.15 }, wag = 0.2, z = -0.02, fill = "accent", mirror = true },
  { shape = "cone", at = { 0.24, -0.4 }, size = { 0.18, 0.26 }, tilt = 3.14, swing = 0.06, fill = "main-", mirror = true },
  { shape = "cone", at = { 0, -0.42 }, size = { 0.18, 0.26 }, tilt = 3.14, swing = -0.06, fill = "main-" },
  { shape = "ball", at = { 0, -0.02 }, size = { 0.86, 0.76 }, z = 0.02, fill = "main" },
  { shape = "ball", at = { 0, 0.08 }, size = { 0.46, 0.44 }, z = 0.28, fill = "white", flat = true },
  { shape = "ball", at = { -0.04, 0.07 }, size = { 0.22, 0.24 }, z = 0.34, fill = "#ff3b5c", flat = true },
  { shape = "ball", at = { -0.05, 0.07 }, size = { 0.1, 0.14 }, z = 0.39, fill = "ink", flat = true },
  { shape = "box", at = { 0, 0.29 }, size = { 0.5, 0.07 }, z = 0.38, round = 0.5, fill = "main-", flat = true },
  { shape = "ball", at = { 0, -0.23 }, size = { 0.34, 0.1 }, z = 0.29, fill = "ink", flat = true },
  { shape = "cone", at = { 0.08, -0.23 }, size = { 0.07, 0.09 }, tilt = 3.14, z = 0.33, fill = "white", flat = true, mirror = true },
}
