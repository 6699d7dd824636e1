-- A ball of spikes. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "cone", at = { 0.36, 0 }, size = { 0.2, 0.26 }, tilt = -1.571, fill = "main-" },
  { shape = "cone", at = { 0.276, 0.231 }, size = { 0.2, 0.26 }, tilt = -0.873, fill = "main-" },
  { shape = "cone", at = { 0.063, 0.355 }, size = { 0.2, 0.26 }, tilt = -0.175, fill = "main-" },
  { shape = "cone", at = { -0.18, 0.312 }, size = { 0.2, 0.26 }, tilt = 0.524, fill = "main-" },
  { shape = "cone", at = { -0.338, 0.123 }, size = { 0.2, 0.26 }, tilt = 1.222, fill = "main-" },
  { shape = "cone", at = { -0.338, -0.123 }, size = { 0.2, 0.26 }, tilt = 1.92, fill = "main-" },
  { shape = "cone", at = { -0.18, -0.312 }, size = { 0.2, 0.26 }, tilt = 2.618, fill = "main-" },
  { shape = "cone", at = { 0.063, -0.355 }, size = { 0.2, 0.26 }, tilt = 3.316, fill = "main-" },
  { shape = "cone", at = { 0.276, -0.231 }, size = { 0.2, 0.26 }, tilt = 4.014, fill = "main-" },
  { shape = "ball", at = { 0, 0 }, size = { 0.64, 0.64 }, z = 0.04, fill = "main" },
  { shape = "ball", at = { 0.13, 0.05 }, size = { 0.19, 0.2 }, z = 0.3, fill = "white", flat = true, mirror = true },
  { shape = "ball", at = { 0.1, 0.03 }, size = { 0.09, 0.11 }, z = 0.36, fill = "ink", flat = true, mirror = true },
  { shape = "box", at = { 0.14, 0.18 }, size = { 0.22, 0.05 }, tilt = 0.4, z = 0.37, fill = "ink", flat = true, mirror = true },
}
