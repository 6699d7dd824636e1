-- A round fruit with a stalk and a leaf. Parts: x right, y up, about one unit tall, facing right.
return {
  { shape = "box", at = { 0.03, 0.38 }, size = { 0.06, 0.24 }, tilt = -0.2, z = -0.02, fill = "#6b4423" },
  { shape = "ball", at = { 0.2, 0.42 }, size = { 0.3, 0.14 }, tilt = 0.3, fill = "#5ecb4a" },
  { shape = "ball", at = { 0, -0.06 }, size = { 0.74, 0.72 }, z = 0.02, fill = "main" },
  { shape = "ball", at = { -0.16, 0.1 }, size = { 0.16, 0.11 }, tilt = 0.6, z = 0.34, fill = "main+", flat = true },
}
