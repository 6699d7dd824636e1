-- A flower with five petals. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "ball", at = { 0, 0.27 }, size = { 0.4, 0.34 }, tilt = 1.571, fill = "main" },
  { shape = "ball", at = { -0.257, 0.083 }, size = { 0.4, 0.34 }, tilt = 2.827, fill = "main" },
  { shape = "ball", at = { -0.159, -0.218 }, size = { 0.4, 0.34 }, tilt = 4.084, fill = "main" },
  { shape = "ball", at = { 0.159, -0.218 }, size = { 0.4, 0.34 }, tilt = 5.341, fill = "main" },
  { shape = "ball", at = { 0.257, 0.083 }, size = { 0.4, 0.34 }, tilt = 6.597, fill = "main" },
  { shape = "ball", at = { 0, 0 }, size = { 0.32, 0.32 }, z = 0.08, fill = "gold" },
}
