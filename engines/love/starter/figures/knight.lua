-- A knight: a helmet with a slit and a plume, a shield. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "box", at = { -0.15, -0.42 }, size = { 0.2, 0.18 }, swing = 0.13, z = 0.03, fill = "ink" },
  { shape = "box", at = { 0.15, -0.42 }, size = { 0.2, 0.18 }, swing = -0.13, z = 0.05, fill = "ink" },
  { shape = "box", at = { 0.42, 0.02 }, size = { 0.08, 0.62 }, tilt = -0.25, z = 0.05, fill = "white" },
  { shape = "box", at = { 0.36, -0.2 }, size = { 0.24, 0.07 }, tilt = -0.25, z = 0.07, fill = "gold" },
  { shape = "box", at = { 0, -0.2 }, size = { 0.52, 0.46 }, round = 0.35, fill = "main" },
  { shape = "poly", at = { -0.24, -0.16 }, size = { 0.42, 0.46 }, z = 0.26, fill = "accent", points = { { -0.5, 0.5 }, { 0.5, 0.5 }, { 0.5, 0 }, { 0, -0.5 }, { -0.5, 0 } } },
  { shape = "ball", at = { -0.24, -0.12 }, size = { 0.14, 0.14 }, z = 0.33, fill = "gold", flat = true },
  { shape = "ball", at = { -0.2, 0.52 }, size = { 0.42, 0.2 }, tilt = -0.5, wag = 0.2, z = -0.05, fill = "accent" },
  { shape = "ball", at = { 0.03, 0.22 }, size = { 0.56, 0.58 }, z = 0.12, fill = "#c3cbe0" },
  { shape = "box", at = { 0.12, 0.24 }, size = { 0.4, 0.1 }, z = 0.34, round = 0.3, fill = "ink", flat = true },
  { shape = "ball", at = { 0.06, 0.24 }, size = { 0.07, 0.07 }, z = 0.39, fill = "accent+", flat = true },
  { shape = "ball", at = { 0.22, 0.24 }, size = { 0.07, 0.07 }, z = 0.39, fill = "accent+", flat = true },
}
